/**
 * The body of `POST /v1/messages`.
 *
 * Source: https://docs.anthropic.com/en/api/messages, and the pages of tool use, extended thinking, vision, PDF support, prompt caching, citations.
 */
import { checkMessages } from "../wire-check.ts";
import {
  all,
  anyText,
  anything,
  base64,
  flag,
  IMAGES,
  isPlain,
  kinds,
  type Law,
  like,
  list,
  number,
  object,
  oneOf,
  type Plain,
  rule,
  text,
  textOr,
  wellFormed,
} from "./law.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const cache = { "cache_control?": object({ type: oneOf("ephemeral"), "ttl?": oneOf("5m", "1h") }) };
const textBlock = object({ type: oneOf("text"), text: text(), "citations?": anything, ...cache });
const image = object({
  type: oneOf("image"),
  source: kinds("type", {
    base64: object({ type: anything, media_type: like(IMAGES), data: base64 }),
    url: object({ type: anything, url: like(/^https?:/) }),
  }),
  ...cache,
});
const document = object({
  type: oneOf("document"),
  source: kinds("type", {
    base64: object({ type: anything, media_type: oneOf("application/pdf"), data: base64 }),
    text: object({ type: anything, media_type: oneOf("text/plain"), data: text() }),
    url: object({ type: anything, url: like(/^https?:/) }),
    content: object({ type: anything, content: anything }),
  }),
  "title?": anyText,
  "context?": anyText,
  "citations?": object({ enabled: flag }),
  ...cache,
});
const result = object({
  type: oneOf("tool_result"),
  tool_use_id: like(/^[a-zA-Z0-9_-]+$/),
  "content?": textOr(anyText, list(kinds("type", { text: textBlock, image, document }), 0)),
  "is_error?": flag,
  ...cache,
});
const user = textOr(text(), list(kinds("type", { text: textBlock, image, document, tool_result: result })));
const aPlain: Law = (value, place, tell) => (isPlain(value) ? undefined : tell(`${place} is no object`));
const ranHere = object({
  type: anything,
  tool_use_id: text(),
  content: anything,
  "is_error?": flag,
  ...cache,
});
const assistant = textOr(
  text(),
  list(
    kinds("type", {
      text: textBlock,
      thinking: object({ type: anything, thinking: anyText, signature: text() }),
      redacted_thinking: object({ type: anything, data: text() }),
      tool_use: object({
        type: anything,
        id: like(/^[a-zA-Z0-9_-]+$/),
        name: like(NAME),
        input: aPlain,
        ...cache,
      }),
      server_tool_use: object({
        type: anything,
        id: like(/^srvtoolu_/),
        name: text(),
        input: aPlain,
        ...cache,
      }),
      web_search_tool_result: ranHere,
      bash_code_execution_tool_result: ranHere,
      mcp_tool_use: object({
        type: anything,
        id: text(),
        name: text(),
        server_name: text(),
        input: aPlain,
        ...cache,
      }),
      mcp_tool_result: ranHere,
    }),
  ),
);
const tool = object({
  name: like(NAME),
  "description?": anyText,
  input_schema: rule((schema, tell) => {
    if (schema["type"] !== "object") tell("an input_schema is no object");
  }),
  "strict?": flag,
  "type?": oneOf("custom"),
  "eager_input_streaming?": flag,
  ...cache,
});

const known = { name: anything, type: anything, ...cache };
const knownTool = kinds("type", {
  web_search_20250305: object({
    ...known,
    "allowed_domains?": list(text()),
    "blocked_domains?": list(text()),
    "max_uses?": number(1),
    "user_location?": anything,
  }),
  web_fetch_20250910: object({ ...known, "citations?": object({ enabled: flag }) }),
  code_execution_20250825: object(known),
  mcp_toolset: object({ type: anything, mcp_server_name: like(NAME), ...cache }),
});
const anyTool: Law = (value, place, tell) =>
  (isPlain(value) && value["input_schema"] === undefined ? knownTool : tool)(value, place, tell);

/** The body, with more roles and more ways to think. */
function shapeOf(roles: Laws, ways: Laws): Law {
  return object({
    model: text(),
    max_tokens: number(1, 200_000),
    messages: list(
      kinds("role", {
        user: object({ role: anything, content: user }),
        assistant: object({ role: anything, content: assistant }),
        ...roles,
      }),
    ),
    "stream?": flag,
    "system?": textOr(text(), list(textBlock)),
    "tools?": list(anyTool),
    "mcp_servers?": list(object({ type: oneOf("url"), name: like(NAME), url: like(/^https:/) })),
    "tool_choice?": kinds("type", {
      auto: object({ type: anything, "disable_parallel_tool_use?": flag }),
      any: object({ type: anything, "disable_parallel_tool_use?": flag }),
      tool: object({ type: anything, name: like(NAME), "disable_parallel_tool_use?": flag }),
      none: object({ type: anything }),
    }),
    "temperature?": number(0, 1),
    "stop_sequences?": list(text()),
    "thinking?": kinds("type", {
      enabled: object({ type: anything, budget_tokens: number(1_024), "display?": anything }),
      adaptive: object({ type: anything, "display?": anything }),
      disabled: object({ type: anything }),
      ...ways,
    }),
    "output_config?": object({
      "format?": object({ type: oneOf("json_schema"), schema: anything }),
      "effort?": oneOf("low", "medium", "high", "max"),
    }),
    "cache_control?": cache["cache_control?"],
    "metadata?": anything,
  });
}

type Laws = { readonly [kind: string]: Law };

const rules = rule((body, tell) => {
  const thinks = isPlain(body["thinking"]) && body["thinking"]["type"] !== "disabled";
  const choice = isPlain(body["tool_choice"]) ? body["tool_choice"]["type"] : undefined;
  if (thinks && (choice === "any" || choice === "tool")) tell("a tool is forced while the model thinks");
  if (thinks && body["temperature"] !== undefined && body["temperature"] !== 1)
    tell("a temperature while it thinks");
  if (choice !== undefined && body["tools"] === undefined) tell("a choice without tools");
  const names = Array.isArray(body["tools"])
    ? body["tools"].map((one: Plain) => one["name"] ?? one["mcp_server_name"])
    : [];
  if (new Set(names).size < names.length) tell("two tools of one name");
  const blocks = blocksOf(body);
  if (blocks.filter((block) => block["type"] === "image").length > 100) tell("more than 100 pictures");
  const format = isPlain(body["output_config"]) && body["output_config"]["format"] !== undefined;
  if (format && blocks.some((block) => isPlain(block["citations"]) && block["citations"]["enabled"] === true))
    tell("citations together with a format");
  const messages = body["messages"] as readonly Plain[];
  if (messages.at(-1)?.["role"] === "assistant") {
    const last = blocksOf({ messages: [messages.at(-1)] }).at(-1);
    if (typeof last?.["text"] === "string" && /\s$/.test(last["text"]))
      tell("the last answer ends with white space");
  }
});

/** Every block of every message, those inside results too. */
export function blocksOf(body: Plain): readonly Plain[] {
  const messages = Array.isArray(body["messages"]) ? (body["messages"] as readonly Plain[]) : [];
  const inside = (blocks: unknown): readonly Plain[] =>
    Array.isArray(blocks)
      ? (blocks as readonly Plain[]).flatMap((block) => [block, ...inside(block["content"])])
      : [];
  return messages.flatMap((message) => inside(message["content"]));
}

/** Anthropic's Messages. */
export const messagesLaw: Law = all(wellFormed, shapeOf({}, {}), rules, (body, _, tell) => {
  for (const problem of checkMessages(body as never)) tell(problem);
});

/** The same as the AI SDK's package writes it: it thinks between tools, and puts system messages inside, which newer models take. */
export const sdkMessagesLaw: Law = all(
  wellFormed,
  shapeOf(
    { system: object({ role: anything, content: textOr(text(), list(textBlock)) }) },
    { between_tools: object({ type: anything }) },
  ),
  rules,
  (body, _, tell) => {
    for (const problem of checkMessages(body as never))
      if (!/role of the one before/.test(problem)) tell(problem);
  },
);
