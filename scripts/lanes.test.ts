import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { budgetedFiles } from "./budgeted-files.ts";
import { childEnvironment } from "./child-environment.ts";
import { isSampled, sampledFiles } from "./sampled-files.ts";

/** What a program of one line prints that sees the lanes, in this environment. */
function printedBy(expression: string, env: Record<string, string>): string {
  const program = `const lanes = await import(${JSON.stringify(join(import.meta.dirname, "lanes.ts"))}); console.log(${expression});`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    env: childEnvironment(env),
  });
  return (stdout + stderr).trim();
}

it("a budget grows from lane to lane, and can be set by hand", () => {
  const of = (env: Record<string, string>): string => printedBy('lanes.budget("damagedDatabases")', env);
  const [test, ci, prove] = [of({}), of({ ORCH_LANE: "ci" }), of({ ORCH_LANE: "prove" })].map(Number);

  expect(prove).toBe(5_000);
  expect(ci).toBeLessThan(prove!);
  expect(test).toBeLessThan(ci!);
  expect(of({ ORCH_BUDGET: "other=1,damagedDatabases=7" })).toBe("7");
});

it("a figure names its lane", () => {
  expect(printedBy('lanes.figure("5 tries") ?? ""', { ORCH_LANE: "ci" })).toContain("[lane ci] 5 tries");
});

it("a lane that does not exist is refused", () => {
  expect(printedBy("lanes.lane", { ORCH_LANE: "fast" })).toContain('ORCH_LANE is "fast"');
});

it("the files with a budget are found", () => {
  expect(budgetedFiles()).toContain("packages/sqlite/test/kill-sweep.test.ts");
  // By what they share with others.
  expect(budgetedFiles()).toContain("packages/core/test/travel.test.ts");
  expect(budgetedFiles()).toContain("apps/chat/test/taking-out.test.ts");
  expect(budgetedFiles()).toContain("apps/chat/test/sessions-commands.test.ts");
  expect(budgetedFiles()).not.toContain("packages/sqlite/test/histories.test.ts");
});

it("the files of which lane test runs a part are there, and lane ci runs them whole", () => {
  const files = Object.keys(sampledFiles);
  const whole = budgetedFiles();

  expect(files.filter((file) => !existsSync(join(import.meta.dirname, "..", file)))).toEqual([]);
  expect(files.filter((file) => !whole.includes(file))).toEqual([]);
});

it("a part has one test at least, and as many seeds as the stride take each test once", () => {
  const places = (count: number, every: number, seed: number): number[] =>
    Array.from({ length: count }, (_, place) => place).filter((place) =>
      isSampled(place, count, every, seed),
    );

  expect([0, 1, 2].map((seed) => places(7, 3, seed))).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ]);
  expect([0, 1, 2].map((seed) => places(2, 3, seed))).toEqual([[0], [1], [0]]);
  expect(places(1, 8, 20261122)).toEqual([0]);
});

it("a test that leaves something to the other lanes is among those files, wherever it stands", () => {
  const root = join(import.meta.dirname, "..");
  const places = ["{packages,apps}/*/{src,test}/**", "{examples,docs,scripts,bench}/{.,*,*/*}"];
  const tests = places.flatMap((place) => globSync(`${place}/*.test.{ts,tsx}`, { cwd: root }));
  const asks = /import \{[^}]*\b(?:budget|shareOf|thorough)\b[^}]*\} from "[^"]*\/lanes\.ts"/;
  const asking = tests.filter((file) => asks.test(readFileSync(join(root, file), "utf8")));

  const found = budgetedFiles();

  expect(asking.length).toBeGreaterThan(50);
  expect(asking.filter((file) => !found.includes(file))).toEqual([]);
});
