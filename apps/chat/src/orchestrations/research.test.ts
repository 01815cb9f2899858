import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@orch/agents";
import { extractive } from "@orch/agents/extractive";
import { ChatRuntime } from "@orch/chat-runtime";
import { systemClock } from "@orch/core/doors";
import { type ScriptedModel, scriptedModel } from "@orch/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrchestrationContext } from "./orchestration-context.ts";
import { quoteReport } from "./quote-report.ts";
import type { Draft, Report } from "./report.ts";
import research, { researchOrchestration } from "./research.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "research-"));
  await mkdir(join(root, "docs"));
  await writeFile(
    join(root, "docs/retries.md"),
    "# Retries\n\nA failed state is tried again as often as its policy allows.\n\nWithout a policy a state is tried once.\n",
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const context = (model: OrchestrationContext["model"]): OrchestrationContext => ({
  model,
  root,
  clock: systemClock,
  limits: { maxTurns: 5, concurrency: 2 },
});
const QUOTE = "A failed state is tried again as often as its policy allows.";
const draft = (quote: string, line = 3): Draft => ({
  title: "Retries",
  summary: "As the policy says.",
  sections: [
    { heading: "Policy", text: "It is tried again.", citations: [{ path: "docs/retries.md", line, quote }] },
  ],
});
/** Plans one query, and gives one draft after the other, the last one again and again. */
const writer = (...drafts: readonly Draft[]): ScriptedModel => {
  let written = 0;
  return scriptedModel((request) => {
    const plans = request.messages.some((message) => textOf(message).startsWith("You plan a search"));
    if (plans) return { value: { queries: ["failed state"] } };
    return { value: drafts[Math.min(written++, drafts.length - 1)] as never };
  });
};
const ask = (model: OrchestrationContext["model"], question = "How are failed states retried?") =>
  researchOrchestration(context(model)).run({ question, earlier: "" });

describe("research", () => {
  it("reports what the files say, and corrects the line of a quote", async () => {
    const report = await ask(writer(draft(QUOTE, 17)));
    expect(report.citations).toEqual([{ path: "docs/retries.md", line: 3, quote: QUOTE }]);
    expect(report.warnings).toEqual([]);
  });

  it("sends back a draft whose quote is not there, and says what is wrong", async () => {
    const model = writer(draft("A failed state is never tried again."), draft(QUOTE));
    const report = await ask(model);
    expect(report.citations).toHaveLength(1);
    const again = model.requests[2]?.messages.map(textOf).join("\n");
    expect(again).toContain('docs/retries.md does not say "A failed state is never tried again."');
  });

  it("refines twice at most, and then finishes with what holds and a warning", async () => {
    const good = draft(QUOTE).sections[0]!;
    const bad = { ...draft("The moon is made of green cheese."), title: "Mixed" };
    const model = writer({ ...bad, sections: [good, ...bad.sections] });
    const report = await ask(model);
    expect(model.requests).toHaveLength(4);
    expect(report.sections).toEqual([expect.objectContaining({ heading: "Policy" })]);
    expect(report.warnings[0]).toContain("left out");
  });

  it("says that nothing was found when nothing holds", async () => {
    const report = await ask(writer(draft("The moon is made of green cheese.")));
    expect(report).toMatchObject({ title: "Nothing found", sections: [], citations: [] });
  });

  it("writes no report when there is nothing to search", async () => {
    const model = scriptedModel([{ value: { queries: [] } }]);
    expect(await ask(model, "hm")).toMatchObject({ title: "Nothing to look up" });
    expect(model.requests).toHaveLength(1);
  });

  it("does not read outside its folder, whatever a draft cites", async () => {
    const outside = draft(QUOTE);
    const model = writer({
      ...outside,
      sections: [
        { ...outside.sections[0]!, citations: [{ path: "../../etc/passwd", line: 1, quote: "root x 0 0" }] },
      ],
    });
    expect((await ask(model)).title).toBe("Nothing found");
    expect(model.requests[2]?.messages.map(textOf).join("\n")).toContain(
      "There is no file ../../etc/passwd.",
    );
  });

  it("gives only quotes, each at its place, with the model that needs no key", async () => {
    const report = await ask(extractive({ root }));
    expect(report.citations).toContainEqual({ path: "docs/retries.md", line: 3, quote: QUOTE });
    for (const { text, citations } of report.sections) {
      expect(text).toBe(citations.map(({ quote }) => quote).join(" "));
    }
  });

  it("T11: says what a report of quotes leaves out", () => {
    const section = (at: number): Draft["sections"][number] => ({
      heading: `Section ${at}`,
      text: "",
      citations: [{ path: `${at}.md`, line: 1, quote: `Quote ${at} says it.` }],
    });
    const report = (count: number): Report => ({
      ...draft(QUOTE),
      sections: Array.from({ length: count }, (_, at) => section(at)),
      citations: [],
      warnings: [],
    });
    expect(quoteReport(report(4)).warnings).toEqual([]);
    const { sections, warnings } = quoteReport(report(5));
    expect(sections).toHaveLength(4);
    expect(warnings).toEqual([expect.stringMatching(/^Not shown: 1 more quote \(1 more section\)\./)]);
  });

  it("shows its report in blocks that together are the message, and never the raw JSON", async () => {
    const runtime = new ChatRuntime(research(context(writer(draft(QUOTE)))));
    const deltas: string[] = [];
    const turn = runtime.send("How are failed states retried?");
    for await (const event of turn) if (event.type === "message.delta") deltas.push(event.text);
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join("")).toBe(textOf((await turn.reply).message));
    expect(deltas.join("")).toContain("(`docs/retries.md:3`)");
    await runtime.close();
  });

  it("takes a follow-up without words of its own as one on the question before, with the model that only quotes", async () => {
    const runtime = new ChatRuntime(research(context(extractive({ root }))));
    await runtime.invoke("How are failed states retried?");
    expect(textOf(await runtime.invoke("and why?"))).toContain(QUOTE);
    expect(textOf(await runtime.invoke("  more?"))).toContain("# How are failed states retried? more?");
    expect(textOf(await runtime.invoke("如何重试"))).toContain('nothing about "如何重试"');
    await runtime.close();
  });

  it("keeps the title short when the question is long, with the model that only quotes", async () => {
    const { title } = await ask(extractive({ root }), "failed state ".repeat(100));
    expect(title.length).toBeLessThanOrEqual(121);
  });

  it("says so when the folder is larger than what is searched", async () => {
    const large = await mkdtemp(join(tmpdir(), "research-large-"));
    await writeFile(join(large, "a.md"), `# Retries\n\n${QUOTE}\n`);
    const megabyte = "x".repeat(1024 * 1024);
    for (let at = 0; at < 17; at++) await writeFile(join(large, `b${at}.md`), megabyte);
    const part = researchOrchestration({ ...context(extractive({ root: large })), root: large });
    for (const question of ["How are failed states retried?", "zebra"]) {
      const { warnings } = await part.run({ question, earlier: "" });
      expect(warnings).toEqual([expect.stringContaining("Not every file was searched.")]);
    }
    await rm(large, { recursive: true, force: true });
  });

  it("knows what was said before", async () => {
    const model = writer(draft(QUOTE));
    const runtime = new ChatRuntime(research(context(model)));
    await runtime.invoke("How are failed states retried?");
    await runtime.invoke("And why?");
    expect(model.requests.at(-1)?.messages.map(textOf).join("\n")).toContain(
      "user: How are failed states retried?",
    );
    await runtime.close();
  });
});
