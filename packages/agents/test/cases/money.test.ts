/** No call is uncounted: what a server does not tell is estimated and marked, and what it tells more than once is told once. */
import { orchestration } from "@orch/core";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../../src/agent/agent.ts";
import { tool } from "../../src/agent/tool.ts";
import { estimateRequest, estimateTokens } from "../../src/model/estimate-tokens.ts";
import { usageLedger } from "../../src/observe/ledger/usage-ledger.ts";
import { anthropic } from "../../src/providers/anthropic/anthropic.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import { withRetry } from "../../src/providers/wrappers/retry-model.ts";
import { withFallback } from "../../src/providers/wrappers/with-fallback.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { runAgent } from "../../src/run/runner.ts";
import { userMessage } from "../../src/words/message.ts";
import type { FinishEvent, Model, Usage } from "../../src/words/model.ts";
import { answeringServer, type Body, refuse, sayChunks } from "./answering-server.ts";

const view = tool({
  name: "view",
  description: "Shows a page.",
  input: z.object({ p: z.number().optional() }),
  invoke: async () => "page",
});
const price = { input: 1, output: 2 };
const lab = (url: string, more: object = {}): Model =>
  openaiCompatible({
    provider: "lab",
    model: "m",
    baseURL: `${url}/v1`,
    apiKey: "sk-test-key",
    price,
    ...more,
  });
const hi = { choices: [{ index: 0, delta: { content: "hi" }, finish_reason: null }] };
const stop = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const usage = { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32 };
const event = (body: object): string => `data: ${JSON.stringify({ id: "c", model: "m", ...body })}\n\n`;
const begin = (res: Body): Body => res.writeHead(200, { "content-type": "text/event-stream" });

/** A server that tells no figures and calls the tool each time. */
const untold = () =>
  answeringServer((res, { n }) =>
    sayChunks(res, [
      {
        delta: {
          tool_calls: [{ index: 0, id: `c${n}`, function: { name: "view", arguments: `{"p":${n}}` } }],
        },
      },
      { finish_reason: "tool_calls" },
    ]),
  );

describe("A08: figures that come late", () => {
  it("A08: are waited for while the stream is open, and the text is told at once", async () => {
    const clock = manualClock();
    let later = (): void => {};
    const server = await answeringServer((res) => {
      begin(res).write(event(hi) + event(stop));
      later = () => res.end(`${event({ choices: [], usage })}data: [DONE]\n\n`);
    });
    let finish: FinishEvent | undefined;
    for await (const said of lab(server.url, { clock }).stream({
      messages: [userMessage("go")],
      signal: new AbortController().signal,
    })) {
      if (said.type === "text") {
        expect(finish).toBeUndefined();
        void clock.advance(1_500).then(later);
      }
      if (said.type === "finish") finish = said;
    }
    expect(finish?.usage).toMatchObject({ input: 19, output: 13 });
    expect(finish?.usage.estimated).toBeUndefined();
  });

  it.each([
    ["A08, further: are estimated when they stay away, after five seconds", undefined, 5_000],
    ["A08, further: are waited for as long as the configuration says", { usage: 200 }, 200],
  ])("%s", async (_name, timeouts, wait) => {
    const clock = manualClock();
    const server = await answeringServer((res) => void begin(res).write(event(hi) + event(stop)));
    const a = agent({ name: "a", model: lab(server.url, { clock, ...(timeouts && { timeouts }) }) });
    let ended = false;
    const run = runAgent(a, "go", {
      onEvent: (said) => {
        if (said.type === "agent.model" && said.event.type === "text") {
          void clock.advance(wait - 1).then(() => {
            expect(ended).toBe(false);
            return clock.advance(2);
          });
        }
      },
    });
    const result = await run;
    ended = true;
    expect(result).toMatchObject({ stopReason: "done", output: "hi", usage: { estimated: true } });
    expect(result.warnings.join()).toContain("lab/m does not tell how many tokens it used");
  });
});

describe("A09: a limit acts where the server tells no figures", () => {
  it("A09: of tokens, after the first call, with a warning", async () => {
    const server = await untold();
    const a = agent({
      name: "a",
      model: lab(server.url),
      tools: [view],
      maxTurns: 25,
      budget: { maxTokens: 200 },
    });
    const result = await runAgent(a, "x".repeat(4_000));
    expect(result.stopReason).toBe("budget");
    expect(server.bodies).toHaveLength(1);
    expect(result.usage).toMatchObject({ estimated: true });
    expect(result.usage.input).toBeGreaterThan(1_000);
    expect(result.usage.output).toBeGreaterThan(0);
    expect(result.warnings.filter((text) => text.includes("estimated from the text"))).toHaveLength(1);
  });

  it("A09, further: of dollars", async () => {
    const server = await untold();
    const budget = { maxCost: 0.002 };
    const a = agent({ name: "a", model: lab(server.url), tools: [view], maxTurns: 25, budget });
    const result = await runAgent(a, "x".repeat(4_000));
    expect(result.stopReason).toBe("budget");
    expect(server.bodies).toHaveLength(2);
    expect(result.cost).toBeGreaterThan(0.002);
    expect(result.cost).toBeLessThan(0.004);
  });

  it("A09, further: of an orchestration, and ledger and run say what is estimated", async () => {
    const server = await untold();
    const write = agentRunnable(
      agent({ name: "writer", model: lab(server.url), tools: [view], maxTurns: 25 }),
    );
    const flow = orchestration("f", (o) => o.start(write).finish(write), { budget: { maxTokens: 3_500 } });
    const ledger = usageLedger();
    flow.on("*", ledger.run);
    const run = flow.start("x".repeat(4_000));
    await expect(run.result).rejects.toMatchObject({ cause: { code: "ORCH_BUDGET" } });
    expect(server.bodies.length).toBeLessThan(4);
    expect(run.describe().spent.tokens).toBeGreaterThan(1_000);
    expect(ledger.total()).toMatchObject({ usage: { estimated: true }, unpriced: [] });
    expect(ledger.byModel().get("lab/m")?.usage.estimated).toBe(true);
  });

  it("A09, further: the mark stands in the events of the call, of the turn and of the run", async () => {
    const server = await answeringServer((res) =>
      sayChunks(res, [{ delta: { content: "hi" } }, { finish_reason: "stop" }]),
    );
    const marked: string[] = [];
    const spent: Usage[] = [];
    await runAgent(agent({ name: "a", model: lab(server.url) }), "go", {
      onSpend: (one) => void spent.push(one.usage),
      onEvent: (said) => {
        const told =
          said.type === "agent.model" && said.event.type === "finish" ? said.event.usage : undefined;
        const { usage: own } = said as { usage?: Usage };
        if (told?.estimated || own?.estimated) marked.push(said.type);
      },
    });
    expect(marked).toEqual(["agent.model", "agent.turn.completed", "agent.completed"]);
    expect(spent).toMatchObject([{ estimated: true }]);
  });
});

describe("what is estimated", () => {
  it("is a token for four characters of ASCII, two of another alphabet, and one of Han", () => {
    const tokens = (text: string): number => estimateTokens(userMessage(text)) - 4;
    expect(tokens("a".repeat(400))).toBe(100);
    expect(tokens("ж".repeat(400))).toBe(200);
    expect(tokens("水".repeat(400))).toBe(400);
    expect(tokens(`${"a".repeat(200)}${"水".repeat(200)}`)).toBe(250);
    expect(tokens("")).toBe(0);
  });

  it("has the tools and the schema of the answer in it", () => {
    const signal = new AbortController().signal;
    const bare = { messages: [userMessage("go")], signal };
    const schema = { type: "object", description: "x".repeat(400) } as const;
    const spec = { name: "view", description: "Shows a page.", schema };
    expect(estimateRequest({ ...bare, tools: [spec] })).toBeGreaterThan(estimateRequest(bare) + 100);
    expect(estimateRequest({ ...bare, output: { name: "o", schema } })).toBeGreaterThan(
      estimateRequest(bare) + 100,
    );
  });

  it.each<[string, object | undefined]>([
    ["both figures are 0", { prompt_tokens: 0, completion_tokens: 0 }],
    ["one figure is missing", { prompt_tokens: 19 }],
    ["the figures are no numbers", { prompt_tokens: "many", completion_tokens: null }],
  ])("is only what is missing, and is marked: %s", async (_name, figures) => {
    const server = await answeringServer((res) =>
      begin(res).end(`${event(hi)}${event({ ...stop, usage: figures })}data: [DONE]\n\n`),
    );
    const result = await runAgent(agent({ name: "a", model: lab(server.url) }), "go");
    expect(result.usage).toMatchObject({ estimated: true });
    expect(result.usage.input).toBe(
      figures && "prompt_tokens" in figures && figures.prompt_tokens === 19 ? 19 : 5,
    );
    expect(result.usage.output).toBeGreaterThan(0);
  });

  it("is what came of an answer that is broken off; a call that was never answered has nothing", async () => {
    const cut = await answeringServer((res) => begin(res).end(event(hi)));
    const half = await runAgent(agent({ name: "a", model: lab(cut.url) }), "go");
    expect(half).toMatchObject({ stopReason: "error", usage: { estimated: true, input: 5 } });
    const refused = await answeringServer((res) =>
      refuse(res, 401, { error: { message: "no", code: "invalid_api_key" } }),
    );
    const none = await runAgent(agent({ name: "a", model: lab(refused.url) }), "go");
    expect(none).toMatchObject({ stopReason: "error", usage: { input: 0, output: 0 }, cost: 0 });
  });

  it("is counted also for a model that is none of ours", async () => {
    const model: Model = {
      ...lab("http://127.0.0.1:9"),
      stream: async function* () {
        yield { type: "text", index: 0, delta: "hello" };
        yield {
          type: "finish",
          message: {
            role: "assistant",
            content: [{ type: "text", text: "hello" }],
            origin: { provider: "own", api: "own", model: "m" },
            finish: { reason: "stop" },
          },
          usage: { input: 0, output: 0, estimated: true },
        };
      },
    };
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result.usage).toMatchObject({ estimated: true, input: 5, output: 6 });
  });
});

describe("figures that are told more than once", () => {
  const told = (type: string, more: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const claude = async (first: object | undefined, last: object | undefined) => {
    const server = await answeringServer((res) =>
      begin(res).end(
        [
          told("message_start", {
            message: {
              id: "m",
              type: "message",
              role: "assistant",
              model: "c",
              content: [],
              ...(first && { usage: first }),
            },
          }),
          told("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
          told("content_block_delta", { index: 0, delta: { type: "text_delta", text: "hi" } }),
          told("content_block_stop", { index: 0 }),
          told("message_delta", { delta: { stop_reason: "end_turn" }, ...(last && { usage: last }) }),
          told("message_stop", {}),
        ].join(""),
      ),
    );
    const model = anthropic({ model: "c", baseURL: server.url, apiKey: "sk-test-key" });
    return (await runAgent(agent({ name: "a", model }), "go")).usage;
  };

  it("count once, and none that is real is lost: of Anthropic's two messages", async () => {
    expect(await claude({ input_tokens: 10, output_tokens: 1 }, { output_tokens: 5 })).toMatchObject({
      input: 10,
      output: 5,
    });
    // Gateways tell all of it at the end, or nothing but zeros there.
    expect(
      await claude({ input_tokens: 0, output_tokens: 0 }, { input_tokens: 10, output_tokens: 5 }),
    ).toMatchObject({
      input: 10,
      output: 5,
    });
    expect(
      await claude({ input_tokens: 10, output_tokens: 1 }, { input_tokens: 0, output_tokens: 5 }),
    ).toMatchObject({
      input: 10,
      output: 5,
    });
  });

  it("are estimated where a server of Anthropic's format tells none", async () => {
    expect(await claude(undefined, undefined)).toMatchObject({ estimated: true, input: 5 });
  });

  it("of attempts that failed count beside those of the one that did not", async () => {
    const server = await answeringServer((res, { n }) => {
      if (n > 1) return begin(res).end(`${event(hi)}${event({ ...stop, usage })}data: [DONE]\n\n`);
      const error = { message: "busy", type: "overloaded_error" };
      return begin(res).end(
        `${event({ choices: [], usage: { prompt_tokens: 19, completion_tokens: 0 } })}${event({ error })}`,
      );
    });
    const model = withRetry(lab(server.url), { firstDelay: 1, jitter: false });
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(server.bodies).toHaveLength(2);
    expect(result.usage).toMatchObject({ input: 38, output: 13 });
    expect(result.cost).toBeCloseTo((38 * 1 + 13 * 2) / 1e6, 9);
  });

  it("of a model that another one stood in for count beside its, each by its own price", async () => {
    const busy = await answeringServer((res) => {
      const error = { message: "busy", type: "overloaded_error" };
      return begin(res).end(
        `${event({ choices: [], usage: { prompt_tokens: 19, completion_tokens: 0 } })}${event({ error })}`,
      );
    });
    const steady = await answeringServer((res) =>
      begin(res).end(`${event(hi)}${event({ ...stop, usage })}data: [DONE]\n\n`),
    );
    const model = withFallback([lab(busy.url, { price: { input: 100, output: 0 } }), lab(steady.url)]);
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result.usage).toMatchObject({ input: 38, output: 13 });
    expect(result.cost).toBeCloseTo((19 * 100 + 19 * 1 + 13 * 2) / 1e6, 9);
  });
});
