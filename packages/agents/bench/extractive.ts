/**
 * Prints how fast the quoting model reads and answers: `node --conditions=@orch/source packages/agents/bench/extractive.ts [folder]`.
 * Without a folder it writes one of 1,000 paragraphs from the fixture docs.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "@orch/core";
import { extractive } from "../src/extractive.ts";
import { generate } from "../src/model/generate.ts";
import { folderSearch } from "../src/tools/files/folder-search.ts";
import { paragraphsOf } from "../src/tools/files/paragraphs.ts";
import { textFolder } from "../src/tools/files/text-folder.ts";
import { userMessage } from "../src/words/message.ts";

const home = fileURLToPath(new URL("../src/providers/extractive/", import.meta.url));
const WANTED = 1000;

/** Copies of the fixtures, each with words of its own, so that the index grows as it does with real docs. */
async function writeCorpus(folder: string): Promise<void> {
  const docs = join(home, "fixtures/docs");
  const texts = await Promise.all(
    (await readdir(docs)).sort().map((name) => readFile(join(docs, name), "utf8")),
  );
  let written = 0;
  for (let copy = 0; written < WANTED; copy++) {
    for (const [index, text] of texts.entries()) {
      const varied = text.replace(/\b[a-z]{6,}\b/g, (word, at: number) =>
        (at + copy) % 5 === 0 ? `${word}${copy}` : word,
      );
      await writeFile(join(folder, `doc-${copy}-${index}.md`), varied);
      written += paragraphsOf("a.md", text).length;
    }
  }
}

const given = process.argv[2];
const root = given ?? (await mkdtemp(join(tmpdir(), "orch-bench-")));
if (given === undefined) await writeCorpus(root);

const rounds: number[] = [];
let paragraphs = 0;
for (let round = 0; round < 5; round++) {
  const search = folderSearch(textFolder({ root }));
  const begin = performance.now();
  await search.refresh();
  rounds.push(performance.now() - begin);
  paragraphs = search.size();
}
const questions = parseJson(await readFile(join(home, "questions.json"), "utf8")) as unknown as {
  question: string;
}[];
const model = extractive({ root });
const signal = new AbortController().signal;
const times: number[] = [];
const first = performance.now();
await generate(model, { messages: [userMessage(questions[0]!.question)], signal });
const cold = performance.now() - first;
for (let round = 0; round < 5; round++) {
  for (const { question } of questions) {
    const begin = performance.now();
    await generate(model, { messages: [userMessage(question)], signal });
    times.push(performance.now() - begin);
  }
}
times.sort((a, b) => a - b);
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const at = (part: number): string => ms(times[Math.floor((times.length - 1) * part)]!);
const spent = rounds.map(ms).join(", ");
console.log(`paragraphs  ${paragraphs}`);
console.log(`index       ${spent} (five rounds in one process, the first one cold)`);
console.log(`per 1,000   ${ms((Math.min(...rounds) / paragraphs) * 1000)}`);
console.log(`cold answer ${ms(cold)} (reads and indexes the folder)`);
console.log(`warm answer median ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)}`);
console.log(`memory      ${(process.memoryUsage().rss / 1024 ** 2).toFixed(0)} MB`);
if (given === undefined) await rm(root, { recursive: true });
