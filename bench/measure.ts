/**
 * Measures one subject in one case in this process, and prints how it came out as one line of JSON:
 *
 *     node --expose-gc bench/measure.ts <case> <subject> [milliseconds]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cases } from "./cases.ts";
import type { Outcome } from "./figures.ts";
import { measure, processorTime } from "./stopwatch.ts";
import { isPeer, subjectOf } from "./subjects.ts";

const [id, name = "", budget = "400"] = process.argv.slice(2);
if (budget === "prepare") {
  await prepareIn(process.argv[5]!);
  process.exit();
}
const home = mkdtempSync(join(tmpdir(), "orch-bench-"));
let outcome: Outcome;
try {
  outcome = await outcomeOf();
} catch (error) {
  outcome = {
    kind: "failed",
    problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
}
// Some peers keep timers or handles open: nothing is left to do here, so the process ends.
process.stdout.write(`\n${JSON.stringify(outcome)}\n`, () => process.exit());

/** Makes what a case of mode `fresh` finds in a folder. */
async function prepareIn(folder: string): Promise<void> {
  const one = cases.find((found) => found.id === id)!;
  const subject = await subjectOf(name, one);
  const setting = { size: one.size, folder, tick: () => {}, gate: () => Promise.resolve() };
  await (await subject?.(setting))?.prepare?.();
}

async function outcomeOf(): Promise<Outcome> {
  const one = cases.find((found) => found.id === id);
  if (one === undefined) return { kind: "failed", problem: `There is no case "${id}".` };
  const began = processorTime();
  const subject = await subjectOf(name, one);
  const loadMilliseconds = processorTime() - began;
  if (subject === undefined) return { kind: "absent" };
  const figures = await measure({
    one,
    size: isPeer(name) ? (one.peerSize ?? one.size) : one.size,
    subject,
    budget: Number(budget),
    loadMilliseconds,
    folder: () => mkdtempSync(join(home, "run-")),
    prepareApart: async (folder) => {
      const own = [import.meta.filename, one.id, name, "prepare", folder];
      execFileSync(process.execPath, [...process.execArgv, ...own], { stdio: "inherit" });
    },
  });
  return figures === undefined ? { kind: "absent" } : { kind: "measured", figures };
}
