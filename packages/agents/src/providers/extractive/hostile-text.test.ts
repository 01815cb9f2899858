import { expect, test } from "vitest";
import { processorTime } from "../../../../../scripts/processor-time.ts";
import { paragraphsOf } from "../../tools/files/paragraphs.ts";
import { stemsOf } from "../../tools/files/words.ts";
import { userMessage } from "../../words/message.ts";
import { extractArguments } from "./arguments.ts";
import { readTurn } from "./material.ts";
import { questionOf } from "./question.ts";
import { sentencesOf } from "./sentences.ts";

const repeats = [
  " ",
  "#",
  "# ",
  "a",
  "a ",
  "a.",
  "<a",
  "<question>",
  "for ",
  "x:1: ",
  "~",
  "`",
  "\n",
  "> ",
  "|",
  "e.g. ",
  "A b ",
  "?",
  "/a",
  "@a.",
  "1",
  "_*",
];

/** What each reader of foreign text does with it. */
const readers: Record<string, (text: string) => unknown> = {
  paragraphs: (text) => paragraphsOf("a.md", text).map(sentencesOf),
  title: (text) => paragraphsOf("a.md", `# ${text}x`),
  stems: stemsOf,
  question: questionOf,
  turn: (text) => readTurn([userMessage(text)]),
  arguments: (text) =>
    extractArguments(
      {
        type: "object",
        properties: {
          path: { type: "string" },
          query: { type: "string" },
          city: { type: "string" },
          at: { type: "string", format: "email" },
        },
        required: ["query", "path", "at", "city"],
      },
      questionOf(text),
    ),
};

test.each(Object.keys(readers))(
  "%s reads ten times the text in far less than a hundred times the time",
  (name) => {
    const read = readers[name]!;
    const spent = (text: string): number => {
      const begin = processorTime();
      read(text);
      return processorTime() - begin;
    };
    for (const piece of repeats) {
      const text = (length: number): string => piece.repeat(Math.ceil(length / piece.length));
      read(text(1000));
      const small = Math.max(5, Math.min(spent(text(20_000)), spent(text(20_000))));
      const large = Math.min(spent(text(200_000)), spent(text(200_000)));
      expect(large / small, `${JSON.stringify(piece)} took ${small} and ${large} ms`).toBeLessThan(60);
    }
  },
);
