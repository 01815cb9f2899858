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

it("the tables have every feature of the three lists", () => {
  expect(rows).toHaveLength(36 + 12 + 7);
});

it.each(rows)("%s names tests that are there", (_name, state, tests) => {
  if (state !== "no") expect(tests).not.toEqual([]);
  for (const { path, title } of tests) {
    const file = join(DOCS, path);
    expect(existsSync(file), path).toBe(true);
    expect(readFileSync(file, "utf8"), path).toContain(title);
  }
});

/** A row of the table of libraries: its name, ours, three others, and tests. */
const LIBRARIES =
  /^\| (?!feature|---)([^|]+) \| ((?:yes|no|partly)[^|]*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|(.*)\|$/gm;
const beside = readFileSync(join(DOCS, "compare/agents.md"), "utf8");
const libraries = [...beside.matchAll(LIBRARIES)].map(
  ([, name, ours, ai, agents, mastra, shown]) =>
    [name!, ours!, [ai!, agents!, mastra!], testsOf(shown!)] as const,
);

it("the table of libraries has its 35 features", () => {
  expect(libraries).toHaveLength(35);
});

it.each(libraries)(
  "%s is shown by a test, or has a reason where others have it",
  (_name, ours, others, tests) => {
    if (ours.startsWith("yes")) expect(tests).not.toEqual([]);
    else expect(ours, "a no says why").toMatch(/^(?:no|partly): \S/);
    const having = others.filter((cell) => cell.startsWith("yes")).length;
    if (having >= 2) expect(ours, "two of the others have it").toMatch(/^yes|: \S/);
    for (const { path, title } of tests) {
      const file = join(DOCS, "compare", path);
      expect(existsSync(file), path).toBe(true);
      expect(readFileSync(file, "utf8"), path).toContain(title);
    }
  },
);
