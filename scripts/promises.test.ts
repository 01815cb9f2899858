import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const DOCS = join(import.meta.dirname, "../docs");
const ROW = /^\| \*\*(P\d+)\*\* \| .+ \| (.+) \|$/gm;

const promises = [...readFileSync(join(DOCS, "promises.md"), "utf8").matchAll(ROW)].map(
  ([, id, tests]) => [id!, [...tests!.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path!)] as const,
);

it("the promises are numbered from 1", () => {
  expect(promises.map(([id]) => id)).toEqual(promises.map((_, index) => `P${index + 1}`));
  expect(promises.length).toBeGreaterThanOrEqual(10);
});

it.each(promises)("%s has a test of its name in every file that the page gives for it", (id, tests) => {
  expect(tests).not.toEqual([]);
  for (const path of tests) {
    const text = readFileSync(join(DOCS, path), "utf8");
    expect(text, path).toMatch(new RegExp(`\\b(?:it|test|describe)\\b[^\\n]*\\n?[^\\n]*["\`]${id}: `));
  }
});
