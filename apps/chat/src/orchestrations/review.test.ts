import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textOf } from "@orch/agents";
import { extractive } from "@orch/agents/extractive";
import { ChatRuntime } from "@orch/chat-runtime";
import { systemClock } from "@orch/core/doors";
import { edgeCoverage, type ScriptedModel, scriptedModel } from "@orch/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrchestrationContext } from "./orchestration-context.ts";
import review, { type Review, reviewOrchestration, summaries } from "./review.ts";
import type { Finding } from "./review-findings.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "review-"));
  await mkdir(join(root, "docs"));
  await mkdir(join(root, "src"));
  await writeFile(
    join(root, "docs/tides.md"),
    "# Tides\n\nHigh water comes twice the the day.\n\nThe moon is cheese.\n",
  );
  await writeFile(join(root, "docs/calm.md"), "# Calm\n\nThe lamp is filled with oil every evening.\n");
  await writeFile(join(root, "src/a.ts"), "const a = 1;\nconsole.log(a);\nconst b = 2;\n");
  await writeFile(join(root, ".env"), "KEY=1\n");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const DIFF = `diff --git a/src/a.ts b/src/a.ts
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,2 +1,3 @@
 const a = 1;
+console.log(a);
-const old = 0; // TODO
 const b = 2;
diff --git a/.env b/.env
--- a/.env
+++ b/.env
@@ -0,0 +1 @@
+KEY=1
`;
const moon: Finding = {
  path: "docs/tides.md",
  line: 9,
  quote: "The moon is cheese.",
  text: "It is rock.",
  suggestion: null,
};
const writer = (...findings: readonly (readonly Finding[])[]): ScriptedModel => {
  let at = 0;
  return scriptedModel(() => ({
    value: { findings: findings[Math.min(at++, findings.length - 1)] } as never,
  }));
};
const coverage = edgeCoverage(reviewOrchestration(contextOf(writer([]))));

function contextOf(
  model: OrchestrationContext["model"],
  diff: string | undefined = DIFF,
): OrchestrationContext {
  const git = async () => diff;
  return { model, root, clock: systemClock, git, limits: { maxTurns: 3, concurrency: 2 } };
}

/** Runs a review of `message`, and gives its answers one after the other. */
async function run(
  context: OrchestrationContext,
  message: string,
  ...answers: readonly string[]
): Promise<{ readonly review: Review; readonly prompts: readonly string[] }> {
  const flow = reviewOrchestration(context);
  const off = flow.on("state.transition", coverage.hear);
  const running = flow.start(message);
  const prompts: string[] = [];
  const left = [...answers];
  for await (const event of running.events()) {
    if (event.type !== "question.asked") continue;
    prompts.push(String(event.prompt));
    await running.answer(event.question, left.shift());
  }
  off();
  return { review: await running.result, prompts };
}

describe("review", () => {
  it("finds what a model and plain reading find in a document, at the true lines, and keeps what is approved", async () => {
    const invented = { ...moon, quote: "The moon is green." };
    const twice = { ...moon, line: 3, quote: "the the" };
    const { review: done, prompts } = await run(
      contextOf(writer([moon, invented, twice])),
      "@docs/tides.md",
      "approve",
    );
    expect(done).toMatchObject({ name: "docs/tides.md", decision: "approve", note: "" });
    expect(done.findings.map(({ line, quote }) => `${line}: ${quote}`)).toEqual([
      "3: the the",
      "5: The moon is cheese.",
    ]);
    expect(prompts[0]).toContain("2. `docs/tides.md:5` It is rock.\n   > The moon is cheese.");
  });

  it("writes the findings anew as the notes ask, three times at most", async () => {
    const model = writer([moon], [moon], [moon], []);
    const notes = ["send back", "be kind", "send back", "be brief", "send back", "be kind again"];
    const { review: done, prompts } = await run(contextOf(model), "review docs/tides.md", ...notes, "stop");
    expect(done.decision).toBe("stop");
    expect(model.requests).toHaveLength(4);
    const last = textOf(model.requests[3]!.messages.at(-1)!);
    expect(last).toContain("<question>be kind again</question>\n<earlier_note>be kind</earlier_note>\n");
    expect(prompts).toHaveLength(7);
    // The fourth time there is no sending back.
    await expect(
      run(contextOf(writer([moon])), "docs/tides.md", ...notes, "send back"),
    ).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
    });
  });

  it("reads the changes that git tells, new lines only, and no file that may not be read", async () => {
    const model = writer([]);
    const { review: done } = await run(contextOf(model), "review my changes", "approve");
    expect(done.name).toBe("the changes since HEAD");
    expect(done.findings.map(({ path, line }) => `${path}:${line}`)).toEqual(["src/a.ts:2"]);
    expect(done.note).toBe("Not shown: .env.");
    const sent = textOf(model.requests[0]!.messages.at(-1)!);
    expect(sent).toContain("src/a.ts:2: +console.log(a);");
    expect(sent).not.toContain("KEY");
  });

  it("asks git for a revision that is named, and for no option", async () => {
    const asked: (readonly string[])[] = [];
    const git = async (args: readonly string[]) => {
      asked.push(args);
      return "";
    };
    const context = { ...contextOf(writer([])), git };
    for (const message of ["diff main~1", "review the diff --output=/etc/x"]) await run(context, message);
    expect(asked.map((args) => args.slice(-3))).toEqual([
      ["--end-of-options", "main~1", "--"],
      ["--end-of-options", "HEAD", "--"],
    ]);
  });

  it("says why there is nothing to review", async () => {
    const noteOf = async (message: string, diff?: string) =>
      (await run({ ...contextOf(writer([]), diff), git: async () => diff }, message)).review.note;
    expect(await noteOf("docs/none.md")).toMatch(/^There is no file docs\/none\.md here that may be read\./);
    expect(await noteOf("../../etc/passwd")).toContain("no file ../../etc/passwd");
    expect(await noteOf("review", "")).toMatch(/^Nothing has changed since HEAD\. Name a file/);
    expect(await noteOf("review")).toMatch(/^git cannot say what changed since HEAD here\./);
    expect(await noteOf("docs/calm.md")).toBe("Nothing to mend was found.");
  });

  it("works without a language model: it finds what needs none, and quotes what the notes ask about", async () => {
    const context = contextOf(extractive({ root }));
    const { review: plain } = await run(context, "docs/tides.md", "approve");
    expect(plain.findings.map(({ quote }) => quote)).toEqual(["the the"]);
    const { review: asked } = await run(
      context,
      "docs/tides.md",
      "send back",
      "the moon and cheese",
      "approve",
    );
    expect(asked.findings.map(({ quote }) => quote)).toContain("The moon is cheese.");
    expect((await run(context, "docs/calm.md")).review.findings).toEqual([]);
  });

  it("answers in the chat as Markdown, and its rows count", async () => {
    const runtime = new ChatRuntime(review(contextOf(writer([moon]))));
    runtime.on("question.asked", (event) => runtime.answer(event.question, "approve"));
    expect(textOf(await runtime.invoke("docs/tides.md"))).toMatch(
      /^# Review of docs\/tides\.md\n\n1\. .*Approved\.$/s,
    );
    expect(summaries.judge({ findings: [moon] } as never)).toBe("1 finding");
  });

  it("every edge of it was taken", () => {
    expect(coverage.missing(), coverage.text()).toEqual([]);
  });
});
