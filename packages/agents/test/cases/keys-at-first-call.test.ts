import { orchestration } from "@orch/core";
import { toText } from "@orch/core/draw";
import { expect, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { resolveModel } from "../../src/providers/resolve-model.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { runAgent } from "../../src/run/runner.ts";
import { answeringServer, dialects } from "./answering-server.ts";

const NAMES = ["openai/gpt-5", "anthropic/claude-sonnet-5-5", "groq/m"] as const;

test("A25: a model is defined, and a flow of it drawn, without a key; the call asks for it", async () => {
  for (const name of NAMES) {
    const model = resolveModel(name, {}, { env: {} });
    expect(`${model.id.provider}/${model.id.model}`).toBe(name);
    const one = agent({ name: "a", model });
    const state = agentRunnable(one);
    const flow = orchestration("f", (o) => o.start(state).finish(state));
    expect(toText(flow.graph)).toContain("a");
    await expect(runAgent(one, "go")).rejects.toMatchObject({ code: "ORCH_MISSING_KEY" });
    await expect(flow.start("go").result).rejects.toMatchObject({
      message: expect.stringMatching(/needs an API key/),
    });
    await expect(
      runAgent(one, "go", {
        model: resolveModel("local/extractive", {}, { env: {}, root: import.meta.dirname }),
      }),
    ).resolves.toBeDefined();
  }
});

test("A25: a key that comes later is found by the next call", async () => {
  for (const dialect of dialects.slice(0, 3)) {
    const server = await answeringServer((res) => dialect.say(res, { text: "hi" }));
    const kind = dialect.name as "openai" | "anthropic" | "openai-compatible";
    const baseURL = kind === "anthropic" ? server.url : `${server.url}/v1`;
    const env: { [name: string]: string } = {};
    const one = agent({
      name: "a",
      model: resolveModel("house/m", { providers: { house: { kind, baseURL } } }, { env }),
    });
    if (kind !== "openai-compatible")
      await expect(runAgent(one, "go")).rejects.toMatchObject({ facts: { variable: "HOUSE_API_KEY" } });
    env["HOUSE_API_KEY"] = "sk-test-key";
    expect((await runAgent(one, "go")).stopReason).toBe("done");
  }
});

test("A25: mistakes of the definition are told at once, and so is a missing key where a program wants that", () => {
  expect(() => resolveModel("gpt-5", {}, { env: {} })).toThrow(/ORCH|name/);
  expect(() => resolveModel("opnai/gpt-5", {}, { env: {} })).toThrow(/openai/);
  for (const name of NAMES)
    expect(() => resolveModel(name, {}, { env: {}, keyNow: true })).toThrow(
      expect.objectContaining({ code: "ORCH_MISSING_KEY" }),
    );
});
