import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line a CI can read: `N passed, N failed[, N skipped]`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    // `.ci/run` has other checks before the tests; those that failed are counted in its one line.
    let failed = unhandledErrors.length + Number(process.env["ORCH_FAILED_CHECKS"] ?? 0);
    let skipped = 0;
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped") skipped += 1;
        else failedTests += 1;
      }
      // A file that fails to load, or whose hook fails, has no failed test of its own: it counts as one failure.
      if (failedTests === 0 && module.state() === "failed") failedTests = 1;
      failed += failedTests;
    }
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    process.on("exit", () => process.stdout.write(`\n${line}\n`));
  }
}
