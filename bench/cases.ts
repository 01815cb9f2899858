/** Every case: what is done, how it is counted, who takes part, and what is wanted of us. */
import { ANSWER, DELTA, PIECE_BYTES, sumAfter } from "./work.ts";

/**
 * How a case is timed.
 *
 * - `repeat`: over and over for a while; the median of ten stretches
 * - `once`: a few times, because it takes long or waits for timers; the median
 * - `first`: as `once`, and how long until the first tick
 * - `steps`: one long run; its last hundred steps against steps 11 to 110
 * - `tenths`: one very long run; its last tenth against its first, and what stays on the heap
 * - `cold`: from the first run of a fresh process on, by processor time, compilation included; the average of some runs
 * - `fresh`: the first run of a fresh process, by processor time; what it finds was made by another process
 * - `held`: many runs at once, stopped in the middle; the memory of one
 */
export type Mode = "repeat" | "once" | "first" | "steps" | "tenths" | "cold" | "fresh" | "held";

/** What our figure should be as a multiple of a floor's, and may be. */
export interface Gate {
  readonly against: "bare" | "loop";
  /** What we aim for; the page tells where it is missed. */
  readonly bar: number;
  /** Where `gates.ts` fails, in processor time: far above what an idle or a busy machine shows. */
  readonly ceiling?: number;
  /** Set where the ceiling is so near that it is measured in more pairs. */
  readonly near?: true;
}

/** One case. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly family: "flow" | "fan" | "durable" | "agent" | "memory";
  readonly mode: Mode;
  /** The case whose program it runs. Default: its own. */
  readonly program?: string;
  /** In `cold`: the runs that count, from 1. */
  readonly runs?: readonly [first: number, last: number];
  readonly size: number;
  /** For peers that would take minutes; the figure is per unit all the same. */
  readonly peerSize?: number;
  readonly unit: string;
  /** Milliseconds of one run into the figure. */
  readonly perRun: (ms: number, size: number) => number;
  readonly isRight: (answer: unknown, size: number) => boolean;
  readonly subjects: readonly string[];
  /** In the case's unit, for our own figure. */
  readonly target?: number;
  readonly gate?: Gate;
  /** Limit on what is on disk after a run, in kilobytes. */
  readonly diskLimit?: number;
  /** Limit on the time until the first tick, in milliseconds. */
  readonly firstLimit?: number;
  /** Limit on our figure as a multiple of our own in another case. */
  readonly beside?: { readonly id: string; readonly limit: number };
  /** Limit on last against first, in `steps` and `tenths`. */
  readonly growthLimit?: number;
  /** Whether `gates.ts` keeps watch over it: its ratio and growth, and its target where single runs are timed. */
  readonly watched?: "always";
}

const whole = (ms: number): number => ms;
const microsecondsEach = (ms: number, size: number): number => (ms * 1_000) / size;
const counted = (answer: unknown, size: number): boolean => answer === size;
const summed = (answer: unknown, size: number): boolean => answer === sumAfter(size);
const logged = (answer: unknown, size: number): boolean => answer === size * PIECE_BYTES;
const answered = (answer: unknown, size: number): boolean => answer === `${size} calls: ${ANSWER}`;

const ENGINES = ["bare", "loop", "orch", "langgraph", "mastra", "xstate", "effect"];
const DURABLE = ["loop", "orch", "langgraph", "mastra", "xstate"];
const AGENTS = ["bare", "loop", "orch", "mastra", "ai", "openai-agents"];

/** All cases, in the order of the page. */
export const cases: readonly Case[] = [
  {
    id: "linear",
    title: "10 async states in a row",
    family: "flow",
    mode: "repeat",
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ENGINES,
    target: 0.8,
    gate: { against: "bare", bar: 2.5, ceiling: 3.5 },
    watched: "always",
  },
  {
    id: "loop",
    title: "loop of 2 states, 20,000 transitions (the libraries: 2,000)",
    family: "flow",
    mode: "repeat",
    size: 20_000,
    peerSize: 2_000,
    unit: "µs/transition",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ENGINES,
    target: 0.5,
    gate: { against: "bare", bar: 3, ceiling: 4 },
    watched: "always",
  },
  {
    id: "long-loop",
    title: "loop of 2 states, 200,000 transitions",
    family: "flow",
    mode: "tenths",
    size: 200_000,
    unit: "µs/transition",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ["bare", "loop", "orch"],
    target: 0.5,
    growthLimit: 1.2,
    watched: "always",
  },
  {
    id: "fan-out",
    title: "1,000 branches of 1 ms at once",
    family: "fan",
    mode: "once",
    size: 1_000,
    unit: "ms",
    perRun: whole,
    isRight: summed,
    subjects: ENGINES,
    gate: { against: "bare", bar: 1.8, ceiling: 3 },
    watched: "always",
  },
  {
    id: "many",
    title: "1,000 runs at once, 5 states of 1 ms each",
    family: "fan",
    mode: "once",
    size: 1_000,
    unit: "ms",
    perRun: whole,
    isRight: (answer, size) => answer === 5 * size,
    subjects: ENGINES,
    gate: { against: "bare", bar: 1.5, ceiling: 3.5 },
    watched: "always",
  },
  {
    id: "events",
    title: "10 async states in a row, one listener to all events",
    family: "flow",
    mode: "repeat",
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ENGINES.filter((name) => name !== "effect"),
    target: 1.2,
    gate: { against: "loop", bar: 2.5, ceiling: 4 },
    watched: "always",
  },
  {
    id: "cold",
    title: "10 async states in a row, runs 2 to 100 of a process",
    family: "flow",
    mode: "cold",
    program: "linear",
    runs: [2, 100],
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ENGINES,
    gate: { against: "bare", bar: 1.3 },
  },
  {
    id: "cold-later",
    title: "10 async states in a row, runs 101 to 2,000 of a process",
    family: "flow",
    mode: "cold",
    program: "linear",
    runs: [101, 2_000],
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ENGINES.filter((name) => name !== "langgraph"),
    gate: { against: "bare", bar: 3 },
  },
  {
    id: "cold-events",
    title: "the same with a listener to all events, runs 101 to 2,000",
    family: "flow",
    mode: "cold",
    program: "events",
    runs: [101, 2_000],
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ["bare", "loop", "orch", "mastra", "xstate"],
    gate: { against: "loop", bar: 3 },
  },
  {
    id: "payload",
    title: "a text of 1 MB through 50 states",
    family: "flow",
    mode: "repeat",
    size: 50,
    unit: "ms",
    perRun: whole,
    isRight: (answer) => answer === 1_000_000,
    subjects: ENGINES,
    target: 0.1,
    gate: { against: "bare", bar: 4 },
  },
  {
    id: "durable-memory",
    title: "10 async states in a row, journalled in memory",
    family: "durable",
    mode: "repeat",
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: DURABLE,
    target: 2,
    gate: { against: "loop", bar: 2.5, ceiling: 15 },
    watched: "always",
  },
  {
    id: "durable-sqlite",
    title: "10 async states in a row, on SQLite, a commit a step",
    family: "durable",
    mode: "repeat",
    size: 10,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: DURABLE,
    target: 20,
    gate: { against: "loop", bar: 1.5, ceiling: 3 },
    watched: "always",
  },
  {
    id: "durable-group",
    title: "100 runs of 10 states at once, on SQLite, ours with group commit",
    family: "durable",
    mode: "repeat",
    size: 1_000,
    unit: "µs/state",
    perRun: microsecondsEach,
    isRight: counted,
    subjects: ["loop", "orch"],
    target: 6,
    gate: { against: "loop", bar: 0.5, ceiling: 1.5 },
    watched: "always",
  },
  {
    id: "payload-memory",
    title: "a text of 1 MB through 50 states, journalled in memory",
    family: "durable",
    mode: "once",
    size: 50,
    unit: "ms",
    perRun: whole,
    isRight: (answer) => answer === 1_000_000,
    subjects: DURABLE,
    target: 3,
    gate: { against: "loop", bar: 0.05 },
  },
  {
    id: "payload-object-memory",
    title: "the same text in an object with a counter, journalled in memory",
    family: "durable",
    mode: "once",
    size: 50,
    unit: "ms",
    perRun: whole,
    isRight: (answer) => answer === 1_000_000,
    subjects: DURABLE,
    target: 3,
    gate: { against: "loop", bar: 0.05 },
  },
  {
    id: "growth-memory",
    title: "step 2,000 of a run whose log grows by 100 bytes a step, in memory",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    target: 2.5,
    growthLimit: 1.1,
    watched: "always",
  },
  {
    id: "growth-sqlite",
    title: "step 2,000 of a run whose log grows by 100 bytes a step, on SQLite",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    target: 20,
    gate: { against: "loop", bar: 1, ceiling: 3 },
    growthLimit: 1.1,
    diskLimit: 265,
    watched: "always",
  },
  {
    id: "handed-memory",
    title: "step 2,000 of a run that hands on a conversation, 100 bytes more a step, in memory",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    growthLimit: 1.2,
  },
  {
    id: "handed-sqlite",
    title: "step 2,000 of a run that hands on a conversation, 100 bytes more a step, on SQLite",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    growthLimit: 1.2,
    diskLimit: 1_000,
  },
  {
    id: "shared-memory",
    title: "step 2,000 of a run whose states read a shared list, 100 bytes more a step, in memory",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    growthLimit: 1.2,
  },
  {
    id: "shared-sqlite",
    title: "step 2,000 of a run whose states read a shared list, 100 bytes more a step, on SQLite",
    family: "durable",
    mode: "steps",
    size: 2_000,
    unit: "µs/step",
    perRun: microsecondsEach,
    isRight: logged,
    subjects: DURABLE,
    growthLimit: 1.2,
    diskLimit: 1_000,
  },
  {
    id: "resume-memory",
    title: "resuming a run after 1,000 steps until its open state starts, in memory",
    family: "durable",
    mode: "once",
    size: 1_000,
    unit: "ms",
    perRun: whole,
    isRight: counted,
    subjects: ["loop", "orch", "xstate"],
    target: 2,
    gate: { against: "loop", bar: 20, ceiling: 25 },
    watched: "always",
  },
  {
    id: "resume",
    title: "resuming a run after 1,000 steps until its open state starts, SQLite",
    family: "durable",
    mode: "once",
    size: 1_000,
    unit: "ms",
    perRun: whole,
    isRight: counted,
    subjects: DURABLE,
    target: 2,
    gate: { against: "loop", bar: 1.1, ceiling: 8 },
    watched: "always",
  },
  {
    id: "answer",
    title:
      "a fresh process opens a file, lists the questions of a run after 1,000 steps, answers one and resumes the run, SQLite",
    family: "durable",
    mode: "fresh",
    size: 1_000,
    unit: "ms",
    perRun: whole,
    isRight: counted,
    subjects: ["loop", "orch", "langgraph", "xstate"],
    gate: { against: "loop", bar: 2 },
  },
  {
    id: "agent-10",
    title: "an agent's 10 tool turns over a model in the process",
    family: "agent",
    mode: "repeat",
    size: 10,
    unit: "µs/turn",
    perRun: microsecondsEach,
    isRight: answered,
    subjects: AGENTS,
    target: 10,
    gate: { against: "loop", bar: 6, ceiling: 6, near: true },
    watched: "always",
  },
  {
    id: "agent-100",
    title: "an agent's 100 tool turns",
    family: "agent",
    mode: "repeat",
    size: 100,
    unit: "µs/turn",
    perRun: microsecondsEach,
    isRight: answered,
    subjects: AGENTS,
    target: 10,
    beside: { id: "agent-10", limit: 1.2 },
    gate: { against: "loop", bar: 2, ceiling: 6.5 },
    watched: "always",
  },
  {
    id: "deltas",
    title: "10,000 streamed text deltas through an agent",
    family: "agent",
    mode: "first",
    size: 10_000,
    unit: "µs/delta",
    perRun: microsecondsEach,
    isRight: (answer, size) => answer === size * DELTA.length,
    subjects: AGENTS,
    target: 0.6,
    firstLimit: 0.2,
    gate: { against: "bare", bar: 3, ceiling: 7 },
    watched: "always",
  },
  {
    id: "memory",
    title: "10,000 runs of 5 states at once, held in the third state",
    family: "memory",
    mode: "held",
    size: 10_000,
    unit: "kB/run",
    perRun: whole,
    isRight: (answer, size) => answer === 5 * size,
    subjects: ["bare", "loop", "orch", "xstate", "effect"],
    target: 10,
  },
];
