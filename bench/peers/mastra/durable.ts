/** Mastra: workflows with their snapshots, in memory and in LibSQL. */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { Mastra } from "@mastra/core/mastra";
import { InMemoryStore } from "@mastra/core/storage";
import { createStep, createWorkflow } from "@mastra/core/workflows";
import { LibSQLStore } from "@mastra/libsql";
import { z } from "zod";
import type { Ready, Setting, Subject } from "../../subject.ts";
import { adders, type Document, lengthAfter, million, passers, pieceOf, stampers } from "../../work.ts";
import { optionsOf, outcomeOf, pipelineOf } from "./steps.ts";

type Storage = LibSQLStore | InMemoryStore;

function libsql(file: string): LibSQLStore {
  return new LibSQLStore({ id: "bench", url: `file:${file}` });
}

async function pipelineOn(storage: Storage, { size }: Setting): Promise<Ready> {
  const linear = pipelineOf("linear", adders(size), true);
  await storage.init();
  const mastra = new Mastra({ workflows: { linear }, storage, logger: false });
  const workflow = mastra.getWorkflow("linear");
  return {
    run: async () => {
      const run = await workflow.createRun();
      return outcomeOf(await run.start({ inputData: { value: 0 } }));
    },
  };
}

/** A pipeline, kept in memory. */
export const durableMemory: Subject = (setting) => pipelineOn(new InMemoryStore(), setting);

/** The same in a file. */
export const durableSqlite: Subject = (setting) =>
  pipelineOn(libsql(join(setting.folder, "mastra.db")), setting);

/** A large text handed on. */
export const payloadMemory: Subject = async ({ size }) => {
  const schema = z.object({ value: z.string() });
  const payload = createWorkflow({
    id: "payload",
    inputSchema: schema,
    outputSchema: schema,
    options: optionsOf(true),
  });
  for (const [index, pass] of passers(size).entries()) {
    payload.then(
      createStep({
        id: `state${index}`,
        inputSchema: schema,
        outputSchema: schema,
        execute: async ({ inputData }) => ({ value: await pass(inputData.value) }),
      }),
    );
  }
  const mastra = new Mastra({
    workflows: { payload: payload.commit() },
    storage: new InMemoryStore(),
    logger: false,
  });
  const workflow = mastra.getWorkflow("payload");
  const value = million();
  return {
    run: async () => {
      const run = await workflow.createRun();
      return String(outcomeOf(await run.start({ inputData: { value } }))).length;
    },
  };
};

/** The same in an object with a number. */
export const payloadObjectMemory: Subject = async ({ size }) => {
  const schema = z.object({ big: z.string(), i: z.number() });
  const payload = createWorkflow({
    id: "payload",
    inputSchema: schema,
    outputSchema: schema,
    options: optionsOf(true),
  });
  for (const [index, stamp] of stampers(size).entries()) {
    payload.then(
      createStep({
        id: `state${index}`,
        inputSchema: schema,
        outputSchema: schema,
        execute: ({ inputData }) => stamp(inputData),
      }),
    );
  }
  const mastra = new Mastra({
    workflows: { payload: payload.commit() },
    storage: new InMemoryStore(),
    logger: false,
  });
  const workflow = mastra.getWorkflow("payload");
  const big = million();
  return {
    run: async () => {
      const run = await workflow.createRun();
      const ended = await run.start({ inputData: { big, i: 0 } });
      return ended.status === "success" ? lengthAfter(ended.result as Document, size) : ended.status;
    },
  };
};

const log = z.object({ value: z.number(), pieces: z.array(z.string()) });

async function growthOn(storage: Storage, { size, tick }: Setting): Promise<Ready> {
  // One step that repeats is the cheapest loop here: a nested workflow would write a snapshot of its own.
  const append = createStep({
    id: "append",
    inputSchema: log,
    outputSchema: log,
    execute: async ({ inputData: { value, pieces } }) => {
      tick();
      return { value: value + 1, pieces: [...pieces, pieceOf(value + 1)] };
    },
  });
  const growth = createWorkflow({
    id: "growth",
    inputSchema: log,
    outputSchema: log,
    options: optionsOf(true),
  })
    .dountil(append, async ({ inputData }) => inputData.value >= size)
    .commit();
  await storage.init();
  const mastra = new Mastra({ workflows: { growth }, storage, logger: false });
  const workflow = mastra.getWorkflow("growth");
  return {
    run: async () => {
      const run = await workflow.createRun();
      const ended = await run.start({ inputData: { value: 0, pieces: [] } });
      if (ended.status !== "success") return ended.status;
      return ended.result.pieces.reduce((sum, piece) => sum + piece.length, 0);
    },
  };
}

/** In memory. */
export const growthMemory: Subject = (setting) => growthOn(new InMemoryStore(), setting);

/** In a file. */
export const growthSqlite: Subject = (setting) =>
  growthOn(libsql(join(setting.folder, "mastra.db")), setting);

/** Resumes from a file with a run that was suspended after `size` steps, until the suspended step starts. */
export const resume: Subject = async ({ size, folder }) => {
  const schema = z.object({ value: z.number() });
  let started = Promise.withResolvers<number>();
  const open = async (file: string) => {
    const options = optionsOf(true);
    const step = createStep({
      id: "step",
      inputSchema: schema,
      outputSchema: schema,
      execute: async ({ inputData: { value } }) => ({ value: value + 1 }),
    });
    const stop = createStep({
      id: "stop",
      inputSchema: schema,
      outputSchema: schema,
      resumeSchema: z.object({ goOn: z.boolean() }),
      execute: async ({ inputData: { value }, resumeData, suspend }) => {
        if (resumeData === undefined) return suspend({});
        started.resolve(value);
        return { value: value + 1 };
      },
    });
    const resumable = createWorkflow({ id: "resumable", inputSchema: schema, outputSchema: schema, options })
      .dountil(step, async ({ inputData }) => inputData.value >= size)
      .then(stop)
      .commit();
    const storage = libsql(file);
    await storage.init();
    const mastra = new Mastra({ workflows: { resumable }, storage, logger: false });
    return { workflow: mastra.getWorkflow("resumable"), storage };
  };
  const prepared = join(folder, "prepared.db");
  const first = await open(prepared);
  const run = await first.workflow.createRun({ runId: "stopped" });
  await run.start({ inputData: { value: 0 } });
  let copies = 0;
  let reopened = first;
  let ended: Promise<unknown> = Promise.resolve();
  return {
    before: async () => {
      const file = join(folder, `mastra${++copies}.db`);
      for (const suffix of ["", "-wal"])
        if (existsSync(prepared + suffix)) copyFileSync(prepared + suffix, file + suffix);
      reopened = await open(file);
      started = Promise.withResolvers();
    },
    run: async () => {
      const resumed = await reopened.workflow.createRun({ runId: "stopped" });
      ended = resumed.resume({ step: "stop", resumeData: { goOn: true } });
      return started.promise;
    },
    after: () => ended,
  };
};

/** The log is handed on whole: it is the same program as the growing log. */
export {
  growthMemory as handedMemory,
  growthMemory as sharedMemory,
  growthSqlite as handedSqlite,
  growthSqlite as sharedSqlite,
};
