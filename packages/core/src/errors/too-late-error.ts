import { OrchError } from "./orch-error.ts";

/** Whose context was used too late. */
export interface TooLateFacts {
  /** The runnable's id. */
  readonly runnable: string;
  /** The path of its activation. */
  readonly path: string;
  /** The attempt that was over, from 1. */
  readonly attempt: number;
}

/** A context was used after its attempt or its activation had ended. The call had no effect. */
export class TooLateError extends OrchError<"ORCH_TOO_LATE", TooLateFacts> {
  constructor(facts: TooLateFacts) {
    super("ORCH_TOO_LATE", facts, {
      says: `Attempt ${facts.attempt} of "${facts.path}" is over, and its context can do nothing more.`,
      fix: `Await in "${facts.runnable}" everything that uses its context, and stop timers and streams when ctx.signal aborts.`,
    });
  }
}
