import { expect, it } from "vitest";
import { lane } from "./lanes.ts";
import { allWordBreaches, doubledNames, glossaryTerms, unexplainedNames } from "./words.ts";

const file = (path: string, text: string) => ({ path: `packages/p/src/${path}`, text });

// `.ci/run` has this as a check of its own.
it.skipIf(lane === "test")("has one word for one thing (node scripts/words.ts says where)", () => {
  expect(allWordBreaches()).toEqual([]);
});

it("finds a type that two files of a package export, and lets a file keep one for itself", () => {
  const files = [
    file("a.ts", "export interface Entry {} interface Own {} export class Both {} "),
    file("b.ts", "export type Entry = string; interface Own {} export { Both } from './a.ts';"),
  ];

  expect(doubledNames("packages/p", files).map(({ key }) => key)).toEqual([
    "packages/p: 2 files export a type Entry",
  ]);
});

it("lets a file have the name of its function, which says what it does", () => {
  const files = [file("given-fields.ts", "export function givenFields(): void {}"), file("leftover.ts", "")];

  expect(unexplainedNames("packages/p", files, new Set()).map(({ at }) => at)).toEqual([
    ["leftover in packages/p/src/leftover.ts"],
  ]);
});

it("finds names of files and of types of which no glossary explains a word, in the singular", () => {
  const page = "| word | is |\n|---|---|\n| **run** | has **records** |\n**bold** text\n";
  const files = [file("open-runs.ts", "export interface JournalRecords {} export interface TakenUp {}")];
  const known = new Set(["run", "record"]);

  expect(glossaryTerms(page)).toEqual(["run", "records"]);
  expect(unexplainedNames("packages/p", files, known).map(({ key }) => key)).toEqual([
    "packages/p: no glossary explains up",
  ]);
});
