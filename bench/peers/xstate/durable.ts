/** XState: an actor whose snapshot is kept at each transition, which is the user's own work there. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AnyActor,
  type AnyActorLogic,
  assign,
  createActor,
  fromPromise,
  type Snapshot,
  setup,
  toPromise,
} from "xstate";
import type { Ready, Setting, Subject } from "../../subject.ts";
import { adders, type Document, lengthAfter, million, passers, pieceOf, stampers } from "../../work.ts";
import { pipelineOf } from "./machines.ts";

/** Where snapshots go. */
interface Keeper {
  readonly keep: (run: number, snapshot: string) => void;
  readonly close?: () => void;
}

function memoryKeeper(): Keeper {
  const kept = new Map<number, string>();
  return { keep: (run, snapshot) => kept.set(run, snapshot) };
}

function sqliteKeeper(file: string): Keeper & { readonly load: (run: number) => string } {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec("CREATE TABLE IF NOT EXISTS actor (run INTEGER PRIMARY KEY, snapshot TEXT)");
  const upsert = database.prepare("INSERT OR REPLACE INTO actor VALUES (?, ?)");
  const select = database.prepare("SELECT snapshot FROM actor WHERE run = ?");
  return {
    keep: (run, snapshot) => upsert.run(run, snapshot),
    load: (run) => String(select.get(run)?.["snapshot"]),
    close: () => database.close(),
  };
}

let runs = 0;

async function runKept(machine: AnyActorLogic, input: unknown, keeper: Keeper): Promise<unknown> {
  const run = ++runs;
  const actor = createActor(machine, { input } as never);
  actor.subscribe(() => keeper.keep(run, JSON.stringify(actor.getPersistedSnapshot())));
  actor.start();
  return toPromise(actor);
}

function pipelineOn(keeper: Keeper, { size }: Setting): Ready {
  const machine = pipelineOf(adders(size));
  return { run: () => runKept(machine, 0, keeper), close: () => keeper.close?.() };
}

/** A pipeline, kept in memory. */
export const durableMemory: Subject = (setting) => pipelineOn(memoryKeeper(), setting);

/** The same on SQLite. */
export const durableSqlite: Subject = (setting) =>
  pipelineOn(sqliteKeeper(join(setting.folder, "xstate.db")), setting);

/** A large text handed on. */
export const payloadMemory: Subject = ({ size }) => {
  const machine = pipelineOf(passers(size));
  const text = million();
  return { run: async () => String(await runKept(machine, text, memoryKeeper())).length };
};

/** The same in an object with a number. */
export const payloadObjectMemory: Subject = ({ size }) => {
  const machine = pipelineOf(stampers(size));
  const big = million();
  return {
    run: async () => lengthAfter((await runKept(machine, { big, i: 0 }, memoryKeeper())) as Document, size),
  };
};

function growthOn(keeper: Keeper, { size, tick }: Setting): Ready {
  const append = fromPromise(async ({ input }: { input: number }) => {
    tick();
    return pieceOf(input + 1);
  });
  const next = { step: 0, pieces: [] as readonly string[] };
  const machine = setup({
    types: {} as { context: typeof next; output: number },
    actors: { append },
    actions: {
      add: assign(({ context }, { piece }: { piece: string }) => ({
        step: context.step + 1,
        pieces: [...context.pieces, piece],
      })),
    },
    guards: { isLast: ({ context }) => context.step + 1 >= size },
  }).createMachine({
    context: next,
    initial: "ping",
    states: {
      ping: {
        invoke: {
          src: "append",
          input: ({ context }) => context.step,
          onDone: [
            {
              guard: "isLast",
              target: "end",
              actions: { type: "add", params: ({ event }) => ({ piece: event.output }) },
            },
            { target: "pong", actions: { type: "add", params: ({ event }) => ({ piece: event.output }) } },
          ],
        },
      },
      pong: {
        invoke: {
          src: "append",
          input: ({ context }) => context.step,
          onDone: [
            {
              guard: "isLast",
              target: "end",
              actions: { type: "add", params: ({ event }) => ({ piece: event.output }) },
            },
            { target: "ping", actions: { type: "add", params: ({ event }) => ({ piece: event.output }) } },
          ],
        },
      },
      end: { type: "final" },
    },
    output: ({ context }) => context.pieces.reduce((sum, piece) => sum + piece.length, 0),
  });
  return { run: () => runKept(machine, undefined, keeper), close: () => keeper.close?.() };
}

/** In memory. */
export const growthMemory: Subject = (setting) => growthOn(memoryKeeper(), setting);

/** On SQLite. */
export const growthSqlite: Subject = (setting) =>
  growthOn(sqliteKeeper(join(setting.folder, "xstate.db")), setting);

/** A machine whose step after `size` steps never ends, and word of what that one is given when it starts. */
function stoppingAt(size: number): {
  readonly machine: AnyActorLogic;
  readonly begun: { started: PromiseWithResolvers<number> };
} {
  const begun = { started: Promise.withResolvers<number>() };
  const step = fromPromise(async ({ input }: { input: number }) => {
    if (input < size) return input + 1;
    begun.started.resolve(input);
    return new Promise<never>(() => {});
  });
  const machine = setup({
    types: {} as { context: { value: number }; output: number },
    actors: { step },
    actions: { take: assign((_, { value }: { value: number }) => ({ value })) },
  }).createMachine({
    context: { value: 0 },
    initial: "ping",
    states: {
      ping: {
        invoke: {
          src: "step",
          input: ({ context }) => context.value,
          onDone: [
            {
              guard: ({ event }) => event.output > size,
              target: "end",
              actions: { type: "take", params: ({ event }) => ({ value: event.output }) },
            },
            { target: "pong", actions: { type: "take", params: ({ event }) => ({ value: event.output }) } },
          ],
        },
      },
      pong: {
        invoke: {
          src: "step",
          input: ({ context }) => context.value,
          onDone: [
            {
              guard: ({ event }) => event.output > size,
              target: "end",
              actions: { type: "take", params: ({ event }) => ({ value: event.output }) },
            },
            { target: "ping", actions: { type: "take", params: ({ event }) => ({ value: event.output }) } },
          ],
        },
      },
      end: { type: "final" },
    },
    output: ({ context }) => context.value,
  });
  return { machine, begun };
}

/** Takes an actor up from its snapshot, until its open state starts. */
async function takeUp(
  { machine, begun }: ReturnType<typeof stoppingAt>,
  keeper: Keeper,
  kept: string,
): Promise<{ readonly actor: AnyActor; readonly value: number }> {
  begun.started = Promise.withResolvers();
  const snapshot = JSON.parse(kept) as Snapshot<unknown>;
  const actor = createActor(machine, { snapshot } as never);
  actor.subscribe(() => keeper.keep(1, JSON.stringify(actor.getPersistedSnapshot())));
  actor.start();
  return { actor, value: await begun.started.promise };
}

async function prepare({ machine, begun }: ReturnType<typeof stoppingAt>, keeper: Keeper): Promise<string> {
  const actor = createActor(machine);
  actor.subscribe(() => keeper.keep(1, JSON.stringify(actor.getPersistedSnapshot())));
  actor.start();
  await begun.started.promise;
  const kept = JSON.stringify(actor.getPersistedSnapshot());
  actor.stop();
  return kept;
}

/** Resumes from a snapshot in memory. */
export const resumeMemory: Subject = async ({ size }) => {
  const stopping = stoppingAt(size);
  const keeper = memoryKeeper();
  const kept = await prepare(stopping, keeper);
  let actor: AnyActor | undefined;
  return {
    run: async () => {
      const taken = await takeUp(stopping, keeper, kept);
      actor = taken.actor;
      return taken.value;
    },
    after: () => actor?.stop(),
  };
};

/** Resumes from a file with the snapshot after `size` steps. */
export const resume: Subject = async ({ size, folder }) => {
  const stopping = stoppingAt(size);
  const prepared = join(folder, "prepared.db");
  const first = sqliteKeeper(prepared);
  first.keep(1, await prepare(stopping, first));
  first.close?.();
  const file = join(folder, "xstate.db");
  let keeper = first;
  let actor: AnyActor | undefined;
  return {
    before: () => {
      copyFileSync(prepared, file);
      keeper = sqliteKeeper(file);
    },
    run: async () => {
      const taken = await takeUp(stopping, keeper, keeper.load(1));
      actor = taken.actor;
      return taken.value;
    },
    after: () => {
      actor?.stop();
      keeper.close?.();
    },
  };
};

/** The log is handed on whole: it is the same program as the growing log. */
export {
  growthMemory as handedMemory,
  growthMemory as sharedMemory,
  growthSqlite as handedSqlite,
  growthSqlite as sharedSqlite,
};

/** A machine of `size` steps that waits for an event, and goes on from its snapshot in another process. */
export const answer: Subject = ({ size, folder }) => {
  const file = join(folder, "xstate.db");
  const asking = Promise.withResolvers<void>();
  const told = Promise.withResolvers<number>();
  const machine = setup({
    types: {} as { context: { value: number }; events: { type: "answer"; value: number } },
    actors: {
      step: fromPromise(async ({ input }: { input: number }) => input + 1),
      tell: fromPromise(async ({ input }: { input: number }) => told.resolve(input)),
    },
    actions: {
      take: assign((_, { value }: { value: number }) => ({ value })),
      asked: () => asking.resolve(),
    },
  }).createMachine({
    context: { value: 0 },
    initial: "step",
    states: {
      step: {
        invoke: {
          src: "step",
          input: ({ context }) => context.value,
          onDone: [
            {
              guard: ({ event }) => event.output < size,
              target: "step",
              reenter: true,
              actions: { type: "take", params: ({ event }) => ({ value: event.output }) },
            },
            { target: "ask", actions: { type: "take", params: ({ event }) => ({ value: event.output }) } },
          ],
        },
      },
      ask: {
        entry: "asked",
        on: {
          answer: {
            target: "tell",
            actions: { type: "take", params: ({ event }) => ({ value: event.value }) },
          },
        },
      },
      tell: { invoke: { src: "tell", input: ({ context }) => context.value, onDone: "end" } },
      end: { type: "final" },
    },
  });
  const kept = (actor: AnyActor): string => JSON.stringify(actor.getPersistedSnapshot());
  let keeper: ReturnType<typeof sqliteKeeper> | undefined;
  return {
    prepare: async () => {
      const first = sqliteKeeper(file);
      const actor = createActor(machine);
      actor.subscribe(() => first.keep(1, kept(actor)));
      actor.start();
      await asking.promise;
      first.keep(1, kept(actor));
      actor.stop();
      first.close?.();
    },
    run: async () => {
      const opened = sqliteKeeper(file);
      keeper = opened;
      const snapshot = JSON.parse(opened.load(1)) as Snapshot<unknown>;
      const actor = createActor(machine, { snapshot } as never);
      actor.subscribe(() => opened.keep(1, kept(actor)));
      actor.start();
      const { value } = (actor.getSnapshot() as { readonly context: { readonly value: number } }).context;
      actor.send({ type: "answer", value });
      return told.promise;
    },
    after: () => keeper?.close?.(),
  };
};
