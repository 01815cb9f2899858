import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const DOCS = join(import.meta.dirname, "../docs");
/** A row: its name, whether it is there, and in the last column links to files, each with titles of tests. */
const ROW = /^\| (?!feature|---)([^|]+) \| (yes|no)[^|]* \|(.*)\|$/gm;
const TESTS = /\[[^\]]+\]\(([^)]+)\): ((?:“[^”]+”(?:, )?)+)/g;
const TITLE = /“([^”]+)”/g;

const testsOf = (shown: string): readonly { readonly path: string; readonly title: string }[] =>
  [...shown.matchAll(TESTS)].flatMap(([, path, titles]) =>
    [...titles!.matchAll(TITLE)].map(([, title]) => ({ path: path!, title: title! })),
  );

const rows = [...readFileSync(join(DOCS, "features.md"), "utf8").matchAll(ROW)].map(
  ([, name, state, shown]) => [name!.trim(), state!, testsOf(shown!)] as const,
);

it("the tables have every feature of the two lists", () => {
  expect(rows).toHaveLength(36 + 12);
});

it.each(rows)("%s names tests that are there", (_name, state, tests) => {
  if (state !== "no") expect(tests).not.toEqual([]);
  for (const { path, title } of tests) {
    const file = join(DOCS, path);
    expect(existsSync(file), path).toBe(true);
    expect(readFileSync(file, "utf8"), path).toContain(title);
  }
});
