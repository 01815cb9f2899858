import type { Activation } from "../kernel/activation.ts";
import type { Decisions } from "../kernel/decisions.ts";
import type { Completion, TimerPurpose } from "../kernel/transition.ts";

/** Takes what a host delivers while nothing else is taken. */
export interface Taker {
  readonly arrive: (completion: Completion) => void;
  /** The host cannot go on. */
  readonly fail: (error: unknown) => void;
}

/**
 * What a back end gives the pump: it executes, times and remembers. The memory host is one; a host
 * on a database or on a distributed engine is another, for the same definitions.
 */
export interface RunHost {
  /** Notes what is decided on account of a completion; absent where no journal is kept. */
  readonly decisions?: Decisions | undefined;
  /**
   * Starts an operation; its completion comes by `next`. Never throws. An operation whose node is a
   * `sleep` completes with its input when it is due, one that is a `question` with the answer.
   */
  readonly exec: (operation: Activation) => void;
  /** Delivers a `timer` completion for this activation after `ms`. */
  readonly timer: (activation: Activation, ms: number, purpose: TimerPurpose) => void;
  /** What this operation still delivers is not wanted. */
  readonly drop: (operation: Activation) => void;
  /**
   * The next completion, if there is one; else `undefined`, and `taker` is given it when it comes.
   * Handing it over costs a run no promise and no turn of the queue. The only thing that a run waits for.
   */
  readonly next: (taker: Taker) => Completion | undefined;
  /** Ends every timer, and keeps what has to be kept. Called once, when the run has ended. */
  readonly close: () => void | Promise<void>;
}
