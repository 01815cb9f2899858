import { fieldOf } from "../platform/field-of.ts";
import type { EventError } from "../words/events.ts";
import { isFinal } from "../words/retry.ts";
import { brief } from "./brief.ts";
import { errorData } from "./error-data.ts";
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
  /** The failure that the runnable was given, where a `.catch` edge led to it. */
  readonly failure?: EventError;
}

/** What is known of a runnable that failed, for advice that fits. */
export interface FailedRunnable {
  /** How many attempts its retry policy allows; absent where it can have no policy. */
  readonly attempts?: number | undefined;
  /** How its failure can be taken; absent where nothing is around it. */
  readonly taken?: "by an edge" | "by an edge that holds" | "as a result" | undefined;
}

/** A runnable failed and has no attempts left. What it threw is the `cause`. */
export class RunnableError extends OrchError<"ORCH_RUNNABLE_FAILED", RunnableFailedFacts> {
  /** `false`: what led to it says that no further attempt can help. */
  declare readonly retryable?: false;
  /** How long what led to it asks to wait before another attempt, in milliseconds. */
  declare readonly retryAfter?: number;

  constructor(
    facts: RunnableFailedFacts,
    cause: unknown,
    known: FailedRunnable = { attempts: 1, taken: "by an edge" },
  ) {
    const { runnable, attempt, path } = facts;
    const after = attempt > 1 ? ` after ${attempt} attempts` : "";
    super(
      "ORCH_RUNNABLE_FAILED",
      facts.input instanceof Error ? { ...facts, failure: errorData(facts.input) } : facts,
      {
        says: `"${brief(runnable)}" failed${after}: ${messageOf(cause)} (at ${brief(path)})`,
        fix: isOrchError(cause) ? cause.fix : wayOut(facts, cause, known),
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

/** Advice that fits what is known: nobody is told to give a retry policy to what has one, or can have none. */
function wayOut(facts: RunnableFailedFacts, cause: unknown, known: FailedRunnable): string {
  const isOver = isFinal(cause);
  const ways = [isOver ? undefined : wayToTry(facts, known), wayToTake(known)].filter(
    (way) => way !== undefined,
  );
  const read = isOver ? "Read the cause, which no further attempt can change." : "Read the cause.";
  const hint = hintAtInput(facts, cause);
  if (ways.length === 0) return `${read}${hint}`;
  const advice = ways.join("; ");
  return `${read}${hint} ${advice[0]!.toUpperCase()}${advice.slice(1)}.`;
}

function wayToTry(
  { runnable, attempt }: RunnableFailedFacts,
  { attempts }: FailedRunnable,
): string | undefined {
  if (attempts === undefined) return undefined;
  if (attempts <= 1) return `if it may pass, give "${runnable}" a retry policy`;
  return attempt < attempts
    ? `if it may pass, let "when" of its retry policy take it`
    : `if it may pass, raise "attempts" or "firstDelay" of its retry policy`;
}

function wayToTake({ taken }: FailedRunnable): string | undefined {
  switch (taken) {
    case "by an edge":
      return "if the flow can go on without it, add a .catch edge";
    case "by an edge that holds":
      return "if the flow can go on without it, let one of its .catch edges hold for it";
    case "as a result":
      return "if the others can go on without it, pass `settled: true`, or add a .catch edge around them";
    default:
      return undefined;
  }
}

/** In plain JavaScript a TypeError mostly means that the input does not fit. */
function hintAtInput({ runnable, input }: RunnableFailedFacts, cause: unknown): string {
  if (fieldOf(cause, "name") !== "TypeError" || fieldOf(cause, "cause") !== undefined) return "";
  return ` Its input was ${shapeOf(input)}: if "${runnable}" takes another, pass \`convert\` on the way to it.`;
}
