import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SafeText, safeText } from "./safe-text.ts";
import { plainText } from "./styled.ts";
import { graphemes, padEnd, truncate, truncateStart, widthOf, wrapLine } from "./width.ts";

const prose = fc
  .array(
    fc.constantFrom("a", "word", " ", "  ", "漢字", "👩‍👩‍👧", "é", "🇫🇷", "-", "1️⃣", "longer-than-others"),
    { maxLength: 40 },
  )
  .map((parts) => safeText(parts.join("")));

const wrapText = (text: SafeText, width: number): string[] => wrapLine([{ text }], width).map(plainText);

describe("wrapping", () => {
  test("breaks at spaces and splits only words that do not fit", () => {
    expect(wrapText(safeText("one two three fourteen"), 9)).toEqual(["one two", "three", "fourteen"]);
    expect(wrapText(safeText("abcdefghij"), 4)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrapText(safeText("a\n\nb"), 4)).toEqual(["a", "", "b"]);
  });

  test("keeps rows within the width and every grapheme whole", () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const rows = wrapText(text, width);
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(width);
        const ink = (value: string): string[] => [...graphemes(value)].filter((grapheme) => grapheme !== " ");
        expect(rows.flatMap(ink)).toEqual(ink(text));
      }),
    );
  });

  test("hard mode keeps every character", () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const rows = wrapLine([{ text }], width, { mode: "hard" });
        expect(rows.map((row) => row.map((piece) => piece.text).join("")).join("")).toBe(text);
      }),
    );
  });

  test("measures like the graphemes it is made of", () => {
    expect(widthOf("漢字👩‍👩‍👧é1️⃣")).toBe(2 + 2 + 2 + 1 + 2);
    expect([...graphemes("ae\u0301b👩‍👩‍👧c")]).toEqual(["a", "e\u0301", "b", "👩‍👩‍👧", "c"]);
  });
});

describe("truncating", () => {
  test("cuts to the width and says so", () => {
    expect(truncate(safeText("abcdef"), 4)).toBe("abc…");
    expect(truncate(safeText("abcd"), 4)).toBe("abcd");
    expect(truncate(safeText("漢字漢字"), 4)).toBe("漢…");
    expect(truncateStart(safeText("abcdef"), 4)).toBe("…def");
    expect(truncateStart(safeText("x".repeat(5000)), 4)).toBe("…xxx");
    expect(padEnd(safeText("漢"), 4)).toBe("漢  ");
  });

  test("never exceeds the width", () => {
    fc.assert(
      fc.property(prose, fc.nat(30), (text, width) => {
        expect(widthOf(truncate(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(truncateStart(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
