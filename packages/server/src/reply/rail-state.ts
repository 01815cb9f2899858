import type { PublicError } from "../words/public-event.ts";

/** One state of the rail, by its path. Each change replaces it in its place. */
export interface RailState {
  readonly path: string;
  readonly state: string;
  /** What it is: `runnable`, `each`, `question` and so on. */
  readonly kind: string;
  readonly status: "running" | "waiting" | "retrying" | "completed" | "failed" | "cancelled" | "skipped";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds, once it has ended. */
  readonly duration?: number;
  /** How many branches a fan-out has, and how many of them have ended. */
  readonly branches?: RailBranches;
  /** Where the machine moved from it: the next state, why, and the label of the edge. */
  readonly moved?: RailMove;
  readonly error?: PublicError;
}

/** How far the branches of a fan-out are. */
export interface RailBranches {
  readonly total: number;
  readonly ended: number;
  readonly failed: number;
}

/** A move of the machine. */
export interface RailMove {
  readonly to: string;
  readonly cause: "output" | "error" | "rerun";
  readonly label?: string;
}
