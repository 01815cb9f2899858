import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { generate } from "../../model/generate.ts";
import { textOf, userMessage } from "../../words/message.ts";
import { extractive } from "./extractive.ts";

test("says when it did not search all files, beside quotes and beside nothing", async () => {
  const root = await mkdtemp(join(tmpdir(), "orch-many-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const names = Array.from({ length: 2_001 }, (_, at) => `note-${String(at).padStart(4, "0")}.md`);
  await Promise.all(
    names.map((name, at) => writeFile(join(root, name), `The lamp of room ${at} is green.\n`)),
  );
  const model = extractive({ root });
  const ask = (question: string) =>
    generate(model, { messages: [userMessage(question)], signal: new AbortController().signal });
  for (const [question, says] of [
    ["Which colour has the lamp of room 7?", /green/],
    ["How do whales sleep?", /found nothing/],
  ] as const) {
    const { message, warnings } = await ask(question);
    expect(textOf(message)).toMatch(says);
    expect(warnings).toEqual(["Not all files were searched: The list is cut at 2000 files."]);
  }
});

test("quotes the sentence beside code, not the code that holds the words of the question", async () => {
  const root = await mkdtemp(join(tmpdir(), "orch-code-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const page = `# Pump

    const pump = startPump({ speed: 3 });

\`\`\`ts
startPump(speed);
const speed = pumpSpeed(pump);
\`\`\`

The pump takes its speed from the dial, in turns a minute.
`;
  await writeFile(join(root, "pump.md"), page);
  const model = extractive({ root });
  const { message } = await generate(model, {
    messages: [userMessage("What is the speed of the pump?")],
    signal: new AbortController().signal,
  });
  const [part] = message.content;
  const citations = part?.type === "text" ? (part.citations ?? []) : [];
  expect(citations.map(({ line }) => line)).toEqual([10]);
});
