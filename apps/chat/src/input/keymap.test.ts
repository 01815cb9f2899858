import { expect, test } from "vitest";
import { intentsOf, type PressedKey } from "./keymap.ts";

const newline = [{ type: "edit", action: { type: "newline" } }];

test.each<[string, string, PressedKey]>([
  ["Ctrl+J", "\n", {}],
  ["Ctrl+J told by name", "j", { ctrl: true }],
  ["Alt+Enter", "\r", { return: true, meta: true }],
  ["Shift+Enter", "", { return: true, shift: true }],
])("%s begins a new line", (_name, input, key) => {
  expect(intentsOf(input, key)).toEqual(newline);
});

test("text and its Enter in one chunk are both heard", () => {
  expect(intentsOf("hello\r", {})).toEqual([
    { type: "edit", action: { type: "insert", text: "hello" } },
    { type: "enter" },
  ]);
  expect(intentsOf("\r", {})).toEqual([{ type: "enter" }]);
});

test("lines with a carriage return between them are left to the editor, which takes them for a paste", () => {
  expect(intentsOf("one\rtwo\r", {})).toEqual([
    { type: "edit", action: { type: "input", text: "one\rtwo\r" } },
  ]);
});

test("the release of a key, and keys without a meaning, do nothing", () => {
  expect(intentsOf("a", { eventType: "release" })).toEqual([]);
  expect(intentsOf("q", { ctrl: true })).toEqual([]);
  expect(intentsOf("c", { super: true })).toEqual([]);
  expect(intentsOf("", { pageUp: true })).toEqual([]);
});
