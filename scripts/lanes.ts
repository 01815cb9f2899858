/**
 * The three lanes that the tests run in, and how much each lane spends where more tries prove more.
 *
 *     pnpm test       lane `test`: all files, small budgets, a part of the dear files; a newcomer's second command
 *     ./.ci/run       lane `ci`: the tests with a budget once more, with larger budgets, and the dear files whole
 *     pnpm prove      lane `prove`: all tests, full budgets; the figures of the README come from it
 *
 * A test that is left out of lane `test` asks for `thorough`. The chat's tests on a terminal start their program inside the test's process in lane
 * `test`, and as a process of its own in the others (apps/chat/test/support/inside-program.ts). A test with a budget calls `budget`, prints what it counted with `figure`, and draws from `seed`.
 * `ORCH_BUDGET=damagedDatabases=50000` sets single budgets by hand.
 */
import { appendFileSync } from "node:fs";

/** A lane by its name. */
export type Lane = "test" | "ci" | "prove";

/**
 * How much a test does in each lane. A budget named `...Every` is a stride: the test takes each n-th case. Strides are primes, so that
 * they meet every residue of the counts that the cases are made of.
 */
type Budget = { readonly [name in Lane]: number };

const budgets = {
  /** scripts/declarations.test.ts: the compilers that users have, the youngest first. */
  compilers: { test: 1, ci: 2, prove: 2 },
  /** packages/core/test/reference.test.ts */
  randomOrchestrations: { test: 200, ci: 6_000, prove: 20_000 },
  /** The same, where each run is made again from its journal after every record. */
  forgottenOrchestrations: { test: 8, ci: 150, prove: 4_000 },
  /** packages/core/src/durable/snapshots-of-branches.test.ts */
  damagedSnapshots: { test: 8, ci: 160, prove: 1_000 },
  /** packages/core/test/snapshot-sweep.test.ts: random graphs with a snapshot after each record. */
  snapshotGraphs: { test: 25, ci: 250, prove: 10_000 },
  /** packages/core/test/cancel-sweep.test.ts: the steps before which a run is cancelled. */
  cancelledStepsEvery: { test: 13, ci: 1, prove: 1 },
  /** packages/core/test/travel.test.ts and travel-lives.test.ts */
  travelledGraphs: { test: 8, ci: 1_500, prove: 20_000 },
  /** packages/core/test/enumeration.test.ts: the graphs of 4 states, of which there are 65,536. */
  enumeratedGraphsEvery: { test: 97, ci: 5, prove: 1 },
  /** packages/core/test/interleavings.test.ts */
  interleavings: { test: 50, ci: 1_000, prove: 3_000 },
  durableInterleavings: { test: 30, ci: 700, prove: 2_000 },
  /** packages/core/test/encounters */
  encounters: { test: 120, ci: 2_000, prove: 60_000 },
  /** packages/sqlite/test/encounters.test.ts */
  sqliteEncounters: { test: 10, ci: 120, prove: 6_000 },
  /** packages/core/test/cases/kept-values.test.ts and the one of sqlite. */
  keptValues: { test: 40, ci: 1_500, prove: 5_000 },
  /** packages/core/test/cases/retry-sweep.test.ts */
  retriedGraphs: { test: 16, ci: 400, prove: 5_000 },
  /** packages/core/test/once-sweep.test.ts */
  onceKeys: { test: 200, ci: 10_000, prove: 50_000 },
  /** packages/sqlite/test/once-kill.test.ts: kills in a row. */
  killedPayers: { test: 1, ci: 10, prove: 60 },
  /** packages/sqlite/test/kill-sweep.test.ts: the runs; each is killed once to four times. */
  killedRunsEvery: { test: 997, ci: 11, prove: 1 },
  /** packages/sqlite/test/host-conformance.test.ts and that of core in memory: the places at which a run crashes. */
  sqliteCrashesEvery: { test: 17, ci: 1, prove: 1 },
  otherSqliteCrashesEvery: { test: 17, ci: 3, prove: 1 },
  memoryCrashesEvery: { test: 7, ci: 1, prove: 1 },
  /** packages/sqlite/src/run/sqlite-store.test.ts and memory-store.test.ts of core: random sequences of calls that are compared with a model. */
  sqliteSequences: { test: 25, ci: 100, prove: 500 },
  memorySequences: { test: 100, ci: 1_000, prove: 5_000 },
  /** packages/sqlite/test/kill.test.ts and run-kill.test.ts: kills in a row. */
  killedSessions: { test: 3, ci: 12, prove: 36 },
  killedWriters: { test: 1, ci: 6, prove: 15 },
  /** packages/sqlite/test/session-acts.test.ts: kills of a process that forks, imports, renames and deletes sessions. */
  killedSessionActs: { test: 1, ci: 12, prove: 60 },
  /** packages/sqlite/test/shared-file.test.ts: kills among five processes that share a file. */
  sharedFileKills: { test: 3, ci: 30, prove: 300 },
  /** packages/core/test/cases/events-fuzz.test.ts */
  toldLives: { test: 20, ci: 1_500, prove: 10_000 },
  /** packages/sqlite/test/cases/event-numbers.test.ts: processes that are killed while they tell events. */
  killedTellers: { test: 1, ci: 8, prove: 40 },
  /** packages/sqlite/test/two-processes.test.ts */
  contestedRuns: { test: 2, ci: 50, prove: 100 },
  /** packages/sqlite/test/settle-sweep.test.ts: meetings of several processes over one question. */
  meetings: { test: 10, ci: 1_000, prove: 10_000 },
  /** packages/sqlite/test/run-damage.test.ts */
  damagedDatabases: { test: 12, ci: 1_500, prove: 5_000 },
  /** packages/sqlite/test/damage.test.ts: of 570 damages of a file of sessions. */
  damagedSessionsEvery: { test: 23, ci: 1, prove: 1 },
  /** packages/sqlite/test/repair.test.ts: places where bytes are changed before a file is repaired. */
  repairedDatabases: { test: 4, ci: 100, prove: 1_000 },
  /** packages/agents/test/kill-agent.test.ts: the runs; each is killed once or twice. */
  killedAgentsEvery: { test: 11, ci: 3, prove: 1 },
  /** packages/agents/test/server-conformance.test.ts: presets that pass the whole suite. */
  conformingServers: { test: 2, ci: 6, prove: 100 },
  /** packages/agents/test/hostile-slices.test.ts: the places where a stream is cut, and random cuts of each stream. */
  streamCutsEvery: { test: 61, ci: 5, prove: 1 },
  randomStreamCuts: { test: 1, ci: 6, prove: 15 },
  /** packages/agents/test/hostile-faults.test.ts: the frames after which a fault comes. */
  faultFramesEvery: { test: 61, ci: 2, prove: 1 },
  /** packages/agents/test/hostile-presets.test.ts: faults of each preset, each after any frame of its own stream. */
  presetFaultsEvery: { test: 97, ci: 5, prove: 1 },
  /** packages/agents/test/walk/poison.test.ts: poisoned parts over all adapters and presets, each in the words of several servers. */
  poisonedEvery: { test: 97, ci: 3, prove: 1 },
  /** packages/agents/test/walk/walk.test.ts: turns of conversations over all adapters and presets. */
  walkedTurns: { test: 20, ci: 500, prove: 5_000 },
  /** packages/agents/src/providers/bodies.test.ts: conversations for each adapter and preset. */
  randomBodies: { test: 60, ci: 500, prove: 2_000 },
  /** packages/agents/test/schemas.test.ts */
  randomSchemas: { test: 40, ci: 700, prove: 2_000 },
  /** apps/chat/test/hostile-stored.test.ts and hostile-views.test.ts: texts that try to steer a terminal. */
  storedTexts: { test: 10, ci: 420, prove: 420 },
  viewedTexts: { test: 12, ci: 140, prove: 420 },
  /** apps/chat/src/terminal/safe-text.test.ts: texts that are cleaned, and those that Ink draws. */
  hostileTexts: { test: 300, ci: 7_000, prove: 20_000 },
  drawnTexts: { test: 40, ci: 300, prove: 1_000 },
  /** apps/chat/test/acp-lines.test.ts: lines that are no good messages. */
  acpLines: { test: 60, ci: 3_000, prove: 10_000 },
  /** apps/chat/test/hostile-commands.test.ts: of the lines that are typed, in each of five places. */
  hostileCommandsEvery: { test: 5, ci: 1, prove: 1 },
  /** apps/chat/test/killed-chats.test.ts: kills of the chat at random moments. */
  killedChats: { test: 1, ci: 10, prove: 200 },
  /** apps/chat/test/shared-store.test.ts: kills of chats that share a file with another and with commands in a loop. */
  sharedChatKills: { test: 1, ci: 6, prove: 60 },
  /** apps/chat/src/folder-index/folder-index.test.ts: files of the folder. */
  indexedFiles: { test: 1_000, ci: 5_000, prove: 5_000 },
  /** apps/chat/src/input/key-chunk.test.tsx: random sequences of keys, each cut into random chunks. */
  keyChunks: { test: 30, ci: 600, prove: 1_000 },
  /** apps/chat/src/transcript/block-stream.test.ts: texts, each cut at random places. */
  cutTexts: { test: 60, ci: 500, prove: 1_000 },
  /** apps/chat/src/app/live-region.test.ts: lives of a live region, each with some ten resizes while bytes are on their way. */
  resizedRegions: { test: 15, ci: 500, prove: 5_000 },
  /** apps/chat/test/resized-chats.test.ts: random sequences of sizes while an answer streams. */
  resizedChats: { test: 2, ci: 30, prove: 1_000 },
  /** apps/chat/test/resized-in-tmux.test.ts: answers in tmux, each with some twenty random sizes. */
  resizedInTmux: { test: 1, ci: 2, prove: 100 },
  /** packages/restate/test/host-conformance.test.ts: the places at which a run crashes. Lane `test` does not run it. */
  restateCrashesEvery: { test: 1_000, ci: 23, prove: 1 },
  /** packages/restate/test/kills.test.ts: kills of a worker in a fan-out, of the server while a question waits, and of both. */
  killedWorkers: { test: 1, ci: 3, prove: 30 },
  killedRestates: { test: 1, ci: 2, prove: 20 },
  /** packages/restate/test/rivals.test.ts: runs at once on two workers, and workers that hang and wake up. */
  parallelRestateRuns: { test: 4, ci: 20, prove: 100 },
  hungRestateWorkers: { test: 1, ci: 1, prove: 10 },
  /** packages/server/test/door-suite.ts, for each door: runs side by side, bodies, and kills of the server in the middle of a stream. */
  parallelRuns: { test: 5, ci: 100, prove: 100 },
  fuzzedBodies: { test: 60, ci: 2_000, prove: 10_000 },
  killedServers: { test: 1, ci: 3, prove: 20 },
  /** apps/docs/test/site.test.ts: pages of the site, beside the chosen ones. Lane `test` opens none. */
  sitePagesEvery: { test: 31, ci: 31, prove: 1 },
  /** The same in the middle of the answer of a chat; see also packages/server/test/conversations.test.ts. */
  killedChatServers: { test: 1, ci: 1, prove: 20 },
} as const satisfies { readonly [name: string]: Budget };

/** The lane of this run: `ORCH_LANE`, or else `test`. */
export const lane: Lane = laneOf(process.env["ORCH_LANE"] ?? "test");

/**
 * The cases of one of several places in which all of them could be tried: in lane `test` each case has its turn in one of the places, in the
 * other lanes in each.
 */
export function shareOf<T>(cases: readonly T[], place: number, places: number): readonly T[] {
  return thorough ? cases : cases.filter((_, at) => at % places === place % places);
}

/**
 * Whether this lane runs what another test of lane `test` shows already, but for one compiler or one setting more. Beside `thorough`
 * stands which test that is.
 */
export const thorough: boolean = lane !== "test";

/** What tests with a budget draw from: `ORCH_SEED`, or else always the same. */
export const seed = Number(process.env["ORCH_SEED"] ?? 20261122);

/** The budget of this lane. */
export function budget(name: keyof typeof budgets): number {
  const byHand = new RegExp(`(?:^|,)${name}=(\\d+)`).exec(process.env["ORCH_BUDGET"] ?? "")?.[1];
  return byHand === undefined ? budgets[name][lane] : Number(byHand);
}

/** Whether the case at `index`, counted from 0, is one of those that a stride takes. */
export function takes(index: number, every: number): boolean {
  return index % every === 0;
}

/** Prints what a test counted, under the name of its lane; `pnpm prove` collects these lines. */
export function figure(text: string): void {
  console.log(`[lane ${lane}] ${text}`);
  const file = process.env["ORCH_FIGURES"];
  if (file !== undefined) appendFileSync(file, `${text}\n`);
}

function laneOf(name: string): Lane {
  if (name === "test" || name === "ci" || name === "prove") return name;
  throw new TypeError(`ORCH_LANE is "${name}": it must be test, ci or prove.`);
}
