import type { ToolUnion } from "@anthropic-ai/sdk/resources/messages";
import type { Tool as OpenAITool } from "openai/resources/responses/responses";
import { expect, test } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { type Tool, tool } from "../../src/agent/tool.ts";
import {
  codeExecution,
  fileSearch,
  hostedMcp,
  imageGeneration,
  memory,
  shell,
  toolSearch,
  webFetch,
  webSearch,
} from "../../src/provider-tools.ts";
import { anthropic } from "../../src/providers/anthropic/anthropic.ts";
import { extractive } from "../../src/providers/extractive/extractive.ts";
import { compatOf } from "../../src/providers/openai-compatible/compat.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import { PRESETS, type Preset } from "../../src/providers/openai-compatible/presets.ts";
import { runAgent } from "../../src/run/runner.ts";
import { computer } from "../../src/tools/provider/computer.ts";
import type { AgentEvent } from "../../src/words/events.ts";
import { type AssistantMessage, type Message, textOf, userMessage } from "../../src/words/message.ts";
import type { Model } from "../../src/words/model.ts";
import {
  answeringServer,
  type Body,
  claude,
  compatible,
  dialects,
  gpt,
  sayBlocks,
  sayChunks,
  sayItems,
} from "./answering-server.ts";

const view = tool({ name: "view", description: "x", input: z.object({}), invoke: async () => "page" });
const idle = { handler: () => [] };
const screen = { width: 800, height: 600, handler: () => ({ data: "iVBORw0KGgo=" }) };
const place = { city: "Oslo", country: "NO", timezone: "Europe/Oslo" };
const ask = (model: Model, tools: readonly Tool[], input: string | readonly Message[] = "go") =>
  runAgent(agent({ name: "a", model, tools }), input);
const message = (text: string, annotations: readonly object[] = []) => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations }],
});

const OPENAI: readonly (readonly [Tool, OpenAITool])[] = [
  [
    webSearch({ domains: ["example.org"], place, contextSize: "low" }),
    {
      type: "web_search",
      filters: { allowed_domains: ["example.org"] },
      user_location: { type: "approximate", ...place },
      search_context_size: "low",
    },
  ],
  [
    codeExecution({ files: ["file_1"] }),
    { type: "code_interpreter", container: { type: "auto", file_ids: ["file_1"] } },
  ],
  [codeExecution({ container: "cntr_1" }), { type: "code_interpreter", container: "cntr_1" }],
  [
    fileSearch({ stores: ["vs_1"], maxResults: 3 }),
    { type: "file_search", vector_store_ids: ["vs_1"], max_num_results: 3 },
  ],
  [
    imageGeneration({ size: "1024x1024", format: "webp", quality: "low" }),
    { type: "image_generation", size: "1024x1024", output_format: "webp", quality: "low" },
  ],
  [
    hostedMcp({ label: "docs", url: "https://mcp.example/x", tools: ["find"], token: "t" }),
    {
      type: "mcp",
      server_label: "docs",
      server_url: "https://mcp.example/x",
      require_approval: "always",
      allowed_tools: ["find"],
      authorization: "t",
    },
  ],
  [toolSearch(), { type: "tool_search" }],
  [computer(screen), { type: "computer" }],
  [shell(idle), { type: "shell", environment: { type: "local" } }],
];

const ANTHROPIC: readonly (readonly [Tool, ToolUnion | object])[] = [
  [
    webSearch({ withoutDomains: ["example.org"], place, maxUses: 2 }),
    {
      type: "web_search_20250305",
      name: "web_search",
      blocked_domains: ["example.org"],
      max_uses: 2,
      user_location: { type: "approximate", ...place },
    } satisfies ToolUnion,
  ],
  [
    webFetch({ domains: ["example.org"], maxTokens: 500 }),
    {
      type: "web_fetch_20250910",
      name: "web_fetch",
      allowed_domains: ["example.org"],
      max_content_tokens: 500,
      citations: { enabled: true },
    } satisfies ToolUnion,
  ],
  [codeExecution(), { type: "code_execution_20250825", name: "code_execution" } satisfies ToolUnion],
  [memory({ handler: () => "" }), { type: "memory_20250818", name: "memory" } satisfies ToolUnion],
  [shell(idle), { type: "bash_20250124", name: "bash" } satisfies ToolUnion],
  [
    toolSearch(),
    { type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" } satisfies ToolUnion,
  ],
  [
    toolSearch({ by: "patterns" }),
    { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" } satisfies ToolUnion,
  ],
  [
    computer(screen),
    { type: "computer_20251124", name: "computer", display_width_px: 800, display_height_px: 600 },
  ],
  [
    hostedMcp({ label: "docs", url: "https://mcp.example/x", tools: ["find"], approval: "never" }),
    {
      type: "mcp_toolset",
      mcp_server_name: "docs",
      default_config: { enabled: false },
      configs: { find: { enabled: true } },
    },
  ],
];

test("A21: each tool of OpenAI is sent in its own form, beside the agent's own", async () => {
  const server = await answeringServer((res) => gpt.say(res, { text: "hi" }));
  for (const [known, wire] of OPENAI) {
    const result = await ask(gpt.model(server.url), [view, known]);
    expect(result.stopReason).toBe("done");
    const [own, other] = server.bodies.at(-1).tools;
    expect(other).toEqual(wire);
    expect([own.type, own.name, own.defer_loading]).toEqual([
      "function",
      "view",
      known.name === "tool_search" ? true : undefined,
    ]);
  }
});

test("A21: each tool of Anthropic is sent in its dated form, with its beta, beside the agent's own", async () => {
  const server = await answeringServer((res) => claude.say(res, { text: "hi" }));
  for (const [known, wire] of ANTHROPIC) {
    const result = await ask(claude.model(server.url), [view, known]);
    expect(result.stopReason).toBe("done");
    const body = server.bodies.at(-1);
    expect(body.tools[1]).toEqual(wire);
    expect([body.tools[0].name, body.tools[0].defer_loading]).toEqual([
      "view",
      known.name === "tool_search" ? true : undefined,
    ]);
    const beta = { computer: "computer-use-2025-11-24", mcp_docs: "mcp-client-2025-11-20" }[known.name];
    expect(server.headers.at(-1)?.["anthropic-beta"]).toBe(beta);
    if (known.name === "mcp_docs")
      expect(body.mcp_servers).toEqual([{ type: "url", name: "docs", url: "https://mcp.example/x" }]);
  }
});

test("A21: a beta of the user's own stays beside that of a tool, and an older model gets the older computer", async () => {
  const server = await answeringServer((res) => claude.say(res, { text: "hi" }));
  const model = anthropic({
    apiKey: "k",
    model: "claude-haiku-4-5",
    baseURL: server.url,
    headers: { "Anthropic-Beta": "context-1m-2025-08-07" },
  });
  await ask(model, [computer(screen)]);
  expect(server.headers[0]?.["anthropic-beta"]).toBe("context-1m-2025-08-07,computer-use-2025-01-24");
  expect(server.bodies[0].tools[0].type).toBe("computer_20250124");
});

const MISSING: readonly (readonly [string, Tool, RegExp])[] = [
  ["openai", webFetch(), /no such tool.*anthropic/s],
  ["openai", memory({ handler: () => "" }), /no such tool.*anthropic/s],
  ["openai", webSearch({ withoutDomains: ["x.org"] }), /cannot leave domains out/],
  ["anthropic", fileSearch({ stores: ["vs_1"] }), /no such tool.*openai/s],
  ["anthropic", imageGeneration(), /no such tool.*openai/s],
  ["anthropic", hostedMcp({ label: "d", url: "https://mcp.example" }), /approval: "never"/],
  ["openai-compatible", webSearch(), /no such tool.*openrouter/s],
  ["openai-compatible", computer(screen), /no such tool.*openai or anthropic/s],
  ["ai-sdk", webFetch(), /no such tool.*anthropic/s],
];

test("A21: a tool that the provider does not have is an error with the way out, before a byte is sent", async () => {
  const server = await answeringServer((res) => res.end());
  for (const [name, known, text] of MISSING) {
    const model = dialects.find((one) => one.name === name)!.model(server.url);
    const failure = await ask(model, [view, known]).catch((error: unknown) => error);
    expect(failure, name).toMatchObject({
      code: "ORCH_PROVIDER_TOOL",
      facts: { tool: known.provider?.type },
    });
    expect(String(failure), name).toMatch(text);
  }
  await expect(ask(extractive({ root: "." }), [webSearch()])).rejects.toMatchObject({
    code: "ORCH_PROVIDER_TOOL",
  });
  expect(server.bodies).toHaveLength(0);
  expect(() => webSearch({ domains: ["a"], withoutDomains: ["b"] })).toThrow(/not both/);
  expect(() => fileSearch({ stores: [] })).toThrow(/vector store/);
  expect(() => hostedMcp({ label: "d", url: "ftp://x" })).toThrow(/no address/);
  expect(() => hostedMcp({ label: "d d", url: "https://x.org" })).toThrow(/mcp_d d/);
});

const at = (url: string, preset: Preset, model = "m"): Model =>
  openaiCompatible({ provider: "lab", preset, model, baseURL: `${url}/v1`, apiKey: "k" });

test("A21: servers that know tools are told where they read them, by their preset and not by their name", async () => {
  const server = await answeringServer((res) => compatible.say(res, { text: "hi" }));
  const domains = ["a.org"];
  await ask(at(server.url, "openrouter"), [view, webSearch({ domains }), webFetch({ maxUses: 2 })]);
  const [own, ...listed] = server.bodies[0].tools;
  expect(own.function.name).toBe("view");
  expect(listed).toEqual([
    { type: "openrouter:web_search", parameters: { allowed_domains: domains } },
    { type: "openrouter:web_fetch", parameters: { max_uses: 2 } },
  ]);
  const lost = await ask(at(server.url, "groq", "groq/compound"), [
    webSearch({ maxUses: 1, withoutDomains: domains }),
    webFetch(),
    codeExecution(),
  ]);
  expect(server.bodies[1]).toMatchObject({
    compound_custom: { tools: { enabled_tools: ["web_search", "visit_website", "code_interpreter"] } },
    search_settings: { exclude_domains: domains },
  });
  expect(server.headers[1]?.["groq-model-version"]).toBe("latest");
  expect(server.bodies[1].tools).toBeUndefined();
  expect(lost.warnings.join()).toContain("maxUses");
  await ask(at(server.url, "groq", "openai/gpt-oss-20b"), [view, webSearch(), codeExecution()]);
  expect(server.bodies[2].tools.map(({ type }: Body) => type)).toEqual([
    "function",
    "browser_search",
    "code_interpreter",
  ]);
  expect(server.headers[2]).not.toHaveProperty("groq-model-version");
});

test("A21: servers that know none refuse before a byte is sent, whatever they are called", async () => {
  const server = await answeringServer((res) => res.end());
  const code = "ORCH_PROVIDER_TOOL";
  for (const preset of Object.keys(PRESETS) as Preset[]) {
    const tools = compatOf(preset).serverTools === "none" ? [webSearch()] : [fileSearch({ stores: ["v"] })];
    await expect(ask(at(server.url, preset), [view, ...tools]), preset).rejects.toMatchObject({ code });
  }
  const { url } = server;
  await expect(ask(at(url, "groq", "llama"), [webSearch()])).rejects.toMatchObject({ code });
  await expect(ask(at(url, "groq", "openai/gpt-oss-20b"), [webFetch()])).rejects.toMatchObject({ code });
  const kept = webSearch({ domains: ["a.org"] });
  await expect(ask(at(url, "groq", "openai/gpt-oss-20b"), [kept])).rejects.toThrow(
    /cannot be kept to domains/,
  );
  // A server called like one that has tools, but without its preset.
  const named = openaiCompatible({ provider: "openrouter", model: "m", baseURL: `${url}/v1`, apiKey: "k" });
  await expect(ask(named, [webSearch()])).rejects.toMatchObject({ code });
  expect(server.bodies).toHaveLength(0);
});

test("A21: what such a server did is seen: its calls as they end, the pages that it cites, and the searches in the usage", async () => {
  const search = { index: 0, type: "search", arguments: '{"query":"tea"}' };
  const results = [{ url: "https://a.org", title: "A", content: "long" }];
  const cited = { url: "https://a.org", title: "A", content: "the whole page", start_index: 0, end_index: 3 };
  const usage = { prompt_tokens: 5, completion_tokens: 5, server_tool_use: { web_search_requests: 2 } };
  const server = await answeringServer((res) =>
    sayChunks(res, [
      { delta: { role: "assistant", executed_tools: [search] } },
      { delta: { executed_tools: [{ ...search, output: "found", search_results: { results } }, null, 7] } },
      { delta: { executed_tools: [{ index: 1, type: "python", arguments: "{" }], content: "Tea." } },
      { delta: { annotations: [{ type: "url_citation", url_citation: cited }, { url_citation: 3 }, null] } },
      { delta: { annotations: "none", executed_tools: {} }, finish_reason: "stop", usage },
    ]),
  );
  const events: AgentEvent[] = [];
  const model = at(server.url, "openrouter");
  const { messages, usage: counted } = await runAgent(
    agent({ name: "a", model, tools: [webSearch()] }),
    "go",
    {
      onEvent: (one) => events.push(one),
    },
  );
  expect(messages.at(-1)?.content).toEqual([
    {
      type: "provider-call",
      id: "ran_0",
      name: "search",
      status: "done",
      input: { query: "tea" },
      output: "found",
      sources: [{ url: "https://a.org", title: "A" }],
    },
    { type: "provider-call", id: "ran_1", name: "python", status: "running" },
    { type: "text", text: "Tea.", citations: [{ url: "https://a.org", title: "A", start: 0, end: 3 }] },
  ]);
  expect(counted.webSearches).toBe(2);
  const told = events.flatMap((one) => (one.type === "agent.model" ? [one.event.type] : []));
  expect(told.slice(1, 3)).toEqual(["provider-call", "part"]);
  await ask(model, [webSearch()], [...messages, userMessage("on")]);
  expect(JSON.stringify(server.bodies[1].messages)).not.toMatch(/ran_0|annotations/);
});

const SEARCH_ITEMS = [
  {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "tea", sources: [{ type: "url", url: "https://a.org" }] },
  },
  {
    type: "code_interpreter_call",
    id: "ci_1",
    status: "completed",
    code: "1+1",
    container_id: "c",
    outputs: [
      { type: "logs", logs: "2" },
      { type: "image", url: "data:image/png;base64,iVBORw0KGgo=" },
    ],
  },
  {
    type: "mcp_call",
    id: "mcp_1",
    server_label: "docs",
    name: "find",
    arguments: '{"q":1}',
    error: "gone",
    output: null,
    status: "failed",
  },
  message("Tea grows.", [
    { type: "url_citation", url: "https://a.org", title: "A", start_index: 0, end_index: 3 },
  ]),
];

test("A21: what ran at OpenAI is seen: its calls with input and output, sources with their place, pictures, and the searches in the cost", async () => {
  const server = await answeringServer((res, { n }) =>
    n === 1 ? sayItems(res, SEARCH_ITEMS) : gpt.say(res, { text: "more" }),
  );
  const events: AgentEvent[] = [];
  const model = gpt.model(server.url);
  const tools = [webSearch(), codeExecution(), hostedMcp({ label: "docs", url: "https://mcp.example" })];
  const first = await runAgent(agent({ name: "a", model, tools }), "go", {
    onEvent: (one) => events.push(one),
  });
  expect(first.messages.at(-1)?.content).toMatchObject([
    {
      type: "provider-call",
      id: "ws_1",
      name: "web_search",
      status: "done",
      input: { type: "search", query: "tea" },
      output: "1 page found",
      sources: [{ url: "https://a.org" }],
    },
    { type: "provider-call", name: "code_interpreter", status: "done", input: { code: "1+1" } },
    { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" },
    { type: "provider-call", name: "docs.find", status: "failed", input: { q: 1 }, output: "gone" },
    { type: "text", citations: [{ url: "https://a.org", title: "A", start: 0, end: 3 }] },
  ]);
  const begun = events.flatMap((one) =>
    one.type === "agent.model" && one.event.type === "provider-call" ? [one.event.name] : [],
  );
  expect(begun).toEqual(["web_search", "code_interpreter", "docs.find"]);
  expect(first.usage.webSearches).toBe(1);
  expect(server.bodies[0].include).toContain("web_search_call.action.sources");
  const next = await ask(model, tools, [...first.messages, userMessage("on")]);
  expect(next.stopReason).toBe("done");
  expect(server.bodies[1].input.slice(1, 4)).toEqual(SEARCH_ITEMS.slice(0, 3));
  const other = await answeringServer((res) => claude.say(res, { text: "ok" }));
  const moved = await ask(claude.model(other.url), [webSearch()], [...next.messages, userMessage("and?")]);
  expect(moved.stopReason).toBe("done");
  expect(JSON.stringify(other.bodies[0].messages)).not.toMatch(/ws_1|mcp_1|code_interpreter/);
});

const SEARCHED = [
  { type: "text", text: "I look." },
  { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "tea" } },
  {
    type: "web_search_tool_result",
    tool_use_id: "srv_1",
    content: [{ type: "web_search_result", url: "https://a.org", title: "A", encrypted_content: "x" }],
  },
  { type: "server_tool_use", id: "srv_2", name: "web_fetch", input: { url: "https://b.org" } },
  {
    type: "web_fetch_tool_result",
    tool_use_id: "srv_2",
    content: { type: "web_fetch_tool_result_error", error_code: "url_not_accessible" },
  },
];

test("A21: what ran at Anthropic is seen, goes back in its places, and is dropped at another provider", async () => {
  const usage = { output_tokens: 5, server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } };
  const server = await answeringServer((res, { n }) =>
    n === 1
      ? sayBlocks(res, [...SEARCHED, { type: "text", text: "Tea." }], { usage })
      : claude.say(res, { text: "more" }),
  );
  const model = anthropic({
    apiKey: "k",
    model: "claude-sonnet-5-5",
    baseURL: server.url,
    price: { input: 0, output: 0 },
  });
  const tools = [webSearch(), webFetch()];
  const first = await ask(model, tools);
  const calls = (first.messages.at(-1) as AssistantMessage).content.filter(
    ({ type }) => type === "provider-call",
  );
  expect(calls).toMatchObject([
    {
      id: "srv_1",
      name: "web_search",
      input: { query: "tea" },
      status: "done",
      sources: [{ url: "https://a.org", title: "A" }],
    },
    { id: "srv_2", name: "web_fetch", status: "failed", output: "url_not_accessible" },
  ]);
  expect([first.usage.webSearches, first.cost]).toEqual([2, 0.02]);
  await ask(model, tools, [...first.messages, userMessage("on")]);
  expect(server.bodies[1].messages[1].content).toEqual([...SEARCHED, { type: "text", text: "Tea." }]);
  const other = await answeringServer((res) => gpt.say(res, { text: "ok" }));
  await ask(gpt.model(other.url), [], [...first.messages, userMessage("on")]);
  expect(JSON.stringify(other.bodies[0].input)).not.toContain("srv_1");
});

test("A21: a message that Anthropic pauses goes on by itself, and its call has its result in the next", async () => {
  const server = await answeringServer((res, { n }) =>
    n === 1
      ? sayBlocks(res, SEARCHED.slice(0, 2), { stop: "pause_turn" })
      : sayBlocks(res, [SEARCHED[2], { type: "text", text: "Tea." }]),
  );
  const result = await ask(claude.model(server.url), [webSearch()]);
  expect([result.stopReason, result.output]).toEqual(["done", "Tea."]);
  expect(server.bodies[1].messages.at(-1)).toEqual({ role: "assistant", content: SEARCHED.slice(0, 2) });
  const calls = result.messages.flatMap((one) =>
    one.role === "assistant" ? one.content.filter(({ type }) => type === "provider-call") : [],
  );
  expect(calls).toMatchObject([
    { id: "srv_1", status: "running" },
    { id: "srv_1", status: "done", sources: [{ url: "https://a.org" }] },
  ]);
  expect(textOf(result.messages.at(-1)!)).toBe("Tea.");
  const endless = await answeringServer((res) =>
    sayBlocks(res, SEARCHED.slice(0, 2), { stop: "pause_turn" }),
  );
  const limited = await ask(claude.model(endless.url), [webSearch()]);
  expect([limited.stopReason, endless.bodies.length]).toEqual(["max-turns", 10]);
});

test("A21: OpenAI asks about a call of an MCP server, and a person's yes or no goes back in its form", async () => {
  const request = {
    type: "mcp_approval_request",
    id: "mcpr_1",
    server_label: "docs",
    name: "wipe",
    arguments: '{"all":true}',
  };
  for (const approval of [true, { deny: "not today" }]) {
    const server = await answeringServer((res, { n }) =>
      n === 1 ? sayItems(res, [request]) : gpt.say(res, { text: "ok" }),
    );
    const asked: unknown[] = [];
    const docs = hostedMcp({ label: "docs", url: "https://mcp.example" });
    const result = await runAgent(agent({ name: "a", model: gpt.model(server.url), tools: [docs] }), "go", {
      onApproval: (call) => {
        asked.push(call);
        return approval;
      },
    });
    expect(result.stopReason).toBe("done");
    expect(asked).toEqual([
      { id: "mcpr_1", name: "mcp_docs", input: { tool: "wipe", input: { all: true } } },
    ]);
    expect(server.bodies[1].input.slice(1)).toMatchObject([
      request,
      { type: "mcp_approval_response", approval_request_id: "mcpr_1", approve: approval === true },
    ]);
  }
});
