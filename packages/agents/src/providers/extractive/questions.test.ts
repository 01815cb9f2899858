import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseJson } from "@orch/core";
import { expect, test } from "vitest";
import { generate } from "../../model/generate.ts";
import { userMessage } from "../../words/message.ts";
import { extractive } from "./extractive.ts";

interface Question {
  readonly question: string;
  readonly file: string;
  readonly phrase: string;
}

const docs = fileURLToPath(new URL("./fixtures/docs", import.meta.url));
const read = async (url: string): Promise<string> => readFile(new URL(url, import.meta.url), "utf8");

test("cites a line that answers the question, for at least 24 of 30 questions written down beforehand", async () => {
  const questions = parseJson(await read("./questions.json")) as unknown as readonly Question[];
  expect(questions).toHaveLength(30);
  const model = extractive({ root: docs });
  const failed: string[] = [];
  for (const { question, file, phrase } of questions) {
    const { message } = await generate(model, {
      messages: [userMessage(question)],
      signal: new AbortController().signal,
    });
    const [part] = message.content;
    const citations = part?.type === "text" ? (part.citations ?? []) : [];
    const lines = await Promise.all(
      citations.map(async ({ path, line, quote }) => {
        const source = (await read(`./fixtures/docs/${path}`)).split("\n");
        const there = source
          .slice(line! - 1, line! + 6)
          .join(" ")
          .replace(/\s+/g, " ");
        expect(there, `${path}:${line} does not hold the quote`).toContain(quote);
        return path === file && quote!.includes(phrase);
      }),
    );
    if (!lines.includes(true)) {
      failed.push(
        `${question}\n${citations.map((one) => `    ${one.path}:${one.line} ${one.quote}`).join("\n")}`,
      );
    }
  }
  expect(30 - failed.length, failed.join("\n")).toBeGreaterThanOrEqual(24);
});
