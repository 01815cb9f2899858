import { describe, expect, test } from "vitest";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs.ts";
import { createTheme, THEME_NAMES } from "./theme.ts";
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

  test.each([
    [undefined, "dark"],
    ["15;0", "dark"],
    ["0;15", "light"],
    ["0;default;15", "light"],
    ["12;8", "dark"],
    ["0;7", "light"],
    ["nonsense", "dark"],
    ["0;default", "dark"],
    ["0;99", "dark"],
  ])("of a terminal that says %s is %s by itself", (told, name) => {
    const env = told === undefined ? {} : { COLORFGBG: told };
    expect(createTheme({ env }).name).toBe(name);
    expect(createTheme({ env, theme: "mono" }).name).toBe("mono");
  });

  test("has themes of the 16 colours that every terminal defines, mono of none, and NO_COLOR wins over each", () => {
    for (const theme of THEME_NAMES) {
      const { styles, colours } = createTheme({ theme, env: { NO_COLOR: "1" } });
      expect(colours).toBe(false);
      const used = Object.values(styles).filter(({ colour }) => colour !== undefined);
      expect(used.length === 0).toBe(theme === "mono");
      // A state that failed stands out in each of them.
      expect(styles.failed).not.toEqual(styles.idle);
    }
    const { styles } = createTheme({ theme: "high-contrast" });
    expect(Object.values(styles).some(({ dim }) => dim === true)).toBe(false);
  });

  test("T11: has glyphs of one cell each, and those that say something say one thing", () => {
    for (const glyphs of [UNICODE_GLYPHS, ASCII_GLYPHS]) {
      // What a question's rows begin with is longer in ASCII, so that no text can begin so.
      const { bar: _, ...cells } = glyphs;
      for (const glyph of Object.values(cells)) expect(widthOf(glyph)).toBe(1);
      const { idle, running, done, failed, waiting, retry, skipped, warning, chosen, queued, ...drawing } =
        glyphs;
      const marks = [idle, running, done, failed, waiting, retry, skipped, warning, chosen, queued];
      expect(new Set(marks).size).toBe(marks.length);
      expect(Object.values(drawing).filter((glyph) => marks.includes(glyph))).toEqual([]);
    }
  });
});
