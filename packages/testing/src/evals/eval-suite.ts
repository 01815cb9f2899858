/** Cases as tests of vitest. */
import { describe, expect, it } from "vitest";
import type { EvalCase } from "./eval-case.ts";
import { META } from "./eval-reporter.ts";
import { evalDiff, evalRow } from "./eval-table.ts";
import { type EvalOptions, runEval } from "./run-eval.ts";

/** What a suite of cases is made of. */
export interface EvalSuiteOptions extends Omit<EvalOptions, "signal"> {
  readonly cases: readonly EvalCase[];
  /** Of each case, in milliseconds. Default: that of vitest. */
  readonly timeout?: number;
}

/**
 * Makes a test of each case: it fails with the difference when fewer trials pass than must. `EvalReporter` shows the table of all.
 *
 * @example
 * ```ts
 * evalSuite("refunds", { cases: await readCases("evals"), target: ({ model }) => refunds(model()) });
 * ```
 */
export function evalSuite(name: string, { cases, timeout, ...options }: EvalSuiteOptions): void {
  describe(name, () => {
    for (const recorded of cases) {
      it(recorded.name, timeout === undefined ? {} : { timeout }, async ({ task, signal }) => {
        const result = await runEval(recorded, { ...options, signal });
        Object.assign(task.meta, { [META]: evalRow(result) });
        if (!result.passed) expect.fail(evalDiff(result));
      });
    }
  });
}
