import type { GoStraight } from "../kernel/straight.ts";
import type { Completion, Sink } from "../kernel/transition.ts";

/** Takes an arrival of a driver while no other is being taken. */
export interface Taker {
  readonly arrive: (completion: Completion) => void;
  /** The driver cannot go on. */
  readonly fail: (error: unknown) => void;
}

/**
 * Drives one run for the pump: it executes, times and remembers what the transition puts into it as a sink, and
 * delivers what comes of that. `LocalDriver` is the one for memory; `DurableDriver` stands around it and keeps a
 * journal. A driver outside of core stands on `openMachine` instead, by which nothing of the engine is handed over.
 *
 * `exec` never throws. A `sleep` completes with its input when it is due, and a `question` with the answer.
 */
export interface Driver extends Sink {
  /**
   * The next completion, if there is one; else `undefined`, and `taker` is given it when it comes.
   * Handing it over costs a run no promise and no turn of the queue. The only thing that a run waits for.
   */
  readonly next: (taker: Taker) => Completion | undefined;
  /** Takes the completions that lead straight on, at once; absent where each goes through the transition. See `straight.ts`. */
  readonly straight?: GoStraight<Taker> | undefined;
  /** Ends every timer, and keeps what has to be kept. Called once, when the run has ended. */
  readonly close: () => void | Promise<void>;
}
