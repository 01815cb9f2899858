import { readFileSync } from "node:fs";
import { createOpenAI } from "@ai-sdk/openai";
import { circuit, each, orchestration } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { afterAll, describe, expect, test } from "vitest";
import { figure } from "../../../../scripts/lanes.ts";
import { agent } from "../../src/agent/agent.ts";
import { isTerminal } from "../../src/errors/agent-stopped-error.ts";
import { hintOf, isTerminalFailure, mayPass } from "../../src/model/failure-kind.ts";
import { fromAiSdk } from "../../src/providers/ai-sdk/from-ai-sdk.ts";
import { anthropic } from "../../src/providers/anthropic/anthropic.ts";
import { openai } from "../../src/providers/openai/openai.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import { withRetry } from "../../src/providers/wrappers/retry-model.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { asTool } from "../../src/run/agent-tool.ts";
import { runAgent } from "../../src/run/runner.ts";
import type { Model, ModelFailure } from "../../src/words/model.ts";
import { type Refusal, refusals } from "../refusals.ts";
import { answeringServer, refuse } from "./answering-server.ts";

const KEY = "sk-test-key";

/** The adapters that read a refusal of this dialect. */
function modelsFor({ dialect, from }: Refusal, url: string): readonly (readonly [string, Model])[] {
  const baseURL = `${url}/v1`;
  switch (dialect) {
    case "anthropic":
      return [["anthropic", anthropic({ model: "m", apiKey: KEY, baseURL: url })]];
    case "openai":
      return [
        ["openai", openai({ model: "m", apiKey: KEY, baseURL })],
        ["ai-sdk", fromAiSdk(createOpenAI({ apiKey: KEY, baseURL }).responses("m"))],
      ];
    case "openai-compatible":
      return [
        [from, openaiCompatible({ provider: from, model: "m", apiKey: KEY, baseURL })],
        ["ai-sdk", fromAiSdk(createOpenAI({ apiKey: KEY, baseURL }).chat("m"))],
      ];
  }
}

const titled = refusals.map((refusal) => ({
  ...refusal,
  title: `${refusal.from} ${refusal.status}: ${JSON.stringify(refusal.body).slice(0, 120)}`,
}));
const terminal = titled.filter((refusal) => refusal.terminal);
let readings = 0;
afterAll(() => figure(`refusals: ${refusals.length} written, ${readings} readings by their adapters`));

describe("a refusal means the same in every dialect", () => {
  test.each(titled)("$kind: $title", async (refusal) => {
    let calls = 0;
    const server = await answeringServer((res) => {
      calls += 1;
      refuse(res, refusal.status, refusal.body);
    });
    for (const [name, model] of modelsFor(refusal, server.url)) {
      calls = 0;
      const { failure, stopReason } = await runAgent(agent({ name: "a", model }), "hi");
      const told = failure as NonNullable<typeof failure> & { hint?: string };
      expect([name, told.kind, isTerminal(told)]).toEqual([name, refusal.kind, refusal.terminal === true]);
      expect(stopReason).toBe(refusal.kind === "refused" ? "refusal" : "error");
      expect(told).toMatchObject({ status: refusal.status, hint: expect.stringMatching(/^[A-Z].*\.$/) });
      // What the server says is not lost, and one that others meet too is asked of nobody again.
      expect(told.message).not.toMatch(/no body|\[object/);
      if (refusal.terminal) expect(calls).toBe(1);
      readings += 1;
    }
  });
});

describe("point 7: what each other call will meet too is asked once", () => {
  test.each(terminal)("by a fan-out whose states are tried again: $title", async (refusal) => {
    let calls = 0;
    const server = await answeringServer((res) => {
      calls += 1;
      refuse(res, refusal.status, refusal.body);
    });
    const [[, model]] = modelsFor(refusal, server.url) as [readonly [string, Model]];
    const write = agentRunnable(agent({ name: "writer", model: withRetry(model) }), {
      retry: { attempts: 3 },
    });
    const fan = each("fan", write, { settled: true, concurrency: 1 });
    const flow = orchestration("f", (o) => o.start(fan).finish(fan));
    await expect(flow.run(["a", "b", "c"])).rejects.toMatchObject({
      code: "ORCH_HALTED",
      facts: { done: 0, failed: 1, open: 2 },
    });
    expect(calls).toBe(1);
  });

  test("by a circuit, which asks a person; by an agent whose tool is an agent", async () => {
    let calls = 0;
    const server = await answeringServer((res) => {
      calls += 1;
      refuse(res, 401, {
        type: "error",
        error: { type: "authentication_error", message: "invalid x-api-key" },
      });
    });
    const model = anthropic({ model: "m", apiKey: KEY, baseURL: server.url });
    const inner = asTool(agent({ name: "inner", model }), { description: "d", onError: "stop" });
    const outer = scriptedModel([{ calls: [{ id: "1", name: "inner", input: { input: "hi" } }] }, "never"]);
    const write = agentRunnable(agent({ name: "outer", model: outer, tools: [inner] }), {
      retry: { attempts: 3 },
    });
    const fan = each("fan", write, { settled: true, concurrency: 1 });
    const flow = orchestration("f", (o) => o.start(fan).finish(fan), { onTerminal: circuit() });
    const run = flow.start(["a", "b", "c"]);
    for await (const event of run.events()) {
      if (event.type !== "question.asked") continue;
      expect(JSON.stringify(event.prompt)).toContain("invalid x-api-key");
      await run.answer(event.question, "stop");
    }
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_HALTED" });
    expect([calls, outer.requests.length]).toEqual([1, 1]);
  });
});

test("point 7: the table of the docs says what the code does", () => {
  const page = readFileSync(new URL("../../../../docs/providers.md", import.meta.url), "utf8");
  const kinds = [...page.matchAll(/^\| `([\w-]+)` \| .*? \| (yes|no) \| (yes|no) \| (.*) \|$/gm)];
  const read = kinds.map(([, kind, again, stops, hint]) => [kind, again === "yes", stops === "yes", hint]);
  const known = kinds.map(([, name]) => {
    const kind = name as ModelFailure["kind"];
    return [kind, mayPass(kind), isTerminalFailure(kind, "model") === true, hintOf(kind)];
  });
  expect(read).toEqual(known);
  const named = new Set(kinds.map(([, kind]) => kind));
  expect(refusals.filter(({ kind }) => !named.has(kind))).toEqual([]);
  expect(page).toContain(`${refusals.length} written refusals`);
});
