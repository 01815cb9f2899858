import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { HiddenInput } from "./hidden-input.ts";

test("T19: hides what is typed, edits the line in place of the terminal, and hears Ctrl-C", () => {
  const modes: boolean[] = [];
  const stdin = Object.assign(new EventEmitter(), { setRawMode: (raw: boolean) => void modes.push(raw) });
  let interrupts = 0;
  const input = new HiddenInput(stdin as unknown as NodeJS.ReadStream, () => void interrupts++);
  input.hide(false);
  expect(input.typed("a\u007fb")).toBe("a\u007fb");
  input.hide(true);
  input.hide(true);
  expect(input.typed("kex\u007fy")).toBe("key");
  expect(input.typed("wrong\u0015key")).toBe("key");
  expect(input.typed("\u007f\u007f")).toBe("");
  stdin.emit("data", Buffer.from("\u0003"));
  expect(interrupts).toBe(1);
  input.hide(false);
  stdin.emit("data", Buffer.from("\u0003"));
  expect(interrupts).toBe(1);
  expect(modes).toEqual([true, false]);
  // What was typed before Ctrl-C is in the line buffer still, and is not said.
  expect(input.typed("half a secret\u0003/help")).toBe("/help");
});
