import { expect, test } from "vitest";
import { completeFile, wantsFiles } from "./file-completion.ts";

const files = ["README.md", "src/app/app.tsx", "src/cli.ts", "src/input/editor.ts"];
const labels = (text: string, cursor = text.length): string[] | undefined =>
  completeFile(text, cursor, files)?.items.map(({ label }) => label);

test("T19: an @ that begins a word offers files, by the letters that were typed", () => {
  expect(labels("look @")).toEqual(files);
  expect(labels("look @edit")).toEqual(["src/input/editor.ts"]);
  expect(labels("@srcli")).toEqual(["src/cli.ts"]);
  expect(completeFile("look @cli now", 9, files)).toMatchObject({
    start: 6,
    end: 9,
    items: [{ insert: "src/cli.ts " }],
  });
});

test("T19: an address, a name in full and a text without @ offer nothing", () => {
  expect(labels("ada@src")).toBeUndefined();
  expect(labels("look @src/cli.ts")).toBeUndefined();
  expect(labels("look @src/cli.ts now")).toBeUndefined();
  expect(labels("look src")).toBeUndefined();
});

test("a name with spaces is put in quotes, and completed in them", () => {
  const names = ["docs/my notes.md", "src/cli.ts"];
  expect(completeFile("@notes", 6, names)?.items[0]?.insert).toBe('"docs/my notes.md" ');
  expect(completeFile('see @"my no', 11, names)).toMatchObject({
    start: 5,
    items: [{ label: "docs/my notes.md" }],
  });
  expect(completeFile('@"docs/my notes.md" now', 23, names)).toBeUndefined();
});

test("the names are asked for at the first mention, and anew where another begins", () => {
  expect(wantsFiles("look @sr", 8, false)).toBe(true);
  expect(wantsFiles("look @sr", 8, true)).toBe(false);
  expect(wantsFiles("look @", 6, true)).toBe(true);
  expect(wantsFiles("look", 4, false)).toBe(false);
});
