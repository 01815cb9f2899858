import { messageOf } from "./message-of.ts";
import { shapeOf } from "./no-advance-error.ts";
import { isOrchError, OrchError } from "./orch-error.ts";

/** Where and with what a runnable failed. */
export interface RunnableFailedFacts {
  readonly runnable: string;
  readonly path: string;
  readonly visit: number;
  /** The attempt that failed last, from 1. */
  readonly attempt: number;
  readonly input: unknown;
}

/** A runnable failed and has no attempts left. What it threw is the `cause`. */
export class RunnableError extends OrchError<"ORCH_RUNNABLE_FAILED", RunnableFailedFacts> {
  constructor(facts: RunnableFailedFacts, cause: unknown) {
    const attempt = facts.attempt > 1 ? ` after ${facts.attempt} attempts` : "";
    super(
      "ORCH_RUNNABLE_FAILED",
      facts,
      {
        says: `"${facts.runnable}" failed${attempt} at ${facts.path}: ${messageOf(cause)}`,
        fix: isOrchError(cause)
          ? cause.fix
          : `${first(facts, cause)} If it may pass, give "${facts.runnable}" a retry policy; if the flow can go on without it, add a .catch edge.`,
      },
      { cause },
    );
  }

  /** Without the input, which may hold what a log must not. */
  override toJSON(): {
    name: string;
    code: "ORCH_RUNNABLE_FAILED";
    message: string;
    facts: RunnableFailedFacts;
  } {
    return { ...super.toJSON(), facts: { ...this.facts, input: undefined } };
  }
}

/** In plain JavaScript a TypeError mostly means that the input does not fit. */
function first({ runnable, input }: RunnableFailedFacts, cause: unknown): string {
  const why = "Read the cause.";
  if (!(cause instanceof TypeError)) return why;
  return `${why} Its input was ${shapeOf(input)}: if "${runnable}" takes another, pass \`convert\` on the way to it.`;
}
