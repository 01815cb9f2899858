import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenAI } from "@ai-sdk/openai";
import { manualClock } from "@orch/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { beginEvents, DONE, hostileServer, unnamed } from "../../test/hostile-server.ts";
import { agent } from "../agent/agent.ts";
import { fromAiSdk } from "../ai-sdk.ts";
import { anthropic } from "../anthropic.ts";
import { extractive } from "../extractive.ts";
import { generate } from "../model/generate.ts";
import { openai, openaiCompatible } from "../openai.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import { userMessage } from "../words/message.ts";
import type { ModelsConfig } from "./known-providers.ts";
import { resolveModel } from "./resolve-model.ts";

const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k", GROQ_API_KEY: "k", HOUSE_API_KEY: "h" };

describe("a model's name", () => {
  it("finds every well-known provider without a configuration", () => {
    const all = { ...env, OPENROUTER_API_KEY: "k", DEEPSEEK_API_KEY: "k", MISTRAL_API_KEY: "k" };
    const ids = [
      "openai/gpt-5",
      "anthropic/claude-sonnet-4-5",
      "ollama/llama3.2",
      "lmstudio/qwen",
      "openrouter/meta/llama-4",
      "deepseek/deepseek-chat",
      "groq/llama",
      "mistral/large",
      "local/extractive",
    ].map((name) => resolveModel(name, {}, { env: all, root: "." }).id);
    expect(ids.map(({ provider, api, model }) => `${provider} ${api} ${model}`)).toEqual([
      "openai responses gpt-5",
      "anthropic messages claude-sonnet-4-5",
      "ollama chat-completions llama3.2",
      "lmstudio chat-completions qwen",
      "openrouter chat-completions meta/llama-4",
      "deepseek chat-completions deepseek-chat",
      "groq chat-completions llama",
      "mistral chat-completions large",
      "local extractive extractive",
    ]);
  });

  it("may be short where the configuration says so", () => {
    const config: ModelsConfig = { providers: { openai: { models: { fast: "gpt-5-mini" } } } };
    expect(resolveModel("openai/fast", config, { env }).id.model).toBe("gpt-5-mini");
    expect(resolveModel("openai/constructor", config, { env }).id.model).toBe("constructor");
  });

  for (const name of ["gpt-5", "/gpt-5", "openai/", " openai/x", "local/other"]) {
    it(`is refused when it is "${name}"`, () => {
      expect(() => resolveModel(name, {}, { env, root: "." })).toThrow(
        expect.objectContaining({ code: "ORCH_MODEL_NAME" }),
      );
    });
  }

  it("offers the nearest provider when there is none of that name", () => {
    expect(() => resolveModel("antropic/x", {}, { env })).toThrow(/Did you mean "anthropic"\?/);
    expect(() => resolveModel("huose/x", { providers: { house: {} } }, { env })).toThrow(/"house"/);
    expect(() => resolveModel("zzzzzzz/x", {}, { env })).toThrow(/There is no provider "zzzzzzz"\.\n/);
    expect(() => resolveModel("toString/x", {}, { env })).toThrow(
      expect.objectContaining({ code: "ORCH_UNKNOWN_PROVIDER" }),
    );
  });
});

describe("a key", () => {
  it("is missed by name", () => {
    expect(() => resolveModel("openai/x", {}, { env: { OPENAI_API_KEY: "" }, keyNow: true })).toThrow(
      expect.objectContaining({
        code: "ORCH_MISSING_KEY",
        facts: { provider: "openai", variable: "OPENAI_API_KEY" },
      }),
    );
    const config: ModelsConfig = { providers: { groq: { apiKeyEnv: "MY_GROQ" } } };
    expect(() => resolveModel("groq/x", config, { env, keyNow: true })).toThrow(/Set MY_GROQ/);
  });

  it("may stand in the configuration, and is not wanted by servers on this machine", () => {
    expect(resolveModel("openai/x", { providers: { openai: { apiKey: "k" } } }, { env: {} }).id.model).toBe(
      "x",
    );
    expect(resolveModel("ollama/x", {}, { env: {} }).id.model).toBe("x");
  });
});

describe("a configuration", () => {
  it("must say what an own provider speaks, and where", () => {
    const house = (provider: object) => () =>
      resolveModel("house/x", { providers: { house: provider } }, { env });
    expect(house({})).toThrow(/providers\.house\.kind/);
    expect(house({ kind: "telepathy" })).toThrow(/"telepathy" is not openai/);
    expect(house({ kind: "openai-compatible" })).toThrow(/providers\.house\.baseURL/);
    expect(house({ kind: "openai-compatible", baseURL: "http://x/v1", preset: "vllm" })).not.toThrow();
  });

  it("sets prices and context windows", () => {
    const price = { input: 1, output: 2 };
    const { caps } = resolveModel(
      "openai/x",
      { providers: { openai: { price, contextWindow: 9 } } },
      { env },
    );
    expect(caps).toMatchObject({ price, contextWindow: 9 });
  });
});

describe("the catalogue", () => {
  const providers: ModelsConfig["providers"] = {
    openai: {
      models: { fast: "gpt-5-mini" },
      contextWindow: 1,
      price: { input: 9, output: 9 },
      caps: { files: false },
    },
  };

  it("knows single models, over what holds for their provider", () => {
    const price = { input: 1, output: 2, cacheRead: 0.1 };
    const config: ModelsConfig = {
      providers,
      models: {
        "openai/gpt-5-mini": { contextWindow: 400_000, price, caps: { images: false } },
        "openai/fast": { contextWindow: 100_000 },
      },
    };
    const caps = (name: string) => resolveModel(name, config, { env }).caps;
    expect(caps("openai/gpt-5-mini")).toMatchObject({
      contextWindow: 400_000,
      price,
      images: false,
      files: false,
    });
    expect(caps("openai/fast")).toMatchObject({ contextWindow: 100_000, price, images: false, files: false });
    expect(caps("openai/gpt-5")).toMatchObject({ contextWindow: 1, price: { input: 9 }, images: true });
    expect(resolveModel("openai/gpt-5", {}, { env }).caps).not.toHaveProperty("price");
  });

  it("is refused where a number is none, by the place where it stands", () => {
    const models = { "openai/x": { attempts: 0 } };
    expect(() => resolveModel("openai/x", { models }, { env })).toThrow(/models\["openai\/x"\]\.attempts/);
    const timeouts = { firstEvent: "5s" as never };
    expect(() => resolveModel("groq/x", { providers: { groq: { timeouts } } }, { env })).toThrow(
      /providers\.groq\.timeouts\.firstEvent/,
    );
  });

  it("says how long a silent server is waited for, and how often", async () => {
    const server = await hostileServer(() => {});
    const clock = manualClock();
    const config: ModelsConfig = {
      providers: {
        house: { kind: "openai-compatible", baseURL: `${server.url}/v1`, timeouts: { firstEvent: 9_000 } },
      },
      models: { "house/llama": { timeouts: { firstEvent: 2_000 }, attempts: 1 } },
    };
    const model = resolveModel("house/llama", config, { env, clock });
    const answer = generate(model, {
      messages: [userMessage("hi")],
      signal: new AbortController().signal,
    });
    while (server.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(2_000);
    const { finish } = (await answer).message;
    expect(finish).toMatchObject({ reason: "error", error: { kind: "timeout" } });
    expect(finish.error?.message).toContain("2 s");
    expect(server.seen).toHaveLength(1);
    await server.close();
  });
});

describe("a provider of the AI SDK", () => {
  it("is a function in the configuration, and its models are names like any other", async () => {
    const server = await hostileServer((response) => {
      const choice = { index: 0, delta: { role: "assistant", content: "Hello." }, finish_reason: "stop" };
      beginEvents(response).end(unnamed({ id: "1", created: 1, model: "m", choices: [choice] }) + DONE);
    });
    const asked: string[] = [];
    const create = (name: string) => {
      asked.push(name);
      return createOpenAI({ apiKey: "k", baseURL: `${server.url}/v1` }).chat(name);
    };
    const config: ModelsConfig = { providers: { other: { kind: "ai-sdk", create, models: { big: "m-1" } } } };
    const model = resolveModel("other/big", config, { env: {} });
    expect(asked).toEqual([]);
    const result = await runAgent(agent({ name: "a", model }), "hi");
    expect(result).toMatchObject({ stopReason: "done", output: "Hello." });
    expect(result.messages.at(-1)).toMatchObject({
      origin: { provider: "other", api: "ai-sdk", model: "m-1" },
    });
    expect(asked).toEqual(["m-1"]);
    expect(model.caps).toEqual(fromAiSdk(create("m-1")).caps);
    await server.close();
  });

  it("is refused without the function", () => {
    expect(() => resolveModel("other/x", { providers: { other: { kind: "ai-sdk" } } }, { env })).toThrow(
      /providers\.other\.create/,
    );
  });
});

it("goes to the address in the configuration, else in the environment, also for a server that has one of its own", async () => {
  const other = { choices: [{ index: 0, delta: { content: "hi" }, finish_reason: "stop" }] };
  const server = await hostileServer((reply) => beginEvents(reply).end(unnamed(other) + DONE));
  onTestFinished(server.close);
  const here = `${server.url}/v1`;
  const nowhere = "http://127.0.0.1:9/v1";
  const say = (config: ModelsConfig, doors: Record<string, string>) =>
    generate(resolveModel("ollama/llama", config, { env: doors }), {
      messages: [userMessage("hi")],
      signal: new AbortController().signal,
    });
  await say({}, { OLLAMA_BASE_URL: here });
  await say({ providers: { ollama: { baseURL: here } } }, { OLLAMA_BASE_URL: nowhere });
  expect(server.seen.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/chat/completions"]);
});

it("knows before loading what the adapters say of themselves", () => {
  const caps = (name: string) => resolveModel(name, {}, { env, root: "." }).caps;
  for (const model of ["gpt-4.1", "gpt-5", "o3-mini", "gpt-5-chat-latest", "codex-mini"]) {
    expect(caps(`openai/${model}`)).toEqual(openai({ model, apiKey: "k" }).caps);
  }
  expect(caps("anthropic/x")).toEqual(anthropic({ model: "x", apiKey: "k" }).caps);
  for (const preset of ["ollama", "lmstudio", "groq"] as const) {
    const own = openaiCompatible({ provider: preset, preset, model: "x", baseURL: "http://x/v1" });
    expect(caps(`${preset}/x`)).toEqual(own.caps);
  }
  expect(caps("local/extractive")).toEqual(extractive({ root: "." }).caps);
});

describe("a resolved model", () => {
  it("speaks with the server in the environment, under the key of the configuration, and tells its retries", async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      request.resume();
      if (seen.length === 1) {
        response.writeHead(503, { "content-type": "application/json" }).end('{"error":{"message":"busy"}}');
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const choice = { index: 0, delta: { role: "assistant", content: "Hello." }, finish_reason: "stop" };
      response.end(`data: ${JSON.stringify({ id: "1", choices: [choice] })}\n\ndata: [DONE]\n\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const config: ModelsConfig = {
        providers: { house: { kind: "openai-compatible", apiKeyEnv: "HOUSE_API_KEY" } },
      };
      const clock = manualClock();
      const model = resolveModel("house/llama", config, {
        env: { ...env, HOUSE_BASE_URL: `http://127.0.0.1:${port}/v1` },
        clock,
      });
      const events: AgentEvent[] = [];
      const result = await runAgent(agent({ name: "a", model }), "hi", {
        clock,
        onEvent: (event) => {
          events.push(event);
          if (event.type === "agent.retrying") queueMicrotask(() => void clock.advance(event.delay));
        },
      });
      expect(result).toMatchObject({ stopReason: "done", output: "Hello." });
      expect(seen).toEqual(Array(2).fill("POST /v1/chat/completions Bearer h"));
      expect(events.filter(({ type }) => type === "agent.retrying")).toMatchObject([
        { attempt: 1, failure: { status: 503 } },
      ]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("quotes the files of the root with no key and no network", async () => {
    const root = await mkdtemp(join(tmpdir(), "orch-resolve-"));
    try {
      await writeFile(
        join(root, "tea.md"),
        "# Tea\n\nGreen tea is steamed to stop the oxidation of its leaves.\n",
      );
      const model = resolveModel("local/extractive", {}, { env: {}, root });
      const result = await runAgent(agent({ name: "a", model }), "Why is green tea steamed?");
      expect(result.stopReason).toBe("done");
      expect(result.output).toContain("Green tea is steamed");
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
