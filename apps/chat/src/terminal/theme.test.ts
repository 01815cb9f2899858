import { describe, expect, test } from "vitest";
import { ASCII_GLYPHS, createTheme, UNICODE_GLYPHS } from "./theme.ts";
import { widthOf } from "./width.ts";

describe("createTheme", () => {
  test.each([
    [{}, true, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ TERM: "dumb" }, true, false],
    [{ TERM: "dumb", FORCE_COLOR: "1" }, true, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{}, false, false],
    [{ FORCE_COLOR: "3" }, false, true],
  ])("of %j on a terminal: %s gives colours: %s", (env, tty, colours) => {
    expect(createTheme({ env, tty }).colours).toBe(colours);
  });

  test("chooses ASCII glyphs where others would not be drawn", () => {
    expect(createTheme({ env: { LANG: "en_US.UTF-8" } }).glyphs).toBe(UNICODE_GLYPHS);
    expect(createTheme({ env: { LANG: "C" } }).glyphs).toBe(ASCII_GLYPHS);
    expect(createTheme({ env: { TERM: "linux", LANG: "en_US.UTF-8" } }).glyphs).toBe(ASCII_GLYPHS);
    expect(createTheme({ glyphs: "ascii" }).glyphs).toBe(ASCII_GLYPHS);
  });

  test("has glyphs of one cell each, different for each state", () => {
    for (const glyphs of [UNICODE_GLYPHS, ASCII_GLYPHS]) {
      for (const glyph of Object.values(glyphs)) expect(widthOf(glyph)).toBe(1);
      const { idle, running, done, failed, waiting, retry, skipped } = glyphs;
      expect(new Set([idle, running, done, failed, waiting, retry, skipped]).size).toBe(7);
    }
  });
});
