/** What a runnable is given besides its input. */
import type { Channel } from "./channel.ts";
import type { CircuitChoice } from "./circuit.ts";
import type { Schema } from "./schema.ts";
import type { SharedState, StateView } from "./shared-state.ts";

/** Tokens and money that a state used. */
export interface Spending {
  /** Tokens read by the model, cached ones included. */
  readonly inputTokens?: number;
  /** The part of `inputTokens` that came from the provider's cache; absent when it does not tell. */
  readonly cachedTokens?: number;
  /** Tokens written by the model, reasoning included. */
  readonly outputTokens?: number;
  /** In US dollars; absent when the price is unknown. */
  readonly cost?: number;
  /** Which model, as `provider/model`. */
  readonly model?: string;
}

/** What is left to be spent under the budgets around a state; `Infinity` where there is none. */
export interface BudgetLeft {
  /** Tokens read and written. */
  readonly tokens: number;
  /** In US dollars. */
  readonly cost: number;
}

/** A part of the budgets that is kept for one piece of work. It is given back at the latest when the state ends. */
export interface Reservation {
  /** Counts what was spent, as `ctx.spend` does, and gives back the rest. */
  readonly settle: (spending: Spending) => void;
  /** Gives it back, because nothing was spent. */
  readonly release: () => void;
}

/** A question that a runnable asks on its way. */
export interface AskOptions<TAnswer> {
  /** Unique within the runnable, because the answer is kept under it. Default `question`. */
  readonly name?: string;
  /** What the human is shown: a text or any plain data. */
  readonly prompt: unknown;
  /** Checks the answer; `ask` resolves to the output of the schema. */
  readonly answer: Schema<TAnswer>;
}

/**
 * Where an attempt stands in its run, and its ways to the outside.
 *
 * When the attempt has ended or was aborted, `once`, `ask`, `emit`, `spend`, `reserve` and writes to shared state have no effect: each
 * throws or rejects with the reason of `signal`, or with `ORCH_TOO_LATE` where nothing was aborted.
 */
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
  /** Sends live data on a channel to the readers of the run's events, as `state.output`. It costs nothing when nothing reads. */
  readonly emit: <TData>(channel: Channel<TData>, data: NoInfer<TData>) => void;
  /**
   * Counts tokens and money towards the run, as `state.usage`, and towards the budgets around it. A
   * budget that is passed aborts `signal`.
   */
  readonly spend: (spending: Spending) => void;
  /** What is not spent of the budgets around the state; reservations are not taken off. */
  readonly left: () => BudgetLeft;
  /**
   * Reserves the most that a piece of work may spend, before it begins: states side by side never spend more than their
   * budgets together. Waits while only the reservations of others stand in the way, and costs nothing without a budget.
   *
   * @throws BudgetError (`ORCH_BUDGET`) when so much is not left; the work is not to be begun then.
   */
  readonly reserve: (most: Spending) => Promise<Reservation>;
  /** What a person chose last at the circuit of the run (`onTerminal`); `undefined` before the first choice. */
  readonly choice: CircuitChoice | undefined;
  /**
   * Asks a human and waits for the validated answer. After a restart the runnable runs again and gets
   * the same answer without asking; what must not run twice before it goes into `once`.
   */
  readonly ask: <TAnswer>(question: AskOptions<TAnswer>) => Promise<TAnswer>;
  /**
   * Calls `make` at most once for this activation and keeps what it gave, over attempts and, on a
   * durable host, over restarts. `name` is unique within the runnable. `make` is never called for an attempt that was given
   * up; what it is making when its activation ends is not kept.
   */
  readonly once: <TValue>(name: string, make: () => TValue | Promise<TValue>) => Promise<TValue>;
  /** Values that many states share, as declared by `sharedState`. */
  readonly state: <TFields>(shared: SharedState<TFields>) => StateView<TFields>;
  /** Milliseconds since the epoch, from the host's clock. */
  readonly now: () => number;
  /** A fraction in `[0, 1)`, from the host's chance. */
  readonly random: () => number;
}
