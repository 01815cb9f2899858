/** Our request as the body of `POST /v1/messages`. */
import type {
  CacheControlEphemeral,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  ThinkingConfigParam,
  Tool,
  ToolChoice,
} from "@anthropic-ai/sdk/resources/messages";
import type { Message, Origin, SystemMessage } from "../../message.ts";
import { textOf } from "../../message.ts";
import type { ModelCaps, ModelRequest, ToolSpec } from "../../model.ts";
import { normalize } from "../../normalize.ts";
import { grammarSchema, hasGrammar } from "../../schema/grammar-schema.ts";
import type { WireRequest } from "../wire-request.ts";
import { assistantBlocks, toolResultBlocks, userBlocks } from "./blocks.ts";

/** `adaptive`: the model decides how much to think. `budget`: it is told a number of tokens. */
export type ThinkingStyle = "adaptive" | "budget";

/** What the factory adds to each request. */
export interface MessagesSettings {
  readonly thinking: ThinkingStyle;
  readonly maxOutputTokens?: number | undefined;
}

/** The API takes at most four marks for its cache. */
const MOST_CACHE_MARKS = 4;

const BUDGET = { low: 2_048, medium: 8_192, high: 16_384, max: 32_768 } as const;

/** Builds the body. */
export function messagesRequest(
  request: ModelRequest,
  id: Origin,
  caps: ModelCaps,
  settings: MessagesSettings,
): WireRequest<MessageCreateParamsStreaming> {
  const warnings: string[] = [];
  const messages = normalize(request.messages, id, caps);
  const thinks = request.reasoning !== undefined && request.reasoning !== "none" && caps.reasoning;
  const budget = thinks && settings.thinking === "budget" ? BUDGET[request.reasoning as "low"] : 0;
  const maxTokens = request.maxOutputTokens ?? settings.maxOutputTokens ?? (thinks ? 16_384 : 4_096);
  const tail = messages.findIndex((message) => message.role !== "system");
  const leading = (tail < 0 ? messages : messages.slice(0, tail)) as readonly SystemMessage[];
  const turns = wireTurns(tail < 0 ? [] : messages.slice(tail), request, warnings);
  const system = leading.flatMap(systemBlocks);
  const tools = toolsOf(request, messages);
  const automatic = cacheControl(request.cache);
  limitCacheMarks(system, turns, MOST_CACHE_MARKS - (automatic ? 1 : 0));
  if (thinks && request.temperature !== undefined)
    warnings.push("The temperature is left out: it cannot be set while the model thinks.");
  const body: MessageCreateParamsStreaming = {
    model: id.model,
    stream: true,
    // The budget counts as output, so the answer's own room comes on top of it.
    max_tokens: budget > 0 && maxTokens <= budget ? maxTokens + budget : maxTokens,
    messages: turns,
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools, tool_choice: choice(request, thinks, warnings) }),
    ...(request.temperature !== undefined && !thinks && { temperature: request.temperature }),
    ...(request.stop?.length && { stop_sequences: [...request.stop] }),
    ...(request.reasoning !== undefined &&
      caps.reasoning && { thinking: thinking(request.reasoning, budget) }),
    ...outputConfig(request, thinks && budget === 0),
    ...(automatic && { cache_control: automatic }),
    ...request.providerOptions?.[id.provider],
  };
  return { body, warnings: [...new Set(warnings)] };
}

function thinking(wanted: NonNullable<ModelRequest["reasoning"]>, budget: number): ThinkingConfigParam {
  if (wanted === "none") return { type: "disabled" };
  return budget > 0
    ? { type: "enabled", budget_tokens: budget }
    : { type: "adaptive", display: "summarized" };
}

function outputConfig(
  { output, reasoning }: ModelRequest,
  withEffort: boolean,
): Pick<MessageCreateParamsStreaming, "output_config"> {
  const effort = withEffort && reasoning !== "none" ? reasoning : undefined;
  if (output === undefined && effort === undefined) return {};
  return {
    output_config: {
      ...(output && {
        format: { type: "json_schema" as const, schema: { ...grammarSchema(output.schema) } },
      }),
      ...(effort && { effort }),
    },
  };
}

/** A history with calls needs their tools declared, also when none may be called any more. */
function toolsOf(request: ModelRequest, messages: readonly Message[]): Tool[] {
  if (request.tools?.length) {
    return request.tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      ...toolSchema(tool),
    }));
  }
  const names = new Set<string>();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const part of message.content) if (part.type === "tool-call") names.add(part.name);
  }
  return [...names].map((name) => ({
    name,
    description: "Not available now.",
    input_schema: { type: "object" },
  }));
}

/** A tool that may be held to its schema is, where the schema can be compiled to a grammar. */
function toolSchema({ schema, strict }: ToolSpec): Pick<Tool, "input_schema" | "strict"> {
  const held = strict === true && hasGrammar(schema);
  const sent = held ? grammarSchema(schema) : schema;
  return { input_schema: { ...sent, type: "object" as const }, ...(held && { strict: true }) };
}

function choice(request: ModelRequest, thinks: boolean, warnings: string[]): ToolChoice {
  const serial = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const wanted = request.tools?.length ? (request.toolChoice ?? "auto") : "none";
  if (wanted === "none") return { type: "none" };
  if (wanted === "auto") return { type: "auto", ...serial };
  if (thinks) {
    warnings.push("The choice of tool is left to the model: it cannot be forced while the model thinks.");
    return { type: "auto", ...serial };
  }
  return wanted === "required" ? { type: "any", ...serial } : { type: "tool", name: wanted.name, ...serial };
}

function systemBlocks(message: SystemMessage): TextBlockParam[] {
  return marked(
    message.content.map((part) => ({ type: "text", text: part.text })),
    message.cache,
  );
}

/** The turns after the leading system messages; neighbours of one role become one turn. */
function wireTurns(messages: readonly Message[], request: ModelRequest, warnings: string[]): MessageParam[] {
  const turns: MessageParam[] = [];
  for (const message of messages) {
    const turn = wireTurn(message, request, warnings);
    const last = turns.at(-1);
    if (last?.role === turn.role) last.content = [...blocksOf(last), ...blocksOf(turn)];
    else if (turn.content.length > 0) turns.push(turn);
  }
  // The API wants a user to speak first.
  if (turns[0]?.role !== "user")
    turns.unshift({ role: "user", content: [{ type: "text", text: "Continue." }] });
  return turns;
}

type BlockTurn = Extract<MessageParam, { role: "user" | "assistant" }> & { content: MessageParam["content"] };

function wireTurn(message: Message, request: ModelRequest, warnings: string[]): BlockTurn {
  switch (message.role) {
    case "system": {
      warnings.push("A system message inside the conversation goes to Anthropic as text of the user.");
      const text = `<system-update>\n${textOf(message)}\n</system-update>`;
      return { role: "user", content: marked([{ type: "text", text }], message.cache) };
    }
    case "user":
      return { role: "user", content: marked(userBlocks(message.content), message.cache) };
    case "assistant":
      return { role: "assistant", content: assistantBlocks(message, request.reasoning !== "none") };
    case "tool":
      return { role: "user", content: marked(toolResultBlocks(message.content), message.cache) };
  }
}

function blocksOf(turn: MessageParam): Exclude<BlockTurn["content"], string> {
  return typeof turn.content === "string" ? [{ type: "text", text: turn.content }] : turn.content;
}

function cacheControl(cache: ModelRequest["cache"]): CacheControlEphemeral | undefined {
  if (cache === undefined || cache === "none") return undefined;
  return cache === "long" ? { type: "ephemeral", ttl: "1h" } : { type: "ephemeral" };
}

/** Puts the cache's mark on the last block. */
function marked<TBlock extends { type: string }>(blocks: TBlock[], cache: true | undefined): TBlock[] {
  const last = blocks.at(-1);
  if (!cache || last === undefined) return blocks;
  return [...blocks.slice(0, -1), { ...last, cache_control: { type: "ephemeral" } }];
}

/** Takes marks away from the front until no more than `most` are left: the later ones cover more. */
function limitCacheMarks(system: TextBlockParam[], turns: MessageParam[], most: number): void {
  const blocks: object[] = [...system, ...turns.flatMap(blocksOf)];
  const holders = blocks.filter((block) => "cache_control" in block) as { cache_control?: unknown }[];
  for (const block of holders.slice(0, Math.max(0, holders.length - most))) delete block.cache_control;
}
