import { expect, test } from "vitest";
import { historyLine, readHistory, remember } from "./history.ts";

test("an entry that is sent again moves to the end", () => {
  expect(remember(remember(remember([], "a"), "b"), "a")).toEqual(["b", "a"]);
  expect(remember(["a"], "  ")).toEqual(["a"]);
});

test("a file gives back one project's entries, and survives a torn line", () => {
  const file = [
    historyLine("p", "a\nb"),
    historyLine("q", "x"),
    historyLine("p", "c"),
    historyLine("p", "a\nb"),
    '{"project":"p","te',
  ];
  expect(readHistory(file.join(""), "p")).toEqual(["c", "a\nb"]);
  expect(readHistory('null\n[1]\n{"project":1,"text":"x"}\n', "p")).toEqual([]);
});
