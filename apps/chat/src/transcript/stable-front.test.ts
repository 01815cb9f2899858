import fc from "fast-check";
import { expect, test } from "vitest";
import type { SafeText } from "../terminal/safe-text.ts";
import { createTheme } from "../terminal/theme.ts";
import { paragraphSpans } from "./markdown.ts";
import { stableFront } from "./stable-front.ts";

test.each([
  ["one two three", "one two"],
  ["one **two three** four", "one **two three**"],
  ["one **two three", "one"],
  ["one `two three", "one"],
  ["one `two` three four", "one `two` three"],
  ["see [the guide](https://a.example/x and", "see"],
  ["see [the guide](https://a.example/x) and so", "see [the guide](https://a.example/x) and"],
  ["2 * 3 and snake_case_name is", "2 * 3 and snake_case_name"],
  ["a < b and so", "a < b and"],
  ["a <b and so", "a"],
  ["a | b and so", ""],
  ["a first line\na | b and", "a first line"],
  ["a first line\n<div and so", "a first line"],
  ["第一句。第二句", "第一句。"],
  ["看 https://a.example/句。第二 句", "看 https://a.example/句。第二"],
])("of %j the front %j is final", (source, front) => {
  expect(stableFront(source)).toBe(front);
});

const theme = createTheme();
/** What is drawn of a paragraph, with each character's look. */
function looks(source: string): readonly string[] | undefined {
  const spans = paragraphSpans(source as SafeText, theme);
  return spans?.flatMap(({ text, style }) =>
    [...text].filter((sign) => !/\s/.test(sign)).map((sign) => `${sign}${JSON.stringify(style ?? {})}`),
  );
}

test("what follows changes nothing of a front that is final", () => {
  const soup = fc.array(
    fc.constantFrom(
      "a",
      "b ",
      "word ",
      " ",
      "*",
      "**",
      "***",
      "_",
      "__",
      "~",
      "~~",
      "`",
      "``",
      "[",
      "]",
      "(",
      ")",
      "](",
      "<",
      ">",
      "<b",
      "\\",
      "\n",
      '"',
      "!",
      "&amp;",
      "&",
      "http://a.b ",
      "www.a.b",
      "漢字",
      "。",
      "- ",
      "x|",
      "5*3",
      ". ",
      ":",
    ),
    { minLength: 2, maxLength: 40 },
  );
  let fronts = 0;
  fc.assert(
    fc.property(soup, (pieces) => {
      const source = `start ${pieces.join("")}`
        .split("\n")
        .map((line) => (line.trim() === "" ? "x" : line.replace(/^\s*(?:[-=]+|[-*+]|\d+[.)])?\s*/, "y")))
        .join("\n");
      for (let end = 1; end < source.length; end++) {
        const front = stableFront(source.slice(0, end));
        const drawn = looks(front);
        if (front === "" || drawn === undefined) continue;
        fronts++;
        const whole = looks(source);
        if (whole === undefined) continue;
        expect(whole.slice(0, drawn.length), JSON.stringify([front, source])).toEqual(drawn);
      }
    }),
    { numRuns: Number(process.env["RUNS"] ?? 300) },
  );
  expect(fronts).toBeGreaterThan(1000);
});
