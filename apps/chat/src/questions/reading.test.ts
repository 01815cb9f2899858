import { expect, test } from "vitest";
import type { FieldKind } from "./form.ts";
import { readField } from "./reading.ts";

const field = (kind: FieldKind, optional = false) => ({ path: ["it"], label: "it", optional, kind });
const options = [
  { label: "yes", value: true },
  { label: "no", value: false },
];
const number = { type: "number", whole: true, least: 1, most: 9 } as const;
const free = { least: 0, most: Number.POSITIVE_INFINITY };

test.each([
  [{ type: "choice", options }, "Y", { value: true }],
  [{ type: "choice", options }, "2", { value: false }],
  [{ type: "choice", options }, "true", { value: true }],
  [{ type: "choice", options }, "maybe", { problem: "it: yes or no" }],
  [
    {
      type: "choice",
      options: [
        { label: "3", value: 3 },
        { label: "1", value: 1 },
      ],
    },
    "1",
    { value: 1 },
  ],
  [{ type: "text", least: 2, most: 3 }, "a", { problem: "it: at least 2 characters" }],
  [{ type: "text", least: 2, most: 3 }, "abcd", { problem: "it: at most 3 characters, not 4" }],
  [{ type: "text", ...free }, " as typed ", { value: " as typed " }],
  [number, " 3 ", { value: 3 }],
  [number, "3.5", { problem: "it: a whole number from 1 to 9" }],
  [number, "NaN", { problem: "it: a whole number from 1 to 9" }],
  [number, "Infinity", { problem: "it: a whole number from 1 to 9" }],
  [{ type: "list", of: "text", ...free }, "a, b,,c", { value: ["a", "b", "c"] }],
  [{ type: "list", of: "text", ...free }, "a, b\nc", { value: ["a, b", "c"] }],
  [{ type: "list", of: "number", ...free }, "1, x", { problem: 'it: numbers; "x" is none' }],
  [{ type: "list", of: "text", least: 2, most: 2 }, "a", { problem: "it: at least 2, with commas between" }],
  [{ type: "json", example: {}, takes: ["object"] }, '{"a":1}', { value: { a: 1 } }],
  [
    { type: "json", example: {}, takes: ["object"] },
    "{",
    { problem: "it: JSON, like the example that the editor shows" },
  ],
  [{ type: "json", example: {}, takes: ["boolean", "string"] }, "yes", { value: true, others: ["yes"] }],
  [{ type: "open" }, "no", { value: "no", others: [false] }],
  [{ type: "open" }, "[1]", { value: "[1]", others: [[1]] }],
] as const)("T21: in a field of %j, %j is %j", (kind, text, read) => {
  expect(readField(field(kind as FieldKind), text)).toEqual(read);
});

test("T21: nothing skips a field that may be left out, and is a problem in every other", () => {
  expect(readField(field(number, true), "  ")).toEqual({ skipped: true });
  expect(readField(field(number), "")).toEqual({ problem: "it: write a whole number from 1 to 9" });
});
