import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { measureSideBySide } from "./measure-pair.ts";
import { hasCommit, type Tree, treeOf, workingTree } from "./tree.ts";

// A folder of sources without a repository has no commit to take.
const test = it.runIf(hasCommit("HEAD"));
let tree: Tree | undefined;
const head = (): Tree => {
  tree ??= treeOf("HEAD");
  return tree;
};
afterAll(() => tree?.remove());

test("the sources of a commit see each other, and the packages installed here", () => {
  const { folder } = head();
  const at = (path: string): string => realpathSync(join(folder, path));

  expect(at("node_modules/@orch/core")).toBe(at("packages/core"));
  expect(at("packages/agents/node_modules/@orch/core")).toBe(at("packages/core"));
  expect(at("node_modules/zod")).toBe(realpathSync(join(workingTree.folder, "node_modules/zod")));
});

test("a commit and the working tree are measured side by side", async () => {
  const sides = [head(), workingTree].map((one) => ({ tree: one, subject: "orch" }));
  const measured = await measureSideBySide("linear", sides, { generations: 1, rounds: 1 });

  expect(measured?.least).toHaveLength(2);
  expect(measured?.generations).toEqual([measured?.least]);
  for (const ms of measured!.least) expect(ms).toBeGreaterThan(0);
});

it("a side that fails is named, and nobody waits for it", async () => {
  const sides = ["orch", "bare"].map((subject) => ({ tree: workingTree, subject }));
  const failing = measureSideBySide("no-such-case", sides, { generations: 1, rounds: 1 });

  await expect(failing).rejects.toThrow(/^orch of the working tree failed: [\s\S]*TypeError/);
});

test("its folder is gone when it is removed", () => {
  const other = treeOf("HEAD");
  other.remove();
  expect(existsSync(other.folder)).toBe(false);
});
