import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../agent/agent.ts";
import { runAgent } from "../../run/runner.ts";
import { fileTools } from "../../tools/files/file-tools.ts";
import { extractive } from "./extractive.ts";

const root = fileURLToPath(new URL("./fixtures/docs", import.meta.url));
const model = extractive({ root });

test("an agent searches with a tool and quotes what it gave", async () => {
  const reader = agent({
    name: "reader",
    instructions: "Answer from the files.",
    model,
    tools: fileTools({ root }),
  });
  const result = await runAgent(reader, "Search the files for jitter");
  expect(result.stopReason).toBe("done");
  expect(result.messages.map((message) => message.role)).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(result.output).toContain("Jitter spreads the delays at random by up to a fifth. [retries.md:22]");
});

test("an agent reads lines of a file that was named", async () => {
  const reader = agent({
    name: "reader",
    instructions: "Answer from the files.",
    model,
    tools: fileTools({ root }),
  });
  const result = await runAgent(reader, "Read states.md from 3 to 5");
  expect(result.messages[2]).toMatchObject({
    content: [
      {
        output: expect.stringMatching(
          /^states\.md:3: A state is one step.*\n.*\nstates\.md:5: .*\n\(\d+ lines in all/,
        ),
      },
    ],
  });
  expect(result.output).toContain("A state is one step of an orchestration. [states.md:3]");
});

test("a path that leads outside is an answer that the model reads, not a crash", async () => {
  const reader = agent({
    name: "reader",
    instructions: "Answer from the files.",
    model,
    tools: fileTools({ root }),
  });
  const result = await runAgent(reader, "/read_file path=../../extractive.ts");
  expect(result.stopReason).toBe("done");
  expect(result.output).toMatch(
    /^The tool read_file failed: The path "\.\.\/\.\.\/extractive\.ts" contains "\.\."/,
  );
});

test("the steps of a research run on it, each with a schema of its own", async () => {
  const finding = z.object({ path: z.string(), line: z.int().min(1), quote: z.string() });
  const plan = agent({
    name: "plan",
    instructions: "You plan research.",
    model,
    output: z.object({ topic: z.string(), queries: z.array(z.string()).min(1).max(4) }),
  });
  const read = agent({ name: "read", instructions: "You find quotes.", model, output: z.array(finding) });
  const write = agent({
    name: "write",
    instructions: "You write reports.",
    model,
    output: z.object({
      title: z.string(),
      summary: z.string(),
      sections: z.array(z.object({ heading: z.string(), text: z.string(), citations: z.array(finding) })),
      note: z.string().optional(),
    }),
  });
  const question = "How are failed states retried?";
  const planned = (await runAgent(plan, question)).output!;
  const search = fileTools({ root }).find((tool) => tool.name === "search_files")!;
  const ctx = { signal: new AbortController().signal, callId: "1", emit: () => {} };
  const found = await Promise.all(
    planned.queries.map((query) => search.invoke({ query, limit: 3 } as never, ctx)),
  );
  const findings = (
    await runAgent(read, `Question: ${question}\n<material>\n${found.join("\n\n")}\n</material>`)
  ).output!;
  expect(findings.map((one) => one.quote).join(" ")).toContain("as often as its retry policy allows");
  const material = findings.map((one) => `${one.path}:${one.line}: ${one.quote}`).join("\n");
  const report = await runAgent(write, `Question: ${question}\n<material>\n${material}\n</material>`);
  expect(report.stopReason).toBe("done");
  expect(report.warnings).toEqual([]);
  expect(report.output?.title).toBe(question);
  expect(report.output?.summary).toContain("[retries.md:8]");
  for (const citation of report.output!.sections.flatMap((section) => section.citations)) {
    expect(findings.map((one) => one.quote).join("\n")).toContain(citation.quote);
  }
  expect(report.output?.sections.map((section) => section.heading)).toEqual(["Failed states", "Retries"]);
  expect(report.output?.note).toBeUndefined();
});
