/**
 * The body of `POST /v1/chat/completions`, with what each server adds to it or does not take.
 *
 * Source: https://platform.openai.com/docs/api-reference/chat/create; the differences are those of the presets, whose sources stand with them.
 */
import type { Compat } from "../../src/providers/openai-compatible/compat.ts";
import { checkChat } from "../wire-check.ts";
import {
  address,
  all,
  anyText,
  anything,
  flag,
  isPlain,
  kinds,
  type Law,
  like,
  list,
  number,
  object,
  oneOf,
  rule,
  strictSchema,
  text,
  textOr,
  wellFormed,
} from "./law.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const PARTS = {
  text: object({ type: anything, text: anyText }),
  image_url: object({
    type: anything,
    image_url: object({ url: address(/^image\/[\w.+-]+$/, true), "detail?": oneOf("auto", "low", "high") }),
  }),
  file: object({
    type: anything,
    file: object({ "filename?": text(), file_data: address(/^[\w.+-]+\/[\w.+-]+$/, false) }),
  }),
};

/** What an assistant message may carry on this server besides OpenAI's own keys. */
function thinkingKeys(compat: Compat): { readonly [key: string]: Law } {
  const field = compat.replayReasoning ? compat.reasoningField : null;
  return {
    ...(field !== null && { [`${field}?`]: text((value) => value !== "", "a text") }),
    "reasoning_details?": list(anything),
    "thinking_blocks?": list(anything),
    "extra_content?": anything,
  };
}

function messageLaw(compat: Compat, part: Law): Law {
  const call = object({
    id: text(),
    type: oneOf("function"),
    function: object({ name: like(NAME), arguments: anyText }),
    "index?": anything,
    "extra_content?": anything,
  });
  const system = object({ role: anything, content: textOr(text(), list(part)) });
  return kinds("role", {
    ...(compat.developerRole ? { developer: system, system } : { system }),
    user: object({ role: anything, content: textOr(text(), list(part)) }),
    assistant: object({
      role: anything,
      "content?": textOr(anyText, anything),
      "tool_calls?": list(call),
      "refusal?": anything,
      ...thinkingKeys(compat),
    }),
    tool: object({
      role: anything,
      tool_call_id: text(),
      content: textOr(anyText, list(part)),
      ...(compat.toolResultName && { name: like(NAME) }),
    }),
  });
}

function toolLaw(compat: Compat): Law {
  return all(
    object({
      type: oneOf("function"),
      function: object({
        name: like(NAME),
        "description?": anyText,
        parameters: rule((schema, tell) => {
          if (schema["type"] !== "object") tell("parameters are no object");
        }),
        ...(compat.strictTools && { "strict?": flag }),
      }),
    }),
    rule((one, tell) => {
      const made = one["function"];
      if (isPlain(made) && made["strict"] === true)
        strictSchema(made["parameters"], `tool ${String(made["name"])}`, tell);
    }),
  );
}

/** Tools that the server knows by itself stand beside the others. */
function anyToolLaw(compat: Compat): Law {
  const own = toolLaw(compat);
  if (compat.serverTools !== "openrouter") return own;
  const listed = object({
    type: oneOf("openrouter:web_search", "openrouter:web_fetch"),
    "parameters?": object({
      "allowed_domains?": list(text()),
      "excluded_domains?": list(text()),
      "max_uses?": number(1),
    }),
  });
  return (value, place, tell) =>
    (isPlain(value) && value["type"] !== "function" ? listed : own)(value, place, tell);
}

const compound = {
  "compound_custom?": object({
    tools: object({ enabled_tools: list(oneOf("web_search", "visit_website", "code_interpreter")) }),
  }),
  "search_settings?": object({ "include_domains?": list(text()), "exclude_domains?": list(text()) }),
};

const format = kinds("type", {
  json_object: object({ type: anything }),
  json_schema: object({
    type: anything,
    json_schema: all(
      object({ name: like(NAME), schema: anything, "strict?": flag, "description?": anyText }),
      rule((one, tell) => {
        if (one["strict"] === true) strictSchema(one["schema"], "the format", tell);
      }),
    ),
  }),
});

/** What may be said about which tool is called. */
function choiceLaw({ toolChoice }: Compat): Law {
  if (toolChoice === "auto") return oneOf("auto", "none");
  const word = oneOf("auto", "none", "required");
  if (toolChoice === "unnamed") return word;
  return textOr(word, object({ type: oneOf("function"), function: object({ name: like(NAME) }) }));
}

/** What a client besides ours may send. */
interface More {
  readonly parts?: { readonly [kind: string]: Law };
  readonly keys?: { readonly [key: string]: Law };
}

function shapeOf(compat: Compat, { parts = {}, keys = {} }: More = {}): Law {
  return object({
    model: text(),
    messages: list(messageLaw(compat, kinds("type", { ...PARTS, ...parts }))),
    "stream?": flag,
    ...(compat.usageInStream && { "stream_options?": object({ include_usage: oneOf(true) }) }),
    "tools?": list(anyToolLaw(compat)),
    "tool_choice?": choiceLaw(compat),
    ...(compat.parallelToolCalls && { "parallel_tool_calls?": flag }),
    ...(compat.jsonSchema !== "none" && { "response_format?": format }),
    [`${compat.maxTokensField}?`]: number(1),
    "temperature?": number(0, 2),
    "stop?": textOr(text(), list(text())),
    ...(compat.reasoningEffort && { "reasoning_effort?": oneOf("none", "minimal", "low", "medium", "high") }),
    ...(compat.promptCacheKey && {
      "prompt_cache_key?": like(/^.{1,64}$/s),
      "prompt_cache_retention?": oneOf("in-memory", "24h"),
    }),
    ...(compat.serverTools === "groq" && compound),
    ...keys,
  });
}

/** Chat Completions as a server of these flags takes it. */
export function chatLaw(compat: Compat): Law {
  const rules = rule((body, tell) => {
    for (const message of Array.isArray(body["messages"]) ? body["messages"] : []) {
      const calls = isPlain(message) && message["tool_calls"] !== undefined;
      if (calls && compat.callsNeedReasoning && typeof message["reasoning_content"] !== "string")
        tell("calls without the thinking that this server wants with them");
    }
    if (body["tool_choice"] !== undefined && body["tools"] === undefined) tell("a choice without tools");
    const both = body["response_format"] !== undefined && body["tools"] !== undefined;
    if (both && !compat.outputWithTools) tell("a format together with tools");
    if (Array.isArray(body["stop"]) && body["stop"].length > 4) tell("more than 4 stops");
  });
  return all(wellFormed, shapeOf(compat), rules, (body, _, tell) => {
    for (const problem of checkChat(body as never, compat)) tell(problem);
  });
}

/** OpenAI's own Chat Completions as the AI SDK's package writes it: what only templates of local models want is not asked for. */
export function sdkChatLaw(compat: Compat): Law {
  const audio = { input_audio: object({ type: anything, input_audio: anything }) };
  return all(
    wellFormed,
    shapeOf(compat, { parts: audio, keys: { "max_tokens?": number(1), "reasoning_effort?": anything } }),
    (body, _, tell) => {
      for (const problem of checkChat(body as never, compat))
        if (!/in a row|is no text/.test(problem)) tell(problem);
    },
  );
}
