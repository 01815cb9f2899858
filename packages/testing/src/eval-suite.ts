/** Evals as tests of vitest: call it in a test file. */

export { type EvalSuiteOptions, evalSuite } from "./evals/eval-suite.ts";
