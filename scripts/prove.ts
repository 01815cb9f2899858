/**
 * Runs all tests with full budgets, and prints what was counted, with the date, the commit and the seed. Each file
 * with a budget is a step; all other tests are the last one. What a step found is kept, so a run that was
 * interrupted goes on where it stopped; a new commit or another seed begins anew.
 *
 *     pnpm prove               the seed that the README names
 *     pnpm prove --seed 7      other draws
 *     pnpm prove --fresh       begins anew
 *     pnpm prove --shard 1/2   every second step, so that two clones or machines share the work; the other has 2/2
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { budgetedFiles } from "./budgeted-files.ts";
import { seed as usualSeed } from "./lanes.ts";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache");
const stateFile = join(cache, "prove.json");
const REST = "all other tests";

/** What one step found. */
interface Step {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What its tests counted, a line each. */
  readonly figures: readonly string[];
}
interface State {
  readonly commit: string;
  readonly seed: number;
  readonly steps: { [name: string]: Step };
}

const { values } = parseArgs({
  options: { seed: { type: "string" }, fresh: { type: "boolean" }, shard: { type: "string" } },
});
const [shard = 1, shards = 1] = values.shard?.split("/").map(Number) ?? [];
if (!(shard >= 1 && shard <= shards)) throw new RangeError("--shard is a text like 1/2 or 2/2.");
const seed = Number(values.seed ?? usualSeed);
const commit = commitNow();
const budgeted = budgetedFiles();
const state = begin();
const names = [...budgeted, REST].filter((_, at) => at % shards === shard - 1);
for (const name of names) {
  if (name in state.steps) {
    console.log(`--- ${name}: done before`);
    continue;
  }
  console.log(`--- ${name}`);
  state.steps[name] = await prove(name);
  // A step that failed is not kept: the next run tries it again.
  const kept = Object.entries(state.steps).filter(([, { failed }]) => failed === 0);
  writeFileSync(stateFile, JSON.stringify({ ...state, steps: Object.fromEntries(kept) }));
}
tell(Object.values(state.steps));

/** The state of a run of the same commit and seed, or a new one. */
function begin(): State {
  mkdirSync(cache, { recursive: true });
  // Where files differ from the commit, nobody knows what an earlier run has proven.
  if (!values.fresh && !commit.endsWith("+") && existsSync(stateFile)) {
    const found = JSON.parse(readFileSync(stateFile, "utf8")) as State;
    if (found.commit === commit && found.seed === seed) return found;
  }
  return { commit, seed, steps: {} };
}

async function prove(name: string): Promise<Step> {
  const figures = join(cache, "prove-figures.txt");
  const tally = join(cache, "prove-tally.json");
  for (const file of [figures, tally]) rmSync(file, { force: true });
  const which = name === REST ? budgeted.flatMap((file) => ["--exclude", file]) : [name];
  const began = performance.now();
  const child = spawn(join(root, "node_modules/.bin/vitest"), ["run", ...which], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      ORCH_LANE: "prove",
      ORCH_SEED: String(seed),
      ORCH_FIGURES: figures,
      ORCH_TALLY: tally,
    },
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const counts = existsSync(tally)
    ? (JSON.parse(readFileSync(tally, "utf8")) as Pick<Step, "passed" | "failed" | "skipped">)
    : { passed: 0, failed: 1, skipped: 0 };
  return {
    ...counts,
    failed: code === 0 ? counts.failed : Math.max(1, counts.failed),
    seconds: Math.round((performance.now() - began) / 1_000),
    figures: existsSync(figures) ? readFileSync(figures, "utf8").trimEnd().split("\n") : [],
  };
}

function tell(steps: readonly Step[]): void {
  const sum = (of: (step: Step) => number): number => steps.reduce((total, step) => total + of(step), 0);
  const today = new Date().toISOString().slice(0, 10);
  const minutes = (sum(({ seconds }) => seconds) / 60).toFixed(1);
  const part = shards > 1 ? `, shard ${shard} of ${shards}` : "";
  console.log(`\nLane prove, ${today}, commit ${commit}, seed ${seed}${part}, ${minutes} minutes:`);
  for (const { figures } of steps) for (const line of figures) console.log(`  ${line}`);
  const skipped = sum((step) => step.skipped);
  const failed = sum((step) => step.failed);
  const more = skipped > 0 ? `, ${skipped} skipped` : "";
  console.log(`\n${sum(({ passed }) => passed)} passed, ${failed} failed${more}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The commit, with a plus sign where files differ from it. */
function commitNow(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  return git("rev-parse", "--short=12", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
}
