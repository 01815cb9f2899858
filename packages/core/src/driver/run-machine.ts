import type { Json } from "../durable/json.ts";
import type { Ended } from "../kernel/activation.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { Arrival, CheckedAnswer, CheckedSignal } from "./arrival.ts";
import type { ClosedQuestion } from "./closed-question.ts";
import type { Effect, Operation } from "./effect.ts";
import type { Outcome } from "./outcome.ts";
import type { AttemptHelp } from "./perform-operation.ts";

/**
 * One run as a function of what arrives. A driver feeds it and performs what it wants:
 *
 * 1. A driver takes one arrival at a time. Nothing but `take` changes the run.
 * 2. The same arrivals with the same decisions give the same effects, ids, events and times, in every process.
 * 3. Ids are unique in a run. An id that was dropped or that has come back already may come again, and is ignored.
 * 4. An arrival is kept *with its decisions* before its effects are launched and its events are told.
 * 5. A run is made again by taking the kept arrivals in their order with their decisions. No callback of the user is
 *    asked again, except the factories of `choose`, which make runnables. Effects that nothing kept has ended are
 *    launched again.
 * 6. An attempt is performed at least once. Its first kept outcome counts, and is its only way into the run.
 * 7. A driver that cannot keep an arrival stops driving the run. It launches nothing and tells nothing more.
 * 8. An answer counts once: the first of a turn. Each turn ends with one verdict, or with the drop of its question.
 * 9. The end of a run waits for nothing: with it come drops for all that is still open. After it there are no effects.
 */
export interface RunMachine {
  /**
   * Takes one arrival. With `recalled`, the decisions that were kept with it, nothing is decided anew.
   *
   * @throws VersionMismatchError when what was kept does not fit the definition.
   */
  readonly take: (arrival: Arrival, recalled?: readonly Json[]) => TakenArrival;
  /** Performs an attempt in this process, with the signal of the run. It changes nothing of the run and never rejects. */
  readonly perform: (operation: Operation, help?: AttemptHelp) => Outcome | Promise<Outcome>;
  /**
   * Checks an answer before it arrives. It changes nothing of the run. `duplicate`: the question has an answer, or one
   * that is being checked by its runnable. `unknown`: it was not asked. `closed`: something else closed it.
   */
  readonly check: (
    question: string,
    answer: Json,
  ) => Promise<CheckedAnswer | ClosedQuestion | "duplicate" | "unknown">;
  /** Checks a signal before it arrives. It changes nothing of the run. */
  readonly checkSignal: (signal: string, value: Json) => Promise<CheckedSignal>;
  /**
   * The run as a text, by which `restoreMachine` goes on without the arrivals until now. It is a cache: what cannot be read
   * any more is made again from the arrivals. `undefined` after the end, while something is being stopped, and where the
   * run has something open of which no snapshot is made. How questions ended is not in it: of those `check` says `unknown` afterwards.
   */
  readonly snapshot: () => string | undefined;
  /** How the run ended; `undefined` while it goes on. */
  readonly end: Ended | undefined;
}

/** What an arrival led to. */
export interface TakenArrival {
  /** What the user's callbacks said on account of it. To be kept with the arrival. */
  readonly decisions: readonly Json[];
  /** To be launched when the arrival is kept, in this order. */
  readonly effects: readonly Effect[];
  /** To be told when the arrival is kept, in this order. */
  readonly events: readonly OrchestrationEvent[];
}
