import { expect, test } from "vitest";
import { type SafeText, safeText } from "../terminal/safe-text.ts";
import { plainText } from "../terminal/styled.ts";
import { withoutBars } from "./without-bars.ts";

const shown = (...pieces: readonly string[]): string =>
  plainText(withoutBars([pieces.map((text) => ({ text: safeText(text), style: { bold: true } }))])[0]!);

test("no row of what was said begins like a row of a question, wherever a terminal breaks it", () => {
  expect(shown("▌ May I?")).toBe("█ May I?");
  expect(shown("a ▍▋▐")).toBe("a ███");
  expect(shown("?#| ? May I?")).toBe("?#: ? May I?");
  expect(shown("far from the edge ?#| May I? ?#| y yes")).toBe("far from the edge ?#: May I? ?#: y yes");
});

test("the signs of the bar count as one where they have different looks, and where marks are put over them", () => {
  expect(shown("?", "#", "| x")).toBe("?#: x");
  expect(shown("a?", "#|?#", "| x", "|")).toBe("a?#:?#: x|");
  expect(shown("?\u0301#\u0301| x")).toBe("?\u0301#\u0301: x");
});

test("everything else is what it was, and as wide", () => {
  const line = [{ text: safeText("a || b | c ?# | #| ?|") as SafeText }];
  expect(plainText(withoutBars([line])[0]!)).toBe("a || b | c ?# | #| ?|");
});
