import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { choiceEntry } from "./choice-entry.ts";

const CHOICES = [
  { value: "anthropic/claude-sonnet-5-5" },
  { value: "local/extractive", description: "quotes your files; not a language model" },
];
const HINT = "/model <provider/model> chooses; /model <state> <provider/model> for one state.";

function rowsAt(width: number): readonly string[] {
  const rows = choiceEntry(CHOICES, "local/extractive", HINT)({ width, theme: createTheme() }).map(plainText);
  for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
  return rows;
}

test("choices stand beside what they mean, and the present one is marked", () => {
  expect(rowsAt(80)).toEqual([
    "",
    "  anthropic/claude-sonnet-5-5",
    "✓ local/extractive             quotes your files; not a language model",
    HINT,
  ]);
});

test("a meaning that is longer than its column goes on below", () => {
  expect(rowsAt(62).slice(2, 4)).toEqual([
    "✓ local/extractive             quotes your files; not a",
    "                               language model",
  ]);
});

test("a narrow window has whole names, with their meaning below, and the whole hint", () => {
  const rows = rowsAt(40);
  expect(rows.slice(1, 5)).toEqual([
    "  anthropic/claude-sonnet-5-5",
    "✓ local/extractive",
    "    quotes your files; not a language",
    "    model",
  ]);
  expect(rows.slice(5).join(" ")).toBe(HINT);
});
