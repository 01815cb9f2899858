/** Evals: a recorded run becomes a case that is run again and compared. No account, no server. */

export type { EvalMissFacts } from "./errors/eval-miss-error.ts";
export type { EvalChange, EvalMatch } from "./evals/call-book.ts";
export { readCase, readCases, writeCase } from "./evals/case-file.ts";
export { caseOfRun, type RecordedRunSource } from "./evals/case-of-run.ts";
export type { EvalAnswer, EvalCall, EvalCase, EvalModel, EvalToolCall } from "./evals/eval-case.ts";
export type {
  EvalError,
  EvalMove,
  EvalOutcome,
  EvalQuestion,
  EvalState,
  EvalToolUse,
  EvalUsage,
} from "./evals/eval-outcome.ts";
export { EvalReporter } from "./evals/eval-reporter.ts";
export type { EvalRate, EvalResult, EvalTrial, TrialScore } from "./evals/eval-result.ts";
export { evalTable } from "./evals/eval-table.ts";
export type { EvalKit, EvalTarget } from "./evals/eval-target.ts";
export { type ModelJudgeOptions, modelJudge } from "./evals/model-judge.ts";
export {
  type PathOptions,
  samePath,
  sameQuestions,
  sameTools,
  type ToolsOptions,
} from "./evals/path-scorers.ts";
export { type RecordCaseOptions, recordCase } from "./evals/record-case.ts";
export { type EvalOptions, runEval } from "./evals/run-eval.ts";
export type { Score, ScoredTrial, Scorer, Verdict } from "./evals/scorer.ts";
export type { EvalAnswerer } from "./evals/trial-run.ts";
export {
  fitsSchema,
  judge,
  type SpendingLimit,
  sameOutput,
  spendsAtMost,
  type ValueOptions,
} from "./evals/value-scorers.ts";
