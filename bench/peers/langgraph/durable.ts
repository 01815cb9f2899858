/** LangGraph: graphs with a checkpointer, at its default durability. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import {
  Annotation,
  type BaseCheckpointSaver,
  Command,
  END,
  interrupt,
  MemorySaver,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import type { Ready, Setting, Subject } from "../../subject.ts";
import { adders, lengthAfter, million, passers, pieceOf, stampers } from "../../work.ts";

const Counter = Annotation.Root({ value: Annotation<number> });
const Text = Annotation.Root({ text: Annotation<string> });
const Stamped = Annotation.Root({ big: Annotation<string>, i: Annotation<number> });
const Log = Annotation.Root({
  step: Annotation<number>,
  pieces: Annotation<string[]>({ reducer: (left, right) => left.concat(right), default: () => [] }),
});

function pipelineOn(checkpointer: BaseCheckpointSaver, { size }: Setting): Ready {
  const names = Array.from({ length: size }, (_, index) => `state${index}`);
  const graph = new StateGraph(Counter);
  for (const [index, add] of adders(size).entries())
    graph.addNode(names[index]!, async ({ value }) => ({ value: await add(value) }));
  const edge = graph.addEdge.bind(graph) as (from: string, to: string) => unknown;
  [START, ...names].forEach((from, index) => {
    edge(from, names[index] ?? END);
  });
  const compiled = graph.compile({ checkpointer });
  let runs = 0;
  return {
    run: async () =>
      (await compiled.invoke({ value: 0 }, { configurable: { thread_id: `${++runs}` } })).value,
  };
}

function sqlite(file: string): SqliteSaver {
  return SqliteSaver.fromConnString(file);
}

/** A pipeline, checkpointed in memory. */
export const durableMemory: Subject = (setting) => pipelineOn(new MemorySaver(), setting);

/** The same on SQLite. */
export const durableSqlite: Subject = (setting) =>
  pipelineOn(sqlite(join(setting.folder, "langgraph.db")), setting);

/** A large text handed on. */
export const payloadMemory: Subject = ({ size }) => {
  const names = Array.from({ length: size }, (_, index) => `state${index}`);
  const graph = new StateGraph(Text);
  for (const [index, pass] of passers(size).entries())
    graph.addNode(names[index]!, async ({ text }) => ({ text: await pass(text) }));
  const edge = graph.addEdge.bind(graph) as (from: string, to: string) => unknown;
  [START, ...names].forEach((from, index) => {
    edge(from, names[index] ?? END);
  });
  const text = million();
  return {
    run: async () => {
      const compiled = graph.compile({ checkpointer: new MemorySaver() });
      const config = { recursionLimit: size + 10, configurable: { thread_id: "payload" } };
      return (await compiled.invoke({ text }, config)).text.length;
    },
  };
};

/** The same with a number beside it. */
export const payloadObjectMemory: Subject = ({ size }) => {
  const names = Array.from({ length: size }, (_, index) => `state${index}`);
  const graph = new StateGraph(Stamped);
  for (const [index, stamp] of stampers(size).entries()) graph.addNode(names[index]!, stamp);
  const edge = graph.addEdge.bind(graph) as (from: string, to: string) => unknown;
  [START, ...names].forEach((from, index) => {
    edge(from, names[index] ?? END);
  });
  const big = million();
  return {
    run: async () => {
      const compiled = graph.compile({ checkpointer: new MemorySaver() });
      const config = { recursionLimit: size + 10, configurable: { thread_id: "payload" } };
      return lengthAfter(await compiled.invoke({ big, i: 0 }, config), size);
    },
  };
};

function growthOn(checkpointer: BaseCheckpointSaver, { size, tick }: Setting): Ready {
  const append = async ({ step }: { step: number }) => {
    tick();
    return { step: step + 1, pieces: [pieceOf(step + 1)] };
  };
  const graph = new StateGraph(Log)
    .addNode("ping", append)
    .addNode("pong", append)
    .addEdge(START, "ping")
    .addConditionalEdges("ping", ({ step }) => (step < size ? "pong" : END))
    .addConditionalEdges("pong", ({ step }) => (step < size ? "ping" : END))
    .compile({ checkpointer });
  return {
    run: async () => {
      const config = { recursionLimit: size + 10, configurable: { thread_id: "growth" } };
      const { pieces } = await graph.invoke({ step: 0 }, config);
      return pieces.reduce((sum, piece) => sum + piece.length, 0);
    },
  };
}

/** In memory. */
export const growthMemory: Subject = (setting) => growthOn(new MemorySaver(), setting);

/** On SQLite. */
export const growthSqlite: Subject = (setting) =>
  growthOn(sqlite(join(setting.folder, "langgraph.db")), setting);

/** Resumes from a file with a thread that was interrupted after `size` steps, until the interrupted node starts. */
export const resume: Subject = async ({ size, folder }) => {
  let started = Promise.withResolvers<number>();
  const step = async ({ value }: { value: number }) => {
    if (value === size) {
      started.resolve(value);
      interrupt("stop");
    }
    return { value: value + 1 };
  };
  const graph = new StateGraph(Counter)
    .addNode("ping", step)
    .addNode("pong", step)
    .addEdge(START, "ping")
    .addConditionalEdges("ping", ({ value }) => (value <= size ? "pong" : END))
    .addConditionalEdges("pong", ({ value }) => (value <= size ? "ping" : END));
  const config = { recursionLimit: size + 10, configurable: { thread_id: "resume" } };
  const prepared = join(folder, "prepared.db");
  const first = sqlite(prepared);
  await graph.compile({ checkpointer: first }).invoke({ value: 0 }, config);
  first.db.close();
  const file = join(folder, "langgraph.db");
  let saver = first;
  let ended: Promise<unknown> = Promise.resolve();
  return {
    before: () => {
      copyFileSync(prepared, file);
      saver = sqlite(file);
      started = Promise.withResolvers();
    },
    run: () => {
      ended = graph.compile({ checkpointer: saver }).invoke(new Command({ resume: true }), config);
      return started.promise;
    },
    after: async () => {
      await ended;
      saver.db.close();
    },
  };
};

/** A graph of `size` steps that asks by an interrupt, whose value another process reads and gives back. */
export const answer: Subject = ({ size, folder }) => {
  const file = join(folder, "langgraph.db");
  const config = { recursionLimit: size + 10, configurable: { thread_id: "answer" } };
  const told = Promise.withResolvers<number>();
  const graph = new StateGraph(Counter)
    .addNode("step", async ({ value }) => ({ value: value + 1 }))
    .addNode("ask", async ({ value }) => ({ value: interrupt<object, number>({ value }) }))
    .addNode("tell", async ({ value }) => {
      told.resolve(value);
      return { value };
    })
    .addEdge(START, "step")
    .addConditionalEdges("step", ({ value }) => (value < size ? "step" : "ask"))
    .addEdge("ask", "tell")
    .addEdge("tell", END);
  let saver: SqliteSaver | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  return {
    prepare: async () => {
      const first = sqlite(file);
      await graph.compile({ checkpointer: first }).invoke({ value: 0 }, config);
      first.db.close();
    },
    run: async () => {
      saver = sqlite(file);
      const compiled = graph.compile({ checkpointer: saver });
      const { tasks } = await compiled.getState(config);
      const { value } = tasks[0]!.interrupts[0]!.value as { readonly value: number };
      ended = compiled.invoke(new Command({ resume: value }), config);
      return told.promise;
    },
    after: async () => {
      await ended;
      saver?.db.close();
    },
  };
};

/** Its reducer adds to the list, which every checkpoint keeps whole: it is the same program as the growing log. */
export {
  growthMemory as handedMemory,
  growthMemory as sharedMemory,
  growthSqlite as handedSqlite,
  growthSqlite as sharedSqlite,
};
