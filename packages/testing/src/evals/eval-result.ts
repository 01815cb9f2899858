/** What became of a case that was run again. */
import type { EvalChange } from "./call-book.ts";
import type { EvalOutcome } from "./eval-outcome.ts";
import type { Score } from "./scorer.ts";

/** One run of a case. */
export interface EvalTrial {
  /** Every scorer reached its threshold, and nothing was missing or unanswered. */
  readonly passed: boolean;
  readonly outcome: EvalOutcome;
  /** By the name of the scorer. */
  readonly scores: { readonly [scorer: string]: TrialScore };
  /** Model and tool calls that the recording has no answer for. */
  readonly missing: readonly EvalChange[];
  /** Model calls that were answered, but whose request is not the recorded one. */
  readonly changed: readonly EvalChange[];
  /** Recorded answers of models that nobody asked for. */
  readonly unused: number;
  /** Questions that nobody answered. */
  readonly unanswered: readonly string[];
  /** In milliseconds. */
  readonly duration: number;
}

/** A score, and whether it is enough. */
export interface TrialScore extends Score {
  readonly threshold: number;
  readonly passed: boolean;
}

/** A share with the range in which it lies with a confidence of 95 % (Wilson's score interval). */
export interface EvalRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** What became of a case. */
export interface EvalResult {
  readonly name: string;
  /** As many trials passed as must. */
  readonly passed: boolean;
  readonly trials: readonly EvalTrial[];
  /** The trials that passed. */
  readonly passRate: EvalRate;
  /** Some trials passed and some did not. */
  readonly flaky: boolean;
  /** The mean of each scorer over the trials. */
  readonly scores: { readonly [scorer: string]: number };
  /** What the recorded run spent, beside the mean of the trials. */
  readonly tokens: { readonly recorded: number; readonly mean: number };
  /** In US dollars; `undefined` where a price is not known. */
  readonly cost: { readonly recorded: number | undefined; readonly mean: number | undefined };
}
