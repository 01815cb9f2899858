/** XState: an actor whose snapshot is kept at each transition, which is the user's own work there. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AnyActorLogic,
  assign,
  createActor,
  fromPromise,
  type Snapshot,
  setup,
  toPromise,
} from "xstate";
import type { Ready, Setting, Subject } from "../../subject.ts";
import { adders, million, passers, pieceOf } from "../../work.ts";
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

/** Opens a file with an actor's snapshot after `size` steps, and goes on with it. */
export const resume: Subject = async ({ size, folder }) => {
  let crashes = true;
  const stopped = Promise.withResolvers<void>();
  const step = fromPromise(async ({ input }: { input: number }) => {
    if (!crashes || input < size) return input + 1;
    stopped.resolve();
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
  const prepared = join(folder, "prepared.db");
  const keeper = sqliteKeeper(prepared);
  const actor = createActor(machine);
  actor.subscribe(() => keeper.keep(1, JSON.stringify(actor.getPersistedSnapshot())));
  actor.start();
  await stopped.promise;
  keeper.close?.();
  crashes = false;
  const file = join(folder, "xstate.db");
  return {
    before: () => copyFileSync(prepared, file),
    run: async () => {
      const reopened = sqliteKeeper(file);
      const snapshot = JSON.parse(reopened.load(1)) as Snapshot<unknown>;
      const resumed = createActor(machine, { snapshot } as never);
      resumed.subscribe(() => reopened.keep(1, JSON.stringify(resumed.getPersistedSnapshot())));
      resumed.start();
      const value = await toPromise(resumed);
      reopened.close?.();
      return value;
    },
  };
};
