import { expect, test } from "vitest";
import { cutText } from "./cut-text.ts";

test("A01: a cut falls between characters as people see them", () => {
  expect(cutText("ab📺cd", 3)).toBe("ab");
  expect(cutText("ab📺cd", 4)).toBe("ab📺");
  expect(cutText("abe\u0301cd", 3)).toBe("ab");
  expect(cutText("👩‍👩‍👧‍👦!", 5)).toBe("👩‍👩");
  expect(cutText("x👩‍👩‍👧‍👦!", 5)).toBe("x");
  expect(cutText("🇳🇴🇸🇪", 5)).toBe("🇳🇴");
  expect(cutText("abc", 3)).toBe("abc");
  expect(cutText("abc", 0)).toBe("");
});

test("A01: no cut of any length leaves half a pair, not even in a pile of marks or of joined emoji", () => {
  const texts = [
    "📺".repeat(200),
    `e${"\u0301".repeat(300)}📺`,
    "👩‍".repeat(120),
    "🇳🇴".repeat(90),
    "a📺b".repeat(60),
  ];
  for (const text of texts) {
    for (let longest = 0; longest <= text.length; longest++) {
      const cut = cutText(text, longest);
      expect(cut.isWellFormed() && text.startsWith(cut) && cut.length <= longest).toBe(true);
      expect(longest - cut.length, "little is lost").toBeLessThan(65);
    }
  }
});
