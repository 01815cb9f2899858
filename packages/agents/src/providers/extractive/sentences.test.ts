import { expect, test } from "vitest";
import { paragraphsOf } from "../../tools/files/paragraphs.ts";
import { sentencesOf } from "./sentences.ts";

const split = (text: string, path = "a.md"): readonly string[] =>
  paragraphsOf(path, text).flatMap((paragraph) =>
    sentencesOf(paragraph).map((one) => `${one.line} ${one.text}`),
  );

test.each([
  ["One. Two\nruns on. Three?", ["1 One.", "1 Two runs on.", "2 Three?"]],
  ["- One\n- Two runs\n  on. Three.\n1. Four", ["1 One", "2 Two runs on.", "3 Three.", "4 Four"]],
  ["> One. Two\n> runs on.", ["1 One.", "1 Two runs on."]],
  [
    "# Title\n\nIntro:\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n\nEnd.",
    ["3 Intro:", "6 const a = 1;", "8 const b = 2;", "11 End."],
  ],
  ["| a | b |\n|---|---|\n| One. Two | c |", ["3 One. Two | c"]],
  ["See e.g. the docs. Next.", ["1 See e.g. the docs.", "1 Next."]],
  ["**Errors are typed.** A thrown one fails. End", ["1 **Errors are typed.** A thrown one fails.", "1 End"]],
  ["Call `a(b?) Then` twice. Next.", ["1 Call `a(b?) Then` twice.", "1 Next."]],
  [
    "Codes are in [the page](../../docs/cli.md) and [here]( x. Next.",
    ["1 Codes are in [the page](../../docs/cli.md) and [here]( x.", "1 Next."],
  ],
  ["---\ntitle: x\n---\nText.", ["4 Text."]],
  ["<!-- words: lamp, oil -->", []],
  ["One. <!-- not\nshown. --> Two.\n<!-- open", ["1 One.", "2 Two."]],
  ["Write `<!-- words: a -->` there.", ["1 Write `<!-- words: a -->` there."]],
  ["Windows.\r\nLines.", ["1 Windows.", "2 Lines."]],
  ["", []],
])("splits %j", (text, expected) => {
  expect(split(text)).toEqual(expected);
});

test("takes each line of code by itself", () => {
  expect(split("const a = 1. + 2;\nconst b = 3;", "a.ts")).toEqual(["1 const a = 1. + 2;", "2 const b = 3;"]);
});

test("cuts a very long sentence at a word", () => {
  const [only] = split(`${"word ".repeat(200)}end.`);
  expect(only!.length).toBeLessThanOrEqual(402);
  expect(only).toMatch(/word$/);
});
