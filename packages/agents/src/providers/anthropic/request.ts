/** Our request as the body of `POST /v1/messages`. */

import type {
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  ToolChoice,
  ToolUnion,
} from "@anthropic-ai/sdk/resources/messages";
import { leftOutFiles, normalize } from "../../model/normalize.ts";
import { grammarSchema } from "../../schema/grammar-schema.ts";
import type { Message, Origin, SystemMessage } from "../../words/message.ts";
import { textOf } from "../../words/message.ts";
import type { ModelCaps, ModelRequest } from "../../words/model.ts";
import { formerTools } from "../former-tools.ts";
import type { WireRequest } from "../wire-request.ts";
import { withOptions } from "../with-options.ts";
import { assistantBlocks, readsFile, toolResultBlocks, userBlocks } from "./blocks.ts";
import { blocksOf, type CacheSettings, cacheMark, marked, placeCache } from "./cache.ts";
import type { CachePlacement } from "./cache-placement.ts";
import { besideTools, betasOf, wireTools } from "./provider-tools.ts";
import { type ThinkingStyle, thinkingOf } from "./thinking.ts";

/** What the factory adds to each request. */
export interface MessagesSettings {
  readonly thinking: ThinkingStyle;
  readonly maxOutputTokens?: number | undefined;
  /** For requests that do not say it. Default `none`. */
  readonly cache?: ModelRequest["cache"];
  /** Default `automatic`. */
  readonly cachePlacement?: CachePlacement | undefined;
  /** Documents may be cited. */
  readonly citations?: boolean | undefined;
}

/** The settings with which the turns of one request are written. */
interface Writing {
  readonly withThinking: boolean;
  readonly citations: boolean;
  readonly cache: CacheSettings;
  readonly warnings: string[];
}

/** A body, and what its header has to name of the API that is not there for everyone. */
export interface MessagesBody extends WireRequest<MessageCreateParamsStreaming> {
  readonly betas: readonly string[];
}

/** Builds the body. */
export function messagesRequest(
  request: ModelRequest,
  id: Origin,
  caps: ModelCaps,
  settings: MessagesSettings,
): MessagesBody {
  const readable = { ...caps, reads: readsFile, keeps: id.provider };
  const warnings: string[] = [...leftOutFiles(request.messages, id, readable)];
  const messages = normalize(request.messages, id, readable);
  const keep = request.cache ?? settings.cache ?? "none";
  const cache: CacheSettings = { keep, placement: settings.cachePlacement ?? "automatic" };
  const citations = settings.citations === true && request.output === undefined;
  if (settings.citations === true && !citations)
    warnings.push("Documents are not cited: an answer of a given form cannot hold citations.");
  const writing: Writing = { withThinking: request.reasoning !== "none", citations, cache, warnings };
  const tail = messages.findIndex((message) => message.role !== "system");
  const leading = (tail < 0 ? messages : messages.slice(0, tail)) as readonly SystemMessage[];
  const rest = tail < 0 ? [] : messages.slice(tail);
  const written = wireTurns(rest, writing);
  const thinking = thinkingOf(request, written, caps, settings.thinking, warnings);
  const { thinks, budget } = thinking;
  const off = thinking.wire.thinking?.type === "disabled";
  const turns = off ? wireTurns(rest, { ...writing, withThinking: false }) : written;
  const maxTokens = request.maxOutputTokens ?? settings.maxOutputTokens ?? (thinks ? 16_384 : 4_096);
  const system = leading.flatMap((message) => systemBlocks(message, cache));
  const options = request.providerOptions?.[id.provider];
  const added = Array.isArray(options?.["tools"]) && options["tools"].length > 0;
  const tools = toolsOf(request, messages, id.model, warnings);
  const automatic = placeCache({ system, tools, messages: turns }, cache);
  if (thinks && request.temperature !== undefined)
    warnings.push("The temperature is left out: it cannot be set while the model thinks.");
  const body: MessageCreateParamsStreaming = {
    model: id.model,
    stream: true,
    // The budget counts as output, so the answer's own room comes on top of it.
    max_tokens: budget > 0 && maxTokens <= budget ? maxTokens + budget : maxTokens,
    messages: turns,
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools, tool_choice: choice(request, thinks, warnings, added) }),
    ...(request.temperature !== undefined && !thinks && { temperature: request.temperature }),
    ...(request.stop?.length && { stop_sequences: [...request.stop] }),
    ...thinking.wire,
    ...outputConfig(request, thinks && budget === 0),
    ...automatic,
    ...besideTools(request.tools),
  };
  const whole = withOptions(body, options, warnings);
  return { body: whole, warnings: [...new Set(warnings)], betas: betasOf(request.tools, id.model) };
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

function toolsOf(
  request: ModelRequest,
  messages: readonly Message[],
  model: string,
  warnings: string[],
): ToolUnion[] {
  if (request.tools?.length) return wireTools(request.tools, model, warnings);
  return formerTools(messages).map((tool) => ({ ...tool, input_schema: { type: "object" } }));
}

/** `added` says that there are tools that run at the provider, which may be called without any of ours. */
function choice(request: ModelRequest, thinks: boolean, warnings: string[], added: boolean): ToolChoice {
  const serial = request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const wanted = request.tools?.length || added ? (request.toolChoice ?? "auto") : "none";
  if (wanted === "none") return { type: "none" };
  if (wanted === "auto") return { type: "auto", ...serial };
  if (thinks) {
    warnings.push("The choice of tool is left to the model: it cannot be forced while the model thinks.");
    return { type: "auto", ...serial };
  }
  return wanted === "required" ? { type: "any", ...serial } : { type: "tool", name: wanted.name, ...serial };
}

function systemBlocks({ content, cache }: SystemMessage, settings: CacheSettings): TextBlockParam[] {
  const blocks = content.map((part): TextBlockParam => ({ type: "text", text: part.text }));
  return marked(blocks, cache, cacheMark(settings));
}

/** The turns after the leading system messages; neighbours of one role become one turn. */
function wireTurns(messages: readonly Message[], writing: Writing): MessageParam[] {
  const turns: MessageParam[] = [];
  for (const message of messages) {
    const turn = wireTurn(message, writing);
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

function wireTurn(message: Message, writing: Writing): BlockTurn {
  const mark = cacheMark(writing.cache);
  switch (message.role) {
    case "system": {
      writing.warnings.push(
        "A system message inside the conversation goes to Anthropic as text of the user.",
      );
      const text = `<system-update>\n${textOf(message)}\n</system-update>`;
      return { role: "user", content: marked([{ type: "text", text }], message.cache, mark) };
    }
    case "user":
      return { role: "user", content: marked(userBlocks(message.content, writing), message.cache, mark) };
    case "assistant":
      return { role: "assistant", content: assistantBlocks(message, writing) };
    case "tool":
      return {
        role: "user",
        content: marked(toolResultBlocks(message.content, writing), message.cache, mark),
      };
  }
}
