/** What a runnable is given besides its input. */

/** Tokens and money that a state used. */
export interface Spending {
  /** Tokens read by the model, cached ones included. */
  readonly inputTokens?: number;
  /** Tokens written by the model, reasoning included. */
  readonly outputTokens?: number;
  /** In US dollars; absent when the price is unknown. */
  readonly cost?: number;
  /** Which model, as `provider/model`. */
  readonly model?: string;
}

/** Where an invocation stands in its run, and its ways to the outside. */
export interface RunContext {
  readonly runId: string;
  /** Stable name of this activation, like `research/searchAll#1[2]/search#1`. */
  readonly path: string;
  /** `runId/path`: the same on every attempt and after a restart. Hand it to outside services as the idempotency key. */
  readonly key: string;
  /** How often this runnable was entered in its orchestration, from 1. */
  readonly visit: number;
  /** Which attempt of this activation this is, from 1. */
  readonly attempt: number;
  /** Aborted when the run, an enclosing state or this attempt is stopped. */
  readonly signal: AbortSignal;
  /** Sends live data to the readers of the run's events, as `state.output`. It costs nothing when nobody reads. */
  readonly emit: (data: unknown) => void;
  /** Counts tokens and money towards the run, as `state.usage`. */
  readonly spend: (spending: Spending) => void;
  /** Milliseconds since the epoch, from the host's clock. */
  readonly now: () => number;
  /** A fraction in `[0, 1)`, from the host's chance. */
  readonly random: () => number;
}
