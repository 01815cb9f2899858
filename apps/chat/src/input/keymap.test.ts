import { expect, test } from "vitest";
import { type Intent, intentsOf, type PressedKey } from "./keymap.ts";

const newline = [{ type: "edit", action: { type: "newline" } }];

test.each<[string, string, PressedKey]>([
  ["Ctrl+J", "\n", {}],
  ["Ctrl+J told by name", "j", { ctrl: true }],
  ["Alt+Enter", "\r", { return: true, meta: true }],
  ["Shift+Enter", "", { return: true, shift: true }],
])("%s begins a new line", (_name, input, key) => {
  expect(intentsOf(input, key)).toEqual(newline);
});

const insert = (text: string): Intent => ({ type: "edit", action: { type: "insert", text } });

test("T13: keys that Ink hands over as one text are heard one by one", () => {
  expect(intentsOf("hello\r", {})).toEqual([insert("hello"), { type: "enter" }]);
  expect(intentsOf("one\rtwo\r", {})).toEqual([
    insert("one"),
    { type: "enter" },
    insert("two"),
    { type: "enter" },
  ]);
  expect(intentsOf("a\u0001b\tc\u001f", {})).toEqual([
    insert("a"),
    ...intentsOf("a", { ctrl: true }),
    insert("b"),
    ...intentsOf("", { tab: true }),
    insert("c"),
    ...intentsOf("_", { ctrl: true }),
  ]);
  expect(intentsOf("\r", {})).toEqual([{ type: "enter" }]);
});

test("T13: Escape twice in one chunk is heard twice", () => {
  const twice = [{ type: "escape" }, { type: "escape" }];
  expect(intentsOf("", { escape: true })).toEqual([{ type: "escape" }]);
  expect(intentsOf("", { escape: true, meta: true })).toEqual(twice);
  expect(intentsOf("", { escape: true, meta: true }, true)).toEqual(twice);
});

test("the release of a key, and keys without a meaning, do nothing", () => {
  expect(intentsOf("a", { eventType: "release" })).toEqual([]);
  expect(intentsOf("q", { ctrl: true })).toEqual([]);
  expect(intentsOf("c", { super: true })).toEqual([]);
  expect(intentsOf("", { pageUp: true })).toEqual([]);
});
