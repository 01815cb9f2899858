import { afterEach, expect, test } from "vitest";
import { beginEvents, type HostileServer, hostileServer, named } from "../../../test/hostile-server.ts";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { userMessage } from "../../words/message.ts";
import { openai } from "./openai.ts";

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const event = (type: string, more: object) => ({ type, ...more });
const response = (status: string, more: object = {}) => ({
  response: { model: "gpt-5", status, output: [], ...more },
});

async function answer(...events: readonly { readonly type: string }[]) {
  server ??= await hostileServer((reply) => beginEvents(reply).end(named(...events)));
  const model = openai({ model: "gpt-5", apiKey: "k", baseURL: server.url });
  return { model, finish: await generate(model, ask("hi")) };
}

test("a response that ran out of tokens is cut, and its call does not run", async () => {
  const call = {
    type: "function_call",
    id: "fc",
    call_id: "c",
    name: "weather",
    arguments: '{"city":"Oslo"}',
  };
  const { finish } = await answer(
    event("response.output_item.added", { output_index: 0, item: { ...call, arguments: "" } }),
    event("response.output_item.done", { output_index: 0, item: call }),
    event(
      "response.incomplete",
      response("incomplete", { incomplete_details: { reason: "max_output_tokens" } }),
    ),
  );
  expect(finish.message.finish).toEqual({ reason: "length", raw: "max_output_tokens" });
  expect(finish.message.content[0]).not.toHaveProperty("input");
});

test("a filtered response says so", async () => {
  const details = { incomplete_details: { reason: "content_filter" } };
  const { finish } = await answer(event("response.incomplete", response("incomplete", details)));
  expect(finish.message.finish.reason).toBe("filtered");
});

test("a failed response is a failure of the kind it names", async () => {
  const error = { code: "rate_limit_exceeded", message: "slow down" };
  const { finish } = await answer(event("response.failed", response("failed", { error })));
  expect(finish.message.finish).toMatchObject({
    reason: "error",
    raw: "rate_limit_exceeded",
    error: { kind: "rate-limit", retryable: true },
  });
});

test("a refusal is a refusal", async () => {
  const item = {
    type: "message",
    id: "m",
    role: "assistant",
    content: [{ type: "refusal", refusal: "No." }],
  };
  const { finish } = await answer(
    event("response.refusal.delta", { output_index: 0, content_index: 0, delta: "No." }),
    event("response.output_item.done", { output_index: 0, item }),
    event("response.completed", response("completed")),
  );
  expect(finish.message.finish.reason).toBe("refusal");
  expect(finish.message.content).toEqual([{ type: "refusal", text: "No." }]);
});

test("an answer that comes only with the end is read from there, with what cites it", async () => {
  const annotations = [
    { type: "url_citation", url: "https://a.example", title: "A", start_index: 0, end_index: 1 },
  ];
  const content = [{ type: "output_text", text: "Yes.", annotations }];
  const output = [{ type: "message", id: "m", role: "assistant", content, phase: "final_answer" }];
  const { finish } = await answer(event("response.completed", response("completed", { output })));
  expect(finish.message.content).toEqual([
    {
      type: "text",
      text: "Yes.",
      citations: [{ url: "https://a.example", title: "A", start: 0, end: 1 }],
      opaque: { id: "m", phase: "final_answer" },
    },
  ]);
});

test("an item of a tool that ran at the provider goes back as it was", async () => {
  const item = {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "q" },
  };
  const { model, finish } = await answer(
    event("response.output_item.done", { output_index: 0, item }),
    event("response.completed", response("completed")),
  );
  await generate(model, ask("", { messages: [userMessage("hi"), finish.message, userMessage("more")] }));
  expect((server!.seen[1]!.body["input"] as unknown[])[1]).toEqual(item);
});
