/** Runs a case again, and compares. */
import type { Model } from "@orch/agents";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { EvalCaseError } from "../errors/eval-case-error.ts";
import { CallBook, type EvalMatch } from "./call-book.ts";
import type { EvalCase } from "./eval-case.ts";
import type { EvalOutcome } from "./eval-outcome.ts";
import type { EvalResult, EvalTrial, TrialScore } from "./eval-result.ts";
import { DEFAULT_MODEL, type EvalTarget, orchestrationOf } from "./eval-target.ts";
import { samePath, sameQuestions } from "./path-scorers.ts";
import { modelNamed } from "./record-case.ts";
import type { Scorer } from "./scorer.ts";
import { ToolBook } from "./tool-book.ts";
import { type EvalAnswerer, runTrial } from "./trial-run.ts";
import { sameOutput, tokensOf } from "./value-scorers.ts";
import { wilson } from "./wilson.ts";

/** How a case is run again. */
export interface EvalOptions {
  readonly target: EvalTarget;
  /** Default: `samePath()`, `sameOutput()` and `sameQuestions()`. */
  readonly scorers?: readonly Scorer[];
  /** How often. Default 1. */
  readonly trials?: number;
  /** Which share of the trials must pass. Default 1. */
  readonly passRate?: number;
  /**
   * Models that are really called: one for all names, or some by name while the others answer from the recording. They need a network
   * and a key, and cost what they cost. Default: none.
   */
  readonly live?: Model | { readonly [name: string]: Model };
  /** How a recorded answer is found. `request`: only the same request has one. Default `place`, and the changed requests are listed. */
  readonly match?: EvalMatch;
  /** Answers the questions that nobody was asked when the case was recorded. Default: nobody does, and the trial fails. */
  readonly answer?: EvalAnswerer;
  readonly signal?: AbortSignal;
  /** The time of the runs. Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Runs a case again with the recorded answers of its models, and scores what came out. Nothing goes over a network unless `live` is given: a call
 * that the recording has no answer for fails the trial, and is named.
 *
 * @example
 * ```ts
 * const result = await runEval(await readCase("evals/refund.json"), { target: ({ model }) => refunds(model()) });
 * console.log(evalTable([result]));
 * ```
 */
export async function runEval(recorded: EvalCase, options: EvalOptions): Promise<EvalResult> {
  const { trials = 1, passRate = 1, scorers = [samePath(), sameOutput(), sameQuestions()] } = options;
  const done: EvalTrial[] = [];
  for (let nth = 0; nth < Math.max(1, trials); nth++) done.push(await runOnce(recorded, options, scorers));
  const passed = done.filter((trial) => trial.passed).length;
  const { expected, name } = recorded;
  return {
    name,
    passed: passed / done.length >= passRate,
    trials: done,
    passRate: wilson(passed, done.length),
    flaky: passed > 0 && passed < done.length,
    scores: Object.fromEntries(
      scorers.map((scorer) => [scorer.name, mean(done.map(({ scores }) => scores[scorer.name]!.score))]),
    ),
    tokens: { recorded: tokensOf(expected), mean: mean(done.map(({ outcome }) => tokensOf(outcome))) },
    cost: { recorded: costOf(expected), mean: meanCost(done) },
  };
}

async function runOnce(
  recorded: EvalCase,
  { target, live, match = "place", answer, signal, clock }: EvalOptions,
  scorers: readonly Scorer[],
): Promise<EvalTrial> {
  const { now } = clock ?? systemClock;
  const began = now();
  const book = new CallBook(recorded.calls, match);
  const tools = new ToolBook(recorded.tools);
  const model = (name = DEFAULT_MODEL): Model =>
    (live && modelNamed(live, name)) ?? book.model(name, modelOf(recorded, name));
  const made = orchestrationOf(target({ model, recorded: tools.recorded }));
  const answers = new Map(recorded.answers.map((one) => [one.question, one.answer]));
  const { outcome, unanswered } = await runTrial(made, recorded.input, {
    answer: (question) => answers.get(question.id) ?? answer?.(question),
    signal,
    clock,
  });
  const missing = [...book.missing, ...tools.missing];
  const trial = {
    case: recorded,
    outcome,
    expected: recorded.expected,
    signal: signal ?? new AbortController().signal,
  };
  const scores: { [name: string]: TrialScore } = {};
  for (const scorer of scorers) {
    const { threshold = 1 } = scorer;
    const score = await scorer.score(trial);
    scores[scorer.name] = { ...score, threshold, passed: score.score >= threshold };
  }
  return {
    passed: missing.length + unanswered.length === 0 && Object.values(scores).every((score) => score.passed),
    outcome,
    scores,
    missing,
    changed: book.changed,
    unused: live === undefined ? book.unused.length : 0,
    unanswered,
    duration: now() - began,
  };
}

function modelOf({ models, name: of }: EvalCase, name: string) {
  const model = Object.hasOwn(models, name)
    ? models[name]
    : (models[DEFAULT_MODEL] ?? Object.values(models)[0]);
  if (model === undefined) {
    throw new EvalCaseError({
      name: of,
      problem: `it has no answers of the model "${name}"; run it with live`,
    });
  }
  return model;
}

function costOf({ usage }: EvalOutcome): number | undefined {
  return usage.unpriced > 0 ? undefined : usage.cost;
}

function meanCost(trials: readonly EvalTrial[]): number | undefined {
  const costs = trials.map(({ outcome }) => costOf(outcome));
  return costs.some((cost) => cost === undefined) ? undefined : mean(costs as readonly number[]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
