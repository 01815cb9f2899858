/** LangGraph: a compiled `StateGraph`. */
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import type { Subject } from "../../subject.ts";
import { adders, million, passers } from "../../work.ts";

const Counter = Annotation.Root({ value: Annotation<number> });
const Text = Annotation.Root({ text: Annotation<string> });

function pipeline(size: number) {
  const names = Array.from({ length: size }, (_, index) => `state${index}`);
  const graph = new StateGraph(Counter);
  for (const [index, add] of adders(size).entries())
    graph.addNode(names[index]!, async ({ value }) => ({ value: await add(value) }));
  const edge = graph.addEdge.bind(graph) as (from: string, to: string) => unknown;
  [START, ...names].forEach((from, index) => {
    edge(from, names[index] ?? END);
  });
  return graph.compile();
}

/** A pipeline. */
export const linear: Subject = ({ size }) => {
  const graph = pipeline(size);
  return { run: async () => (await graph.invoke({ value: 0 })).value };
};

/** Read as a stream of updates, one a node. */
export const events: Subject = ({ size }) => {
  const graph = pipeline(size);
  return {
    run: async () => {
      let heard = 0;
      let value = 0;
      for await (const update of await graph.stream({ value: 0 }, { streamMode: "updates" })) {
        heard += 1;
        for (const state of Object.values(update as object)) value = state.value;
      }
      return heard === size ? value : heard;
    },
  };
};

/** Two nodes with conditional edges. */
export const loop: Subject = ({ size }) => {
  const [ping, pong] = adders(2);
  const graph = new StateGraph(Counter)
    .addNode("ping", async ({ value }) => ({ value: await ping!(value) }))
    .addNode("pong", async ({ value }) => ({ value: await pong!(value) }))
    .addEdge(START, "ping")
    .addConditionalEdges("ping", ({ value }) => (value < size ? "pong" : END))
    .addConditionalEdges("pong", ({ value }) => (value < size ? "ping" : END))
    .compile();
  return { run: async () => (await graph.invoke({ value: 0 }, { recursionLimit: size + 10 })).value };
};

/** A large text handed on. */
export const payload: Subject = ({ size }) => {
  const names = Array.from({ length: size }, (_, index) => `state${index}`);
  const graph = new StateGraph(Text);
  for (const [index, pass] of passers(size).entries())
    graph.addNode(names[index]!, async ({ text }) => ({ text: await pass(text) }));
  const edge = graph.addEdge.bind(graph) as (from: string, to: string) => unknown;
  [START, ...names].forEach((from, index) => {
    edge(from, names[index] ?? END);
  });
  const compiled = graph.compile();
  const text = million();
  return { run: async () => (await compiled.invoke({ text }, { recursionLimit: size + 10 })).text.length };
};
