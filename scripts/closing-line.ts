import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/** What came before in the same tally: earlier runs, and checks of `.ci/run` that are no tests. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * Ends a run with one plain line a CI can read: `N passed, N failed[, N skipped]`. Where `ORCH_TALLY` names a
 * file, the line also counts what that file says, and the file is written anew with the sums. Where `ORCH_FAILURES` names a
 * file, the names of the failed tests are added to what stands there, and all of it is said before the line: who keeps only
 * the end of a log sees what failed.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const { ORCH_TALLY: tally, ORCH_FAILURES: failures } = process.env;
    const counts = countsIn(tally);
    const names = unhandledErrors.map((error) => `outside of all tests: ${String(error)}`);
    for (const module of modules) {
      const failed: string[] = [];
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") counts.passed += 1;
        else if (state === "skipped") counts.skipped += 1;
        else failed.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
      // A file that fails to load, or whose hook fails, has no failed test of its own: it counts as one failure.
      if (failed.length === 0 && module.state() === "failed") failed.push(module.relativeModuleId);
      names.push(...failed);
    }
    counts.failed += names.length;
    if (tally !== undefined) writeFileSync(tally, JSON.stringify(counts));
    const { passed, failed, skipped } = counts;
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    const said = failures === undefined ? "" : withNames(failures, names);
    process.on("exit", () => process.stdout.write(`\n${said}${line}\n`));
  }
}

/** Adds the names of failed tests to a file of failures, and gives what is said of all of them. */
function withNames(file: string, names: readonly string[]): string {
  appendFileSync(file, names.map((name) => `test: ${name}\n`).join(""));
  const all = readFileSync(file, "utf8");
  return all === "" ? "" : `What failed:\n${all}\n`;
}

function countsIn(file: string | undefined): Counts {
  const none = { passed: 0, failed: 0, skipped: 0 };
  if (file === undefined || !existsSync(file)) return none;
  return { ...none, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<Counts>) };
}
