import fc from "fast-check";
import { renderToString } from "ink";
import { createElement } from "react";
import { describe, expect, test } from "vitest";
import { budget } from "../../../../scripts/lanes.ts";
import { processorTime } from "../../../../scripts/processor-time.ts";
import { firedBy } from "../../test/support/fired-by.ts";
import { hostile } from "../../test/support/hostile-texts.ts";
import { CLEANER_START, cleanDelta } from "./cleaner.ts";
import { safe, safeText, visibleText } from "./safe-text.ts";
import { Text } from "./text.tsx";

const isPrintable = (text: string): boolean =>
  [...text].every((character) => {
    const point = character.codePointAt(0)!;
    return point === 0x0a || point === 0x09 || (point >= 0x20 && point < 0x7f) || point >= 0xa0;
  }) && !/\p{Surrogate}/u.test(text);

describe("P7: safeText", () => {
  test.each([
    ["a clipboard write", "a\u001b]52;c;aGk=\u0007b", "ab"],
    ["a title in C1 form", "a\u009d0;title\u009cb", "ab"],
    ["a screen clear", "a\u001b[2Jb", "ab"],
    ["a device status request", "a\u009b6nb", "ab"],
    ["a DCS with a nested OSC", "a\u001bPq\u001b]0;x\u0007b", "ab"],
    ["APC, PM and SOS", "a\u001b_x\u001b\\b\u001b^y\u001b\\c\u001bXz\u001b\\d", "abcd"],
    [
      "a link that lies",
      "\u001b]8;;https://evil.example\u001b\\https://github.com\u001b]8;;\u001b\\",
      "https://github.com",
    ],
    [
      "a link whose address hides a C1 sequence",
      "\u001b]8;;x\u009d52;c;aGk=\u009c\u001b\\y\u001b]8;;\u001b\\",
      "y",
    ],
    ["concealed text's style", "\u001b[8mhidden\u001b[0m", "hidden"],
    ["a character set switch", "a\u001b(0b", "ab"],
    ["carriage return, bell, backspace", "safe\r\u0007\u0008x", "safex"],
    ["bidi overrides", "a\u202eb\u2066c", "abc"],
    ["zero-width and line separators", "a\u200bb\ufeffc\u2028d\u2029e", "abcde"],
    ["tags and variation selectors", "a\u{e0041}b\u{e0100}c\ufe00d", "abcd"],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["a string that never ends, up to its line", "a\u001b]0;hidden\nnext", "a\nnext"],
    ["a joiner between letters", "a\u200db", "ab"],
    ["an escape before text", "a\u001bébc", "aébc"],
  ])("removes %s", (_name, text, expected) => {
    expect(safeText(text)).toBe(expected);
  });

  test("keeps lines, tabs, wide text, joined emoji, flags and keycaps", () => {
    const text = "a\tb\n漢字 👩‍👩‍👧 🏳️‍🌈 🇫🇷 1️⃣ ❤️ é नमस्ते العربية";
    expect(safeText(text)).toBe(text);
  });

  test("cuts a stack of marks to what a script can need", () => {
    expect(safeText(`a${"\u0301".repeat(1000)}b`)).toBe(`a${"\u0301".repeat(8)}b`);
  });

  test("shows text again after a sequence that does not end", () => {
    expect(safeText(`\u001b]0;${"x".repeat(10_000)}end`)).toMatch(/end$/);
  });

  test("is the same whatever the cuts, and printable only", () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        const at = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].sort((a, b) => a - b);
        let state = CLEANER_START;
        let pieced = "";
        for (let next = 1; next < at.length; next++) {
          const step = cleanDelta(state, text.slice(at[next - 1], at[next]));
          state = step.state;
          pieced += step.text;
        }
        expect(pieced).toBe(safeText(text));
        expect(isPrintable(pieced)).toBe(true);
        expect(safeText(pieced)).toBe(pieced);
      }),
      { numRuns: budget("hostileTexts") },
    );
  });

  test("fires nothing in a terminal, and the generator can tell", async () => {
    const texts = fc.sample(hostile, { numRuns: 3000, seed: 7 });
    expect(await firedBy(texts.map(safeText).join("\n"))).toEqual([]);
    expect((await firedBy(texts.join("\n"))).length).toBeGreaterThan(100);
  });

  test("leaves no escape behind after Ink drew it", () => {
    for (const text of fc.sample(hostile, { numRuns: budget("drawnTexts"), seed: 11 })) {
      const drawn = renderToString(createElement(Text, null, safeText(text), visibleText(text)));
      expect(isPrintable(drawn)).toBe(true);
    }
  });

  test("cleans a megabyte in linear time", () => {
    const time = (size: number): number => {
      const text = "\u001b]8;;x\u009d52;".repeat(size / 12);
      const before = processorTime();
      safeText(text);
      return processorTime() - before;
    };
    time(250_000);
    const best = (size: number): number => Math.min(time(size), time(size), time(size));
    expect(best(2_000_000) / Math.max(best(500_000), 2)).toBeLessThan(10);
  });
});

describe("visibleText", () => {
  test("shows hidden characters by their number", () => {
    expect(visibleText("rm \u202etxt.exe")).toBe("rm ⟨U+202E⟩txt.exe");
    expect(visibleText("a\u001b[2J\nb")).toBe("a⟨U+001B⟩[2J⟨U+000A⟩b");
    expect(visibleText("a\ud800b")).toBe("a⟨U+D800⟩b");
    expect(visibleText("a\u200d\u200d\u200db")).toBe("a⟨U+200D ×3⟩b");
  });

  test("keeps the lines of a command when asked, and counts padding", () => {
    expect(visibleText("a\n\tb", { multiline: true })).toBe("a\n\tb");
    expect(visibleText(`ls${" ".repeat(200)}; rm x`)).toBe("ls⟨U+0020 ×200⟩; rm x");
    expect(visibleText("a    b")).toBe("a    b");
  });

  test("loses no character: every one is drawn or counted", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = visibleText(text);
        expect(isPrintable(shown)).toBe(true);
        const counted = shown.replaceAll(/⟨U\+[0-9A-F]+(?: ×(\d+))?⟩/gu, (_all, count?: string) =>
          "x".repeat(Number(count ?? 1)),
        );
        expect([...counted]).toHaveLength([...text].length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("safe", () => {
  test("joins literals with safe text and numbers", () => {
    expect(safe`${safeText("plan\u0007")} took ${3} s`).toBe("plan took 3 s");
  });

  test("does not take a bare string, nor does the Text component", () => {
    const untrusted: string = "x";
    // @ts-expect-error an untrusted string has to be cleaned first
    safe`${untrusted}`;
    // @ts-expect-error an untrusted string has to be cleaned first
    Text({ children: untrusted });
  });
});
