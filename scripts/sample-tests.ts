/** Leaves tests of dear files out where `vitest.config.ts` asks for a sample (`sampled-files.ts`). */
import { relative } from "node:path";
import { beforeAll, type RunnerTask, type RunnerTestCase } from "vitest";
import { seed } from "./lanes.ts";
import { isSampled, sampledFiles } from "./sampled-files.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** The tests that would run, in their order. */
function testsIn(task: RunnerTask): readonly RunnerTestCase[] {
  if (task.mode === "skip" || task.mode === "todo") return [];
  return task.type === "suite" ? task.tasks.flatMap(testsIn) : [task];
}

if (process.env["ORCH_SAMPLED"] === "1") {
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads there which fixtures are used.
  beforeAll(({}, { file }) => {
    const every = sampledFiles[relative(ROOT, file.filepath)];
    if (every === undefined) return;
    const tests = file.tasks.flatMap(testsIn);
    for (const [place, test] of tests.entries()) {
      if (isSampled(place, tests.length, every, seed)) continue;
      // The mode keeps the test and its hooks from running, and the result tells the reporters.
      test.mode = "skip";
      test.result = { state: "skip" };
    }
  });
}
