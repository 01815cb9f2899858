import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Clock } from "@orch/core";
import { describe, expect, test } from "vitest";
import { generate } from "../../model/generate.ts";
import type { AssistantMessage, Message, TextPart, ToolResultPart } from "../../words/message.ts";
import { textOf, userMessage } from "../../words/message.ts";
import type { FinishEvent, ModelEvent, ModelRequest } from "../../words/model.ts";
import { extractive } from "./extractive.ts";

const root = fileURLToPath(new URL("./fixtures/docs", import.meta.url));
const model = extractive({ root });
const signal = new AbortController().signal;

const ask = (text: string, more: Partial<ModelRequest> = {}): Promise<FinishEvent> =>
  generate(model, { messages: [userMessage(text)], signal, ...more });

function afterTool(request: string, result: Omit<ToolResultPart, "type" | "id">): readonly Message[] {
  const call: AssistantMessage = {
    role: "assistant",
    content: [{ type: "tool-call", id: "1", name: result.name, rawInput: "{}", input: {} }],
    origin: model.id,
    finish: { reason: "tool-calls" },
  };
  return [
    userMessage(request),
    call,
    { role: "tool", content: [{ type: "tool-result", id: "1", ...result }] },
  ];
}

describe("an answer in text", () => {
  test("quotes sentences with their places, in the text and as citations", async () => {
    const { message, usage } = await ask("How are failed states retried?");
    const part = message.content[0] as TextPart;
    expect(message.finish).toEqual({ reason: "stop" });
    expect(message.origin).toEqual({ provider: "local", api: "extractive", model: "extractive" });
    expect(part.text).toContain(
      "A failed state is tried again as often as its retry policy allows, with the same input and a fresh signal. [retries.md:8]",
    );
    expect(part.citations).toContainEqual({
      path: "retries.md",
      line: 8,
      title: "Failed states",
      quote:
        "A failed state is tried again as often as its retry policy allows, with the same input and a fresh signal.",
    });
    expect(usage.estimated).toBe(true);
    expect(usage.input).toBeGreaterThan(0);
  });

  test("streams one event per word, which together are the part, and finishes once and last", async () => {
    const events: ModelEvent[] = [];
    for await (const event of model.stream({ messages: [userMessage("What does an advancer do?")], signal }))
      events.push(event);
    const deltas = events.flatMap((event) => (event.type === "text" ? [event.delta] : []));
    const part = events.find((event) => event.type === "part");
    expect(deltas.join("")).toBe(
      part?.type === "part" && part.part.type === "text" ? part.part.text : undefined,
    );
    expect(deltas.every((delta) => delta.trim().split(/\s+/).length === 1)).toBe(true);
    expect(events[0]).toMatchObject({ type: "start" });
    expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("finish");
  });

  test("gives the same bytes for the same request, also from a model that starts afresh", async () => {
    for (const text of [
      "How do I switch provider?",
      "states",
      "retry policy of a model",
      "What is quoted?",
    ]) {
      const once = JSON.stringify(await ask(text));
      expect(JSON.stringify(await ask(text))).toBe(once);
      const messages = [userMessage(text)];
      expect(JSON.stringify(await generate(extractive({ root }), { messages, signal }))).toBe(once);
    }
  });

  test.each([
    "What is the capital of France?",
    "xyzzy frobnicate quux",
    "Who won the football match in Oslo yesterday?",
  ])("says that it found nothing for %j", async (question) => {
    const { message } = await ask(question);
    expect(textOf(message)).toMatch(
      /^I found nothing in the files about: .* I only quote; I do not guess\.$/,
    );
    expect((message.content[0] as TextPart).citations).toBeUndefined();
  });

  test.each([
    ["Hello!", /^Hello\./],
    ["hi there", /^Hello\./],
    ["Thanks!", /welcome/],
    ["what can you do?", /^I am not a language model\. .*quote/],
    ["", /^Ask a question/],
  ])("answers %j with a fixed sentence", async (request, expected) => {
    expect(textOf((await ask(request)).message)).toMatch(expected);
  });

  test("takes a question without words of its own as one about the question before", async () => {
    const first = await ask("How is a torn journal repaired?");
    const messages = [userMessage("How is a torn journal repaired?"), first.message, userMessage("And why?")];
    expect(textOf((await generate(model, { messages, signal })).message)).toContain("journal");
  });

  test("keeps to the tokens that are allowed and to stop sequences", async () => {
    const cut = await ask("How are failed states retried?", { maxOutputTokens: 5 });
    expect(textOf(cut.message).length).toBeLessThanOrEqual(20);
    expect(cut.message.finish.reason).toBe("length");
    const stopped = await ask("How are failed states retried?", { stop: ["policy"] });
    expect(textOf(stopped.message)).not.toContain("policy");
    expect(stopped.message.finish.reason).toBe("stop");
  });

  test("quotes other text files where no prose fits", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-quotes-"));
    await writeFile(join(folder, "README.md"), "# Nothing\n\nThis speaks of gardens.\n");
    await writeFile(
      join(folder, "sum.ts"),
      "// A sum of two integers, checked for overflow.\nexport const sum = 1;\n",
    );
    const { message } = await generate(extractive({ root: folder }), {
      messages: [userMessage("integers overflow")],
      signal,
    });
    expect(textOf(message)).toContain("[sum.ts:1]");
    await rm(folder, { recursive: true });
  });

  test("quotes no row of a table that only names two things", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-quotes-"));
    const table =
      "| name | kind |\n|---|---|\n| `AddingAdvancer` | interface |\n| `OpenState` | interface |\n";
    const text = "The core goes from state to state and says what happens there.";
    await writeFile(join(folder, "core.md"), `# Core\n\n${text}\n\n## Names of the core\n\n${table}`);
    const { message } = await generate(extractive({ root: folder }), {
      messages: [userMessage("What is the core?")],
      signal,
    });
    expect(textOf(message)).toContain(text);
    expect(textOf(message)).not.toContain("interface");
    await rm(folder, { recursive: true });
  });

  test("looks at the files again when the clock has moved a second", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orch-quotes-"));
    let now = 0;
    const clock: Clock = { now: () => now, after: () => () => {} };
    const own = extractive({ root: folder, clock });
    const apples = async (): Promise<string> =>
      textOf((await generate(own, { messages: [userMessage("Where do apples grow?")], signal })).message);
    expect(await apples()).toContain("There are no text files");
    await mkdir(join(folder, "docs"));
    await writeFile(join(folder, "docs", "a.md"), "Apples grow on trees.\n");
    expect(await apples()).toContain("There are no text files");
    now += 1000;
    expect(await apples()).toContain("Apples grow on trees. [docs/a.md:1]");
    await rm(folder, { recursive: true });
  });
});

describe("a stream that is cut short", () => {
  test("ends as aborted before it starts, with nothing said", async () => {
    const { message } = await ask("How are failed states retried?", { signal: AbortSignal.abort() });
    expect(message).toMatchObject({ content: [], finish: { reason: "aborted" } });
  });

  test("ends as aborted after any number of events, with what was said until then", async () => {
    const whole = textOf((await ask("How are failed states retried?")).message);
    for (let after = 1; after < 12; after++) {
      const controller = new AbortController();
      const events: ModelEvent[] = [];
      const request = {
        messages: [userMessage("How are failed states retried?")],
        signal: controller.signal,
      };
      for await (const event of model.stream(request)) {
        events.push(event);
        if (events.length === after) controller.abort();
      }
      expect(events).toHaveLength(after + 1);
      const last = events.at(-1);
      const deltas = events.flatMap((event) => (event.type === "text" ? [event.delta] : [])).join("");
      expect(last?.type === "finish" && last.message.finish.reason).toBe("aborted");
      expect(last?.type === "finish" && textOf(last.message)).toBe(deltas);
      expect(whole.startsWith(deltas)).toBe(true);
      expect(events.filter((event) => event.type === "finish")).toHaveLength(1);
    }
  });

  test("ends as an error, without throwing, when the folder is not there", async () => {
    const gone = extractive({ root: join(root, "nowhere") });
    const { message } = await generate(gone, { messages: [userMessage("states?")], signal });
    expect(message.finish).toMatchObject({ reason: "error", error: { kind: "not-found", retryable: false } });
  });
});

describe("material in the conversation", () => {
  const material = [
    "Question: How are failed parcels sent again?",
    "<material>",
    "docs/parcels.md:12: A failed parcel is sent again after two days.",
    "docs/parcels.md:13: The sender pays nothing for it.",
    "docs/birds.md:4: Birds sleep at night.",
    "</material>",
  ].join("\n");

  test("goes before the model's own files", async () => {
    const { message } = await ask(material);
    const part = message.content[0] as TextPart;
    expect(part.text).toContain("A failed parcel is sent again after two days. [docs/parcels.md:12]");
    expect(part.citations?.every((citation) => citation.path?.startsWith("docs/"))).toBe(true);
  });

  test("is read from the results of tools, with headings", async () => {
    const output =
      "# Parcels\ndocs/p.md:3: A failed parcel is sent again\ndocs/p.md:4: after two days.\n\ndocs/q.md:9: Other.";
    const messages = afterTool("How are failed parcels sent again?", { name: "search_files", output });
    const { message } = await generate(model, { messages, signal });
    expect((message.content[0] as TextPart).citations?.[0]).toEqual({
      path: "docs/p.md",
      line: 3,
      title: "Parcels",
      quote: "A failed parcel is sent again after two days.",
    });
  });

  test("is read from findings as JSON", async () => {
    const finding = { path: "x.md", line: 7, quote: "A failed parcel is sent again after two days." };
    const { message } = await ask(JSON.stringify({ topic: "failed parcels", findings: [finding] }));
    expect(textOf(message)).toBe("A failed parcel is sent again after two days. [x.md:7]");
  });

  test("names the tool where a result has no places", async () => {
    const messages = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "Oslo has 4 degrees and rain.",
    });
    const { message } = await generate(model, { messages, signal });
    expect(textOf(message)).toBe("Oslo has 4 degrees and rain. [tool:get_weather]");
  });

  test("leaves a failed or denied call as what it is", async () => {
    const failed = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "no network",
      isError: true,
    });
    expect(textOf((await generate(model, { messages: failed, signal })).message)).toBe(
      "The tool get_weather failed: no network",
    );
    const denied = afterTool("weather in Oslo?", {
      name: "get_weather",
      output: "no",
      isError: true,
      denied: true,
    });
    expect(textOf((await generate(model, { messages: denied, signal })).message)).toBe(
      "The call of get_weather was denied.",
    );
  });
});

test.each([
  {
    script: "Chinese",
    text: "# 快照\n\n快照让运行很快恢复。\n\n# 信号\n\n信号从外面送来一个值。\n",
    question: "快照有什么用？",
    quote: "快照让运行很快恢复。",
  },
  {
    script: "Japanese",
    text: "# 再試行\n\n失敗した状態は再試行される。\n\n# 記録\n\n記録はすべての段階を保存する。\n",
    question: "記録は何を保存しますか？",
    quote: "記録はすべての段階を保存する。",
  },
  {
    script: "Thai",
    text: "# ดัชนี\n\nดัชนีเก็บคำของเอกสารทั้งหมด\n\n# งบประมาณ\n\nงบประมาณจำกัดค่าใช้จ่ายของการทำงาน\n",
    question: "งบประมาณจำกัดอะไร",
    quote: "งบประมาณจำกัดค่าใช้จ่ายของการทำงาน",
  },
])("a question in $script is answered by the sentence that fits", async ({ text, question, quote }) => {
  const folder = await mkdtemp(join(tmpdir(), "orch-scripts-"));
  try {
    await writeFile(join(folder, "notes.md"), text);
    const { message } = await generate(extractive({ root: folder }), {
      messages: [userMessage(question)],
      signal,
    });
    expect((message.content[0] as TextPart).citations?.[0]?.quote).toBe(quote);
  } finally {
    await rm(folder, { recursive: true });
  }
});
