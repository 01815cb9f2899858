/** What the rail knows of a run: plain data that the reducer makes and the drawing reads. */
import type { StateKind } from "@orch/core";
import type { CleanerState } from "../terminal/cleaner.ts";
import type { SafeText } from "../terminal/safe-text.ts";

/** How an activation is doing. */
export type RailStatus = "running" | "waiting" | "retrying" | "done" | "failed" | "cancelled" | "skipped";

/** One entry of a state. */
export interface RailEntry {
  readonly path: string;
  /** The activation it runs in; absent for a state of the run itself. */
  readonly parent?: string;
  readonly name: SafeText;
  readonly visit: number;
  readonly kind: StateKind;
  /** Whether it is a branch of a fan-out. */
  readonly lane: boolean;
  readonly status: RailStatus;
  /** Its position among its siblings, by first visit. */
  readonly order: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Tokens read and written, including those of every activation inside. */
  readonly tokens: number;
  /** Set where some of them are estimated. */
  readonly isEstimated?: true;
  /** The last line of its text, or the tool it runs; white space may follow it. */
  readonly line: SafeText;
  readonly cleaner: CleanerState;
  /** Characters of text so far, and when the first came. */
  readonly written: number;
  readonly writingSince?: number;
  readonly retry?: { readonly attempt: number; readonly until: number; readonly reason: SafeText };
  /** The number of branches of a fan-out; the next fields count those that started and ended. */
  readonly branches: number;
  /** The state that each branch of a list is, once one began. Another one in a lane takes the result of its branch. */
  readonly branch?: SafeText;
  readonly started: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** How many of its branches go on in the background, after its end. */
  readonly background?: number;
}

/** A state that ended: one line of the scrollback. */
export interface FinishedState {
  readonly path: string;
  readonly name: SafeText;
  readonly status: "done" | "failed" | "cancelled";
  readonly visit: number;
  /** States around it. */
  readonly depth: number;
  readonly lane: boolean;
  /** Whether it belongs in the scrollback: branches of a wide fan-out are told by their fan-out only. */
  readonly shown: boolean;
  /** What it gave, or why it failed. */
  readonly summary: SafeText;
  /** In milliseconds. */
  readonly duration: number;
  readonly tokens: number;
  readonly isEstimated?: true;
}

/** The state of a run on the rail. */
export interface RailState {
  readonly orchestration: SafeText;
  readonly status: "idle" | "running" | "done" | "failed" | "cancelled";
  /** Why the run waits for its store, as a sentence; it goes on by itself. */
  readonly paused?: SafeText;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly tokens: number;
  readonly entries: ReadonlyMap<string, RailEntry>;
  /** How the last activation of each place is doing, or how it ended; entries inside of states that ended are gone. */
  readonly places: ReadonlyMap<string, RailStatus>;
  /** States that were not reached yet, in the order of the graph. */
  readonly ahead: readonly SafeText[];
  readonly count: number;
  /** What an orchestration of one's own says of the output of a state. */
  readonly summarize?: (state: string, output: unknown) => string | undefined;
}

/** Most lanes that are followed one by one; of more only the running ones are kept. */
export const MAX_GRID = 12;
/** Most lanes that have a row each, and a line of the scrollback each. */
export const MAX_ROWS = 4;

/** How an entry of a whole run ends with each of its last events. */
export const RUN_ENDS = {
  "run.completed": "done",
  "run.failed": "failed",
  "run.cancelled": "cancelled",
  "run.refused": "failed",
  "run.suspended": "cancelled",
} as const satisfies Readonly<Record<string, RailStatus>>;
