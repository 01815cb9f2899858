import { expect, test } from "vitest";
import { lineDiff } from "./line-diff.ts";

const drawn = (before: string, after: string): string =>
  lineDiff(before, after)
    .map(({ mark, text }) => mark + text)
    .join("|");

test.each([
  ["a\nb\nc", "a\nx\nc", " a|-b|+x| c"],
  ["", "a\nb", "+a|+b"],
  ["a\nb", "", "-a|-b"],
  ["a\nb", "a\nb", " a| b"],
  ["a\na\na", "a", " a|-a|-a"],
  ["a\nb\nc\nd", "b\nd\ne", "-a| b|-c| d|+e"],
])("the difference of %j and %j", (before, after, lines) => {
  expect(drawn(before, after)).toBe(lines);
});

test("every line of both texts is in it, and a large one takes no time", () => {
  const before = Array.from({ length: 20_000 }, (_, at) => `line ${at % 7}`).join("\n");
  const after = Array.from({ length: 20_000 }, (_, at) => `line ${at % 11}`).join("\n");
  const lines = lineDiff(before, after);
  expect(lines.flatMap(({ mark, text }) => (mark === "+" ? [] : [text])).join("\n")).toBe(before);
  expect(lines.flatMap(({ mark, text }) => (mark === "-" ? [] : [text])).join("\n")).toBe(after);
});
