/** A provider on a real socket that answers as a test says, in the words of each wire format. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createOpenAI } from "@ai-sdk/openai";
import { onTestFinished } from "vitest";
import { fromAiSdk } from "../../src/providers/ai-sdk/from-ai-sdk.ts";
import { anthropic } from "../../src/providers/anthropic/anthropic.ts";
import { openai } from "../../src/providers/openai/openai.ts";
import { openaiCompatible } from "../../src/providers/openai-compatible/openai-compatible.ts";
import type { Model } from "../../src/words/model.ts";

/** A JSON object that a test reads without asking. */
// biome-ignore lint/suspicious/noExplicitAny: bodies of requests are read by tests that know them.
export type Body = any;

/** Answers a request; `raw` is its body as it came, `n` its number from 1. */
export type Answer = (
  res: ServerResponse,
  request: { readonly body: Body; readonly raw: string; readonly n: number },
) => void;

export interface AnsweringServer {
  readonly url: string;
  readonly bodies: readonly Body[];
  /** Of each request. */
  readonly headers: readonly IncomingHttpHeaders[];
}

/** Starts a server that ends with the test. */
export async function answeringServer(answer: Answer): Promise<AnsweringServer> {
  const bodies: Body[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((req, res) => {
    let raw = "";
    req.setEncoding("utf8");
    req.on("data", (piece: string) => {
      raw += piece;
    });
    req.on("end", () => {
      const body = JSON.parse(raw) as Body;
      bodies.push(body);
      headers.push(req.headers);
      answer(res, { body, raw, n: bodies.length });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, headers };
}

/** Answers with an error of HTTP. */
export function refuse(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** What a model says in one message. */
export interface Said {
  readonly text?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
}

/** One wire format: a model of it, how it refuses, and how it says something. */
export interface Dialect {
  readonly name: "anthropic" | "openai" | "openai-compatible" | "ai-sdk";
  readonly model: (url: string) => Model;
  readonly refuse: (res: ServerResponse, message: string, status?: number) => void;
  readonly say: (res: ServerResponse, said: Said) => void;
}

type Event = { readonly type: string } & Body;

function stream(res: ServerResponse, events: readonly Event[]): void {
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  res.end();
}

const anthropicDialect: Dialect = {
  name: "anthropic",
  model: (url) => anthropic({ apiKey: "sk-test-key", model: "claude-sonnet-5-5", baseURL: url }),
  refuse: (res, message, status = 400) =>
    refuse(res, status, { type: "error", error: { type: "invalid_request_error", message } }),
  say: (res, { text, calls = [] }) => {
    const blocks = [
      ...(text === undefined ? [] : [{ type: "text", text }]),
      ...calls.map((call) => ({ type: "tool_use", ...call })),
    ];
    sayBlocks(res, blocks, { stop: calls.length > 0 ? "tool_use" : "end_turn" });
  },
};

/** Streams blocks of the Messages API: texts and inputs in pieces, results of the provider's tools whole. */
export function sayBlocks(
  res: ServerResponse,
  blocks: readonly Body[],
  { stop = "end_turn", usage = { output_tokens: 5 } as Body } = {},
): void {
  const message = { id: "m", type: "message", role: "assistant", model: "claude-x", content: [] };
  stream(res, [
    { type: "message_start", message: { ...message, usage: { input_tokens: 10, output_tokens: 1 } } },
    ...blocks.flatMap((block: Body, index): Event[] => [
      { type: "content_block_start", index, content_block: begunBlock(block) },
      ...deltasOf(block).map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: stop }, usage },
    { type: "message_stop" },
  ]);
}

function begunBlock(block: Body): Body {
  if (block.type === "text") return { ...block, text: "" };
  return "input" in block ? { ...block, input: {} } : block;
}

function deltasOf(block: Body): readonly Body[] {
  if (block.type === "text") return [{ type: "text_delta", text: block.text }];
  if (!("input" in block)) return [];
  return [{ type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
}

/** Streams items of the Responses API as they are. */
export function sayItems(res: ServerResponse, items: readonly Body[]): void {
  const response = { id: "r", object: "response", created_at: 1, model: "gpt-5", output: [] };
  const usage = { input_tokens: 5, output_tokens: 5, total_tokens: 10 };
  stream(res, [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    ...items.flatMap((item, output_index): Event[] => [
      { type: "response.output_item.added", output_index, item: begun(item) },
      ...(item.type === "function_call"
        ? [
            {
              type: "response.function_call_arguments.delta",
              item_id: item.id,
              output_index,
              delta: item.arguments,
            },
          ]
        : []),
      ...(item.type === "message"
        ? item.content.map((part: Body, content_index: number) => ({
            type: "response.output_text.delta",
            item_id: item.id,
            output_index,
            content_index,
            delta: part.text,
          }))
        : []),
      { type: "response.output_item.done", output_index, item },
    ]),
    { type: "response.completed", response: { ...response, status: "completed", output: items, usage } },
  ]);
}

function begun(item: Body): Body {
  if (item.type === "function_call") return { ...item, arguments: "" };
  return item.type === "message" ? { ...item, content: [] } : item;
}

const openaiDialect: Dialect = {
  name: "openai",
  model: (url) => openai({ apiKey: "sk-test-key", model: "gpt-5", baseURL: `${url}/v1` }),
  refuse: (res, message, status = 400) =>
    refuse(res, status, { error: { message, type: "invalid_request_error", code: null, param: null } }),
  say: (res, { text, calls = [] }) =>
    sayItems(res, [
      ...(text === undefined
        ? []
        : [
            {
              type: "message",
              id: "msg_1",
              role: "assistant",
              status: "completed",
              content: [{ type: "output_text", text, annotations: [] }],
            },
          ]),
      ...calls.map(({ id, name, input }) => ({
        type: "function_call",
        id: `fc_${id}`,
        call_id: id,
        name,
        arguments: JSON.stringify(input),
        status: "completed",
      })),
    ]),
};

/** Streams chunks of Chat Completions; each is the choice without its index. */
export function sayChunks(res: ServerResponse, choices: readonly Body[]): void {
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const choice of choices) {
    const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
    const whole = { index: 0, delta: {}, finish_reason: null, ...choice };
    res.write(`data: ${JSON.stringify({ ...chunk, choices: [whole] })}\n\n`);
  }
  res.end("data: [DONE]\n\n");
}

const compatibleDialect: Dialect = {
  name: "openai-compatible",
  model: (url) =>
    openaiCompatible({
      provider: "lab",
      model: "m",
      baseURL: `${url}/v1`,
      apiKey: "sk-test-key",
      caps: { images: true, files: true },
    }),
  refuse: (res, message, status = 400) =>
    refuse(res, status, { error: { message, type: "invalid_request_error", code: null } }),
  say: (res, { text, calls = [] }) =>
    sayChunks(res, [
      ...(text === undefined ? [] : [{ delta: { role: "assistant", content: text } }]),
      ...calls.map(({ id, name, input }, index) => ({
        delta: {
          tool_calls: [{ index, id, type: "function", function: { name, arguments: JSON.stringify(input) } }],
        },
      })),
      { finish_reason: calls.length > 0 ? "tool_calls" : "stop" },
    ]),
};

const aiSdkDialect: Dialect = {
  ...openaiDialect,
  name: "ai-sdk",
  model: (url) => fromAiSdk(createOpenAI({ apiKey: "sk-test-key", baseURL: `${url}/v1` }).responses("gpt-5")),
};

/** The adapters; the AI SDK's speaks OpenAI's format here. */
export const dialects: readonly Dialect[] = [
  anthropicDialect,
  openaiDialect,
  compatibleDialect,
  aiSdkDialect,
];
export const [claude, gpt, compatible] = [anthropicDialect, openaiDialect, compatibleDialect];
