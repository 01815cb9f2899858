import { describe, expect, test } from "vitest";
import { steady } from "./frame-stream.ts";

const ESC = "\u001b";

describe("a frame on its way to the terminal", () => {
  test("T08: goes up from the cursor, never down before", () => {
    // Ink: hide, down from the editor to the end, erase four rows, write three, and back to the editor.
    const erase = `${`${ESC}[2K${ESC}[1A`.repeat(3)}${ESC}[2K${ESC}[G`;
    const ink = `${ESC}[?25l${ESC}[2B${ESC}[1G${erase}a\nb\nc\n${ESC}[2A${ESC}[3G${ESC}[?25h`;
    expect(steady(ink)).toBe(
      `${ESC}[?25l${ESC}[1A${ESC}[Ga${ESC}[K\nb${ESC}[K\nc${ESC}[K\n${ESC}[J${ESC}[2A${ESC}[3G${ESC}[?25h`,
    );
  });

  test("T08: moves the cursor of a frame that stays by the shortest way", () => {
    const ink = `${ESC}[?25l${ESC}[2B${ESC}[1G${ESC}[3A${ESC}[5G${ESC}[?25h`;
    expect(steady(ink)).toBe(`${ESC}[?25l${ESC}[1A${ESC}[G${ESC}[5G${ESC}[?25h`);
  });

  test("leaves everything else as it is", () => {
    for (const chunk of ["text\n", `${ESC}[?25l`, `${ESC}[?2026h`, `${ESC}[2Bx`, `${ESC}[?25h`, ""])
      expect(steady(chunk)).toBe(chunk);
  });
});
