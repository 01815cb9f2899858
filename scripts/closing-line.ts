import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** What came before in the same tally: earlier runs, and checks of `.ci/run` that are no tests. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends a run with one plain line a CI can read: `N passed, N failed[, N skipped]`. Where `ORCH_TALLY` names a
 * file, the line also counts what that file says, and the file is written anew with the sums.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally = process.env["ORCH_TALLY"];
    const counts = countsIn(tally);
    counts.failed += unhandledErrors.length;
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed += 1;
        else if (state === "skipped") counts.skipped += 1;
        else failedTests += 1;
      }
      // A file that fails to load, or whose hook fails, has no failed test of its own: it counts as one failure.
      if (failedTests === 0 && module.state() === "failed") failedTests = 1;
      counts.failed += failedTests;
    }
    if (tally !== undefined) writeFileSync(tally, JSON.stringify(counts));
    const { passed, failed, skipped } = counts;
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    process.on("exit", () => process.stdout.write(`\n${line}\n`));
  }
}

function countsIn(file: string | undefined): Counts {
  const none = { passed: 0, failed: 0, skipped: 0 };
  if (file === undefined || !existsSync(file)) return none;
  return { ...none, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<Counts>) };
}
