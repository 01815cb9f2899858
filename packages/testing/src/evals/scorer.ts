/** What judges one trial of a case. */
import type { EvalCase } from "./eval-case.ts";
import type { EvalOutcome } from "./eval-outcome.ts";

/** A trial, as a scorer sees it. */
export interface ScoredTrial {
  readonly case: EvalCase;
  /** What happened now. */
  readonly outcome: EvalOutcome;
  /** What is expected, which is what happened when the case was recorded. */
  readonly expected: EvalOutcome;
  readonly signal: AbortSignal;
}

/** What a scorer says. */
export interface Score {
  /** From 0 to 1. */
  readonly score: number;
  /** Why, for a person: a difference, line by line, or the words of a judge. */
  readonly reason?: string;
}

/** Judges a trial. It passes when its score is at least `threshold`. */
export interface Scorer {
  /** The column of the table; unique in a suite. */
  readonly name: string;
  /** Default 1. */
  readonly threshold?: number;
  readonly score: (trial: ScoredTrial) => Score | Promise<Score>;
}

/** What a function may answer with in place of a score. */
export type Verdict = Score | number | boolean;

/** A verdict as a score from 0 to 1. */
export function scoreOf(verdict: Verdict): Score {
  if (typeof verdict === "boolean") return { score: verdict ? 1 : 0 };
  const { score, ...rest } = typeof verdict === "number" ? { score: verdict } : verdict;
  if (!(score >= 0 && score <= 1)) {
    return { score: 0, reason: `The scorer gave ${String(score)}, and a score is a number from 0 to 1.` };
  }
  return { score, ...rest };
}
