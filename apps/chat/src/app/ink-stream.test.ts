import { EventEmitter } from "node:events";
import { Box, render, Text, useCursor } from "ink";
import { createElement, type ReactElement } from "react";
import { describe, expect, it } from "vitest";
import { inkStream, readInk } from "./ink-stream.ts";
import type { LiveFrame } from "./live-region.ts";

const ESC = "\u001b";

describe("what Ink writes", () => {
  it("is a frame with the cursor in it", () => {
    const erase = `${`${ESC}[2K${ESC}[1A`.repeat(3)}${ESC}[2K${ESC}[G`;
    const ink = `${ESC}[?25l${ESC}[2B${ESC}[1G${erase}a\n${ESC}[2mb${ESC}[22m\nc\n${ESC}[2A${ESC}[3G${ESC}[?25h`;
    expect(readInk(ink, [])).toEqual({
      type: "frame",
      frame: { rows: ["a", `${ESC}[2mb${ESC}[22m`, "c"], cursor: { x: 2, y: 1 } },
    });
  });

  it("is a frame that stays, with the cursor elsewhere", () => {
    const ink = `${ESC}[?25l${ESC}[2B${ESC}[1G${ESC}[3A${ESC}[5G${ESC}[?25h`;
    expect(readInk(ink, ["a", "b", "c"])).toEqual({
      type: "frame",
      frame: { rows: ["a", "b", "c"], cursor: { x: 4, y: 0 } },
    });
  });

  it("is a frame that goes, modes, or nothing", () => {
    expect(readInk(`${ESC}[?25l${ESC}[2A${ESC}[1G${ESC}[J`, ["a"])).toEqual({ type: "erase" });
    for (const modes of [`${ESC}[?u`, `${ESC}[>1u`, `${ESC}[<u`, `${ESC}[?2004h`, `${ESC}[?25h`])
      expect(readInk(modes, [])).toEqual({ type: "pass", text: modes });
    for (const nothing of ["", `${ESC}[?2026h`, `${ESC}[?2026l`, `${ESC}[2B${ESC}[1G`])
      expect(readInk(nothing, [])).toEqual({ type: "nothing" });
  });

  it("is read as Ink draws it, and nothing of it reaches the terminal unread", async () => {
    const written: string[] = [];
    const terminal = Object.assign(new EventEmitter(), {
      isTTY: true,
      columns: 40,
      rows: 10,
      write: (text: string, then?: () => void) => {
        written.push(text);
        then?.();
        return true;
      },
    });
    const heard: (LiveFrame | "erase")[] = [];
    const stdout = inkStream(terminal as never, {
      frame: (frame) => heard.push(frame),
      erase: () => heard.push("erase"),
      pass: () => undefined,
    });
    const app = render(createElement(View, { text: "one" }), {
      stdout,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
    });
    await app.waitUntilRenderFlush();
    app.rerender(createElement(View, { text: "two\nthree" }));
    await app.waitUntilRenderFlush();
    terminal.columns = 20;
    terminal.emit("resize");
    app.clear();
    app.unmount();
    await app.waitUntilExit();
    expect(heard).toEqual([
      { rows: ["one", "end"], cursor: { x: 1, y: 1 } },
      { rows: ["two", "three", "end"], cursor: { x: 1, y: 1 } },
      "erase",
    ]);
    expect(written.join("")).toBe("");
  });
});

function View({ text }: { readonly text: string }): ReactElement {
  useCursor().setCursorPosition({ x: 1, y: 1 });
  return createElement(
    Box,
    { flexDirection: "column" },
    createElement(Text, undefined, text),
    createElement(Text, undefined, "end"),
  );
}
