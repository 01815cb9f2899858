/** Our request as the body of `POST /v1/chat/completions`. */
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import { cacheKey } from "../../model/cache-key.ts";
import { readCallInput } from "../../model/call-input.ts";
import { leftOutFiles, normalize } from "../../model/normalize.ts";
import type {
  AssistantMessage,
  FilePart,
  Message,
  Origin,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "../../words/message.ts";
import { textOf } from "../../words/message.ts";
import type { ModelCaps, ModelRequest, ToolSpec } from "../../words/model.ts";
import type { WireRequest } from "../wire-request.ts";
import { withOptions } from "../with-options.ts";
import type { Compat } from "./compat.ts";
import { type KnownTools, knownTools } from "./provider-tools.ts";
import { ofCall, replayedOf } from "./replayed.ts";
import { chosen, offered, saysChoice } from "./tool-choice.ts";
import { orderedTurns } from "./turns.ts";

/** Builds the body as the server of `compat` understands it. */
export function chatRequest(
  request: ModelRequest,
  id: Origin,
  caps: ModelCaps,
  compat: Compat,
): WireRequest<ChatCompletionCreateParamsStreaming> & Pick<KnownTools, "headers"> {
  const { toolChoice } = request;
  const provided = knownTools(request.tools, id, compat);
  const tools = offered(provided.tools, toolChoice, compat);
  const readable = { ...caps, reads: readsFile };
  const normal = normalize(request.messages, id, readable, compat.callIds);
  const said = normal.flatMap((message) => wireMessages(message, compat));
  const messages = orderedTurns(withSchemaText(said, request, compat), compat);
  const effort = request.reasoning === "max" ? "high" : request.reasoning;
  const body: ChatCompletionCreateParamsStreaming = {
    model: id.model,
    stream: true,
    messages,
    ...(compat.usageInStream && { stream_options: { include_usage: true } }),
    ...(tools.length + provided.listed.length > 0 && {
      tools: [...tools.map((tool) => wireTool(tool, compat)), ...(provided.listed as never[])],
    }),
    ...(tools.length > 0 && toolChoice !== undefined && chosen(toolChoice, compat)),
    ...(tools.length > 0 &&
      compat.parallelToolCalls &&
      request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
    ...responseFormat(request, compat),
    ...(request.maxOutputTokens !== undefined && { [compat.maxTokensField]: request.maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.stop?.length && { stop: [...request.stop] }),
    ...(effort !== undefined && compat.reasoningEffort && { reasoning_effort: effort }),
    ...(compat.promptCacheKey &&
      request.sessionId !== undefined &&
      request.cache !== "none" && { prompt_cache_key: cacheKey(request.sessionId) }),
    ...(compat.promptCacheKey && request.cache === "long" && { prompt_cache_retention: "24h" as const }),
  };
  const warnings = [...leftOutFiles(request.messages, id, readable), ...lossesOf(request, normal, compat)];
  warnings.push(...provided.warnings);
  Object.assign(body, provided.body);
  const { headers } = provided;
  return { body: withOptions(body, request.providerOptions?.[id.provider], warnings), headers, warnings };
}

function wireTool({ name, description, schema, strict }: ToolSpec, compat: Compat): ChatCompletionTool {
  const written = compat.strictTools && strict !== undefined ? { strict } : {};
  return { type: "function", function: { name, description, parameters: { ...schema }, ...written } };
}

function lossesOf(request: ModelRequest, messages: readonly Message[], compat: Compat): readonly string[] {
  const losses: string[] = [];
  const turns = messages.slice(messages.findIndex(({ role }) => role !== "system"));
  if (compat.strictRoles && turns.some(({ role }) => role === "system"))
    losses.push("A system message inside the conversation goes to this server as text of the user.");
  if (!saysChoice(request.toolChoice, compat))
    losses.push("This server cannot be told which tool to call: it is offered no other, or left to decide.");
  if (request.output && compat.jsonSchema !== "native")
    losses.push("The schema of the answer is not enforced by this server.");
  if (request.reasoning && !compat.reasoningEffort)
    losses.push("The reasoning effort is left out: this server does not take it.");
  return losses;
}

function responseFormat(
  { output }: ModelRequest,
  compat: Compat,
): Pick<ChatCompletionCreateParamsStreaming, "response_format"> {
  if (output === undefined || compat.jsonSchema === "none") return {};
  if (compat.jsonSchema === "json_object") return { response_format: { type: "json_object" } };
  const { name, schema, strict } = output;
  const json_schema = { name, schema: { ...schema }, ...(strict !== undefined && { strict }) };
  return { response_format: { type: "json_schema", json_schema } };
}

/** Adds the schema as text, for a server whose API takes no schema. */
function withSchemaText(
  messages: ChatCompletionMessageParam[],
  { output }: ModelRequest,
  compat: Compat,
): ChatCompletionMessageParam[] {
  if (output === undefined || compat.jsonSchema === "native") return messages;
  const content = `Answer with one JSON value and nothing else. It must fit this JSON Schema:\n${JSON.stringify(output.schema)}`;
  return [{ role: "system", content }, ...messages];
}

function wireMessages(message: Message, compat: Compat): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "system":
      return [{ role: compat.developerRole ? "developer" : "system", content: textOf(message) }];
    case "user":
      return [userMessage(message)];
    case "assistant":
      return [assistantMessage(message, compat)];
    case "tool":
      return toolMessages(message, compat);
  }
}

/** Text alone goes as a string, which every server takes. */
function userMessage(message: UserMessage): ChatCompletionMessageParam {
  if (message.content.every(({ type }) => type === "text")) {
    const texts = message.content.map((part) => (part.type === "text" ? part.text : ""));
    return { role: "user", content: texts.join("\n\n") };
  }
  return { role: "user", content: message.content.map(contentPart) };
}

/** Images by bytes or address, and documents by their bytes; sound and film have no form that servers share. */
function readsFile({ mediaType, url }: FilePart): boolean {
  if (mediaType.startsWith("image/")) return true;
  return url === undefined && !/^(?:audio|video)\//.test(mediaType);
}

function contentPart(part: TextPart | FilePart): ChatCompletionContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  const url = part.url ?? `data:${part.mediaType};base64,${part.data ?? ""}`;
  if (part.mediaType.startsWith("image/")) return { type: "image_url", image_url: { url } };
  return { type: "file", file: { filename: part.name ?? "file", file_data: url } };
}

function assistantMessage(message: AssistantMessage, compat: Compat): ChatCompletionMessageParam {
  const replayed = replayedOf(message.content);
  let content = "";
  let thinking = "";
  const calls: ChatCompletionMessageFunctionToolCall[] = [];
  for (const part of message.content) {
    if (part.type === "text" || part.type === "refusal") content += part.text;
    else if (part.type === "reasoning") thinking += part.text;
    else if (part.type === "tool-call") calls.push(toolCall(part));
  }
  const wire: ChatCompletionAssistantMessageParam = {
    role: "assistant",
    content,
    ...(calls.length > 0 && { tool_calls: compat.standInSignature ? signed(calls) : calls }),
    ...replayed,
  };
  // The field is no part of OpenAI's own API, so its type does not know it.
  if (thinking === "" && calls.length > 0 && compat.callsNeedReasoning) thinking = BLANK;
  if (!compat.replayReasoning || compat.reasoningField === null || thinking === "") return wire;
  return { ...wire, [compat.reasoningField]: thinking };
}

/** Stands for thinking where there was none: an empty text counts as missing. */
const BLANK = " ";

/** What Gemini's documentation gives for calls that it did not make itself: they go unchecked. */
const STAND_IN = { google: { thought_signature: "skip_thought_signature_validator" } };

/** Of calls side by side Gemini signs the first. */
function signed(
  calls: readonly ChatCompletionMessageFunctionToolCall[],
): ChatCompletionMessageFunctionToolCall[] {
  if (calls.some((call) => "extra_content" in call)) return [...calls];
  return calls.map((call, at) => (at === 0 ? { ...call, extra_content: STAND_IN } : call));
}

/** Some servers parse the arguments of old calls and refuse the request when they cannot. */
function toolCall(call: ToolCallPart): ChatCompletionMessageFunctionToolCall {
  const sound = call.rawInput.trim() !== "" && "input" in readCallInput(call.rawInput);
  return {
    ...ofCall(call.opaque),
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: sound ? call.rawInput : "{}" },
  };
}

/** One message for each result. Files cannot stand in a result, so they follow after all of them. */
function toolMessages(message: ToolMessage, compat: Compat): ChatCompletionMessageParam[] {
  const files: ChatCompletionContentPart[] = [];
  const results = message.content.map((result): ChatCompletionMessageParam => {
    const content = resultText(result, files);
    const name = compat.toolResultName ? { name: result.name } : {};
    return { role: "tool", tool_call_id: result.id, content, ...name };
  });
  return files.length === 0 ? results : [...results, { role: "user", content: files }];
}

function resultText(result: ToolResultPart, files: ChatCompletionContentPart[]): string {
  const mark = result.isError || result.denied ? "Error: " : "";
  if (typeof result.output === "string") return mark + result.output;
  const lines = result.output.map((part) => {
    if (part.type === "text") return part.text;
    files.push({ type: "text", text: `File from the result of ${result.name}:` }, contentPart(part));
    return `[${part.name ?? part.mediaType}: see the next message]`;
  });
  return mark + lines.join("\n");
}
