/** A run as a page shows it. Each change makes a new view, and what did not change stays the same object. */
import type { ServerProblem } from "../wire/server-place.ts";
import type { RunError, RunMove } from "../wire/wire-event.ts";

/** One visit of one state. */
export interface RunState {
  /** Names the visit, like `research/search#1`. */
  readonly path: string;
  readonly state: string;
  /** `runnable`, `each`, `question` and so on. */
  readonly kind: string;
  readonly status: "running" | "waiting" | "retrying" | "completed" | "failed" | "cancelled" | "skipped";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds, once it has ended. */
  readonly duration?: number;
  /** How many branches a fan-out has. */
  readonly branches?: number | undefined;
  /** What it said so far. */
  readonly text?: string;
  /** Whether its text is part of the answer. */
  readonly answers?: boolean;
  readonly output?: unknown;
  readonly moved?: RunMove;
  readonly error?: RunError;
}

/** A question that waits for its answer. */
export interface RunQuestion {
  readonly question: string;
  readonly path: string;
  readonly prompt: unknown;
  /** What an answer has to look like, as a JSON Schema. */
  readonly schema?: { readonly [key: string]: unknown } | undefined;
}

/** A run at one moment. */
export interface RunView {
  /** `idle`: there is no run id yet. `connecting`: nothing was heard yet. `parked`: its server let go of it, and it goes on later. */
  readonly status:
    | "idle"
    | "connecting"
    | "running"
    | "waiting"
    | "parked"
    | "completed"
    | "failed"
    | "cancelled";
  /** The states in the order in which they began. */
  readonly states: readonly RunState[];
  /** The answer so far: the texts of the states that speak for the whole. */
  readonly text: string;
  /** The questions without an answer, oldest first. */
  readonly questions: readonly RunQuestion[];
  /** What the run gave. */
  readonly output?: unknown;
  /** Why it failed, or was stopped. */
  readonly error?: RunError;
  /** Why it cannot be followed: there is no such run, or the caller may not see it. Connections that break are taken up again, and are no problem. */
  readonly problem?: ServerProblem;
}

/** Before anything was heard. */
export const NOT_HEARD: RunView = { status: "connecting", states: [], text: "", questions: [] };
