/** What a run did, gathered by state: plain data that is drawn, kept or compared. */
import type { StateKind, StateTransition } from "../words/events.ts";
import type { StateWait } from "../words/signal-events.ts";

/** How a state is doing: as its last activation ended, or what those under way do. */
export type RecordedStatus = "running" | "waiting" | "completed" | "failed" | "cancelled" | "skipped";

/** All activations of one state. */
export interface RecordedState {
  /** Where it stands: its path without visits and list numbers, as in `research/searchAll[]/search`. */
  readonly place: string;
  readonly id: string;
  readonly kind: StateKind;
  readonly status: RecordedStatus;
  /** Activations that began. */
  readonly visits: number;
  /** Activations under way, and how many of them wait for an answer. */
  readonly active: number;
  readonly waiting: number;
  /** Branches whose condition did not hold. */
  readonly skips: number;
  /** Activations that failed by themselves. */
  readonly failures: number;
  /** Attempts that failed and were tried again. */
  readonly retries: number;
  /** Milliseconds of all that ended, added up. */
  readonly duration: number;
  /** How long the activation that ended last took, in milliseconds. */
  readonly lastDuration?: number;
  /** When the last one began, in milliseconds since the epoch. */
  readonly startedAt?: number;
  /** Read and written, by everything inside too. */
  readonly tokens: number;
  /** In US dollars, as far as prices are known. */
  readonly cost: number;
}

/** One way that was taken. */
export interface RecordedEdge {
  /** Places. */
  readonly from: string;
  readonly to: string;
  readonly cause: StateTransition["cause"];
  /** Which advancer of its cause took it, from 0; absent for a rerun. */
  readonly place?: number;
  readonly label?: string;
  readonly count: number;
}

/** A question that waits for its answer. */
export interface RecordedQuestion {
  readonly id: string;
  readonly place: string;
  readonly path: string;
  readonly prompt: unknown;
}

/** A state that waits for something in its run. */
export interface RecordedWait extends StateWait {
  readonly place: string;
  readonly path: string;
}

/** A run, or as much of it as was recorded. */
export interface RecordedRun {
  readonly runId: string;
  /** The orchestration's id; empty before the first event. */
  readonly orchestration: string;
  readonly status:
    | "idle"
    | "running"
    | "waiting"
    | "suspended"
    | "completed"
    | "failed"
    | "cancelled"
    | "refused";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds; absent until the end. */
  readonly duration?: number;
  /** By place, in the order they were first reached. */
  readonly states: { readonly [place: string]: RecordedState };
  readonly edges: readonly RecordedEdge[];
  readonly questions: readonly RecordedQuestion[];
  readonly waits: readonly RecordedWait[];
  /** Read and written in the whole run. */
  readonly tokens: number;
  /** In US dollars, as far as prices are known. */
  readonly cost: number;
}
