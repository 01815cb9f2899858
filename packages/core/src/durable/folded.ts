import type { Activation } from "../kernel/activation.ts";
import type { RunState, TimerPurpose } from "../kernel/transition.ts";
import type { QuestionEnds } from "../run/question-ends.ts";

/** A timer that was set and has not been seen to fire. */
export interface OpenTimer {
  readonly activation: Activation;
  /** In milliseconds since the epoch. */
  readonly due: number;
  readonly ms: number;
  readonly purpose: TimerPurpose;
}

/** A run, as far as its journal goes. */
export interface Folded {
  readonly run: RunState;
  /** Operations to be executed again, by path. */
  readonly open: ReadonlyMap<string, Activation>;
  readonly timers: readonly OpenTimer[];
  /** The halted fan-outs that have not ended. */
  readonly halted: readonly Activation[];
  /** Those of the open operations that are not to begin, because a fan-out around them is halted. */
  readonly held: ReadonlySet<Activation>;
  /** The number of the last event. */
  readonly events: number;
  /** The number up to which events may have been told before they were kept; 0 where none was. */
  readonly limit: number;
  /** How the questions ended that are not open any more. */
  readonly questions: QuestionEnds;
  /** The number of the record with which the failure came up that ended the run. */
  readonly failedAt: number | undefined;
}
