import { manualClock } from "@orch/testing";
import { afterEach, expect, test } from "vitest";
import { beginEvents, type HostileServer, hostileServer, named } from "../../../test/hostile-server.ts";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { userMessage } from "../../words/message.ts";
import { anthropic } from "./anthropic.ts";

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Block = { readonly start: object; readonly deltas?: readonly object[] };
const event = (type: string, more: object = {}) => ({ type, ...more });

function frames(blocks: readonly Block[], stop_reason: string, cached: object = {}): string {
  const content = blocks.flatMap(({ start, deltas = [] }, index) => [
    event("content_block_start", { index, content_block: start }),
    ...deltas.map((delta) => event("content_block_delta", { index, delta })),
    event("content_block_stop", { index }),
  ]);
  const usage = { input_tokens: 1, output_tokens: 1, ...cached };
  return named(
    event("message_start", { message: { model: "claude-x", content: [], usage } }),
    ...content,
    event("message_delta", { delta: { stop_reason }, usage: { output_tokens: 2 } }),
    event("message_stop"),
  );
}

async function answer(blocks: readonly Block[], stop: string) {
  server = await hostileServer((reply) => beginEvents(reply).end(frames(blocks, stop)));
  const model = anthropic({ model: "claude-x", apiKey: "k", baseURL: server.url });
  return { model, finish: await generate(model, ask("hi")) };
}

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "refusal"],
  ["pause_turn", "paused"],
  ["something_new", "other"],
])("%s is %s", async (raw, reason) => {
  const { finish } = await answer([{ start: { type: "text", text: "a" } }], raw);
  expect(finish.message.finish).toEqual({ reason, raw });
});

test("an end without content is an answer without content", async () => {
  const { finish } = await answer([], "end_turn");
  expect(finish.message).toMatchObject({ content: [], finish: { reason: "stop" } });
});

test("the arguments of a call that ran out of room are kept as they came, and not completed", async () => {
  const deltas = [{ type: "input_json_delta", partial_json: '{"path":"/a/b","content":"hel' }];
  const { finish } = await answer(
    [{ start: { type: "tool_use", id: "t", name: "write", input: {} }, deltas }],
    "max_tokens",
  );
  expect(finish.message.content[0]).toMatchObject({ rawInput: '{"path":"/a/b","content":"hel' });
  expect(finish.message.content[0]).not.toHaveProperty("input");
});

test("hidden thinking, citations and blocks of the provider's own tools come back as they were", async () => {
  const citation = {
    type: "web_search_result_location",
    cited_text: "q",
    url: "https://a.example",
    title: "A",
  };
  const { model, finish } = await answer(
    [
      { start: { type: "redacted_thinking", data: "hidden" } },
      {
        start: { type: "server_tool_use", id: "s", name: "web_search", input: {} },
        deltas: [{ type: "input_json_delta", partial_json: '{"query":"q"}' }],
      },
      {
        start: { type: "text", text: "" },
        deltas: [
          { type: "citations_delta", citation },
          { type: "text_delta", text: "Yes." },
        ],
      },
    ],
    "pause_turn",
  );
  expect(finish.message.content[0]).toMatchObject({ type: "reasoning", redacted: true });
  expect(finish.message.content[2]).toMatchObject({ citations: [{ url: "https://a.example", quote: "q" }] });
  await generate(model, ask("", { messages: [userMessage("hi"), finish.message] }));
  expect((server!.seen[1]!.body["messages"] as { content: unknown }[])[1]!.content).toEqual([
    { type: "redacted_thinking", data: "hidden" },
    { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } },
    { type: "text", text: "Yes." },
  ]);
});

test("what the cache keeps for an hour is told apart", async () => {
  const kept = { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 70 };
  const cached = { cache_creation_input_tokens: 100, cache_read_input_tokens: 0, cache_creation: kept };
  server = await hostileServer((reply) => beginEvents(reply).end(frames([], "end_turn", cached)));
  const model = anthropic({ model: "claude-x", apiKey: "k", baseURL: server.url });
  const { usage } = await generate(model, ask("hi"));
  expect(usage).toMatchObject({ input: 101, output: 2, cacheWrite: 100, cacheWriteLong: 70 });
});

test("a limit on the whole call ends it although the server keeps talking", async () => {
  const clock = manualClock();
  server = await hostileServer((reply) => beginEvents(reply).write(": still here\n\n"));
  const model = anthropic({
    model: "m",
    apiKey: "k",
    baseURL: server.url,
    clock,
    timeouts: { total: 5_000 },
  });
  const answered = generate(model, ask("hi"));
  while (server.seen.length === 0) await clock.advance(0);
  await clock.advance(5_000);
  expect((await answered).message.finish).toMatchObject({
    reason: "error",
    error: { kind: "timeout", message: "anthropic did not finish within 5 s." },
  });
  expect(clock.pending()).toBe(0);
});
