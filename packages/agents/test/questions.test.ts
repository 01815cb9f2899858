import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@orch/core";
import { expect, test } from "vitest";
import { figure } from "../../../scripts/lanes.ts";
import { extractive } from "../src/extractive.ts";
import { generate } from "../src/model/generate.ts";
import { userMessage } from "../src/words/message.ts";

/** Written down before the model was tuned to them; `answer` is what a line must say, in one of the files `in`. */
interface Question {
  readonly question: string;
  readonly in: readonly string[];
  readonly answer: string;
}

const root = join(import.meta.dirname, "../../..");

test("cites lines that answer at least 24 of 30 questions on this repository's own documentation", async () => {
  const text = await readFile(join(import.meta.dirname, "questions.json"), "utf8");
  const questions = parseJson(text) as unknown as readonly Question[];
  expect(questions).toHaveLength(30);
  const pages = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  const model = extractive({ root, paths: ["README.md", ...pages.map((name) => `docs/${name}`)] });
  const missed: string[] = [];
  for (const one of questions) {
    const request = { messages: [userMessage(one.question)], signal: new AbortController().signal };
    const { message } = await generate(model, request);
    const [part] = message.content;
    const citations = part?.type === "text" ? (part.citations ?? []) : [];
    const pattern = new RegExp(one.answer);
    let found = false;
    for (const { path, line, quote } of citations) {
      const lines = (await readFile(join(root, path!), "utf8")).split("\n");
      // A sentence may run over several lines, or stand in one cell of a table.
      const there = lines
        .slice(line! - 1, line! + 9)
        .join(" ")
        .replace(/\s+/g, " ");
      expect(there, `${path}:${line} does not hold the quote`).toContain(quote!.replace(/\s+/g, " "));
      found ||= one.in.includes(path!) && pattern.test(quote!);
    }
    if (!found)
      missed.push(
        `${one.question}\n${citations.map((c) => `    ${c.path}:${c.line} ${c.quote}`).join("\n")}`,
      );
  }
  figure(`local/extractive: the cited lines answer ${30 - missed.length} of 30 questions`);
  expect(30 - missed.length, missed.join("\n")).toBeGreaterThanOrEqual(24);
});
