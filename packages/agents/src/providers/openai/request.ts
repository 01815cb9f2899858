/** Our request as the body of `POST /v1/responses`. */
import type {
  ResponseCreateParamsStreaming,
  ResponseFunctionCallOutputItem,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputMessage,
  ResponseReasoningItem,
  Tool,
  ToolChoiceFunction,
  ToolChoiceMcp,
  ToolChoiceTypes,
} from "openai/resources/responses/responses";
import type { Reasoning } from "openai/resources/shared";
import { cacheKey } from "../../model/cache-key.ts";
import { leftOutFiles, normalize } from "../../model/normalize.ts";
import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  Message,
  Origin,
  TextPart,
  ToolResultPart,
} from "../../words/message.ts";
import { textOf } from "../../words/message.ts";
import type { ModelCaps, ModelRequest } from "../../words/model.ts";
import type { WireRequest } from "../wire-request.ts";
import { withOptions } from "../with-options.ts";
import { type AskedItems, answerOf, askedItem, askedItems } from "./asked-calls.ts";
import { includesOf, wireTools } from "./provider-tools.ts";

/** Builds the body; `caps.reasoning` decides whether encrypted reasoning is asked for. */
export function responsesRequest(
  request: ModelRequest,
  id: Origin,
  caps: ModelCaps,
): WireRequest<ResponseCreateParamsStreaming> {
  const readable = { ...caps, reads: readsFile, keeps: id.provider };
  const warnings: string[] = [...leftOutFiles(request.messages, id, readable)];
  if (request.stop?.length) warnings.push("Stop sequences are left out: the Responses API has none.");
  const { tools, output, toolChoice } = request;
  const wired = tools && wireTools(tools, id.model, warnings);
  const includes = [
    ...(caps.reasoning ? ["reasoning.encrypted_content" as const] : []),
    ...includesOf(tools),
  ];
  const messages = normalize(request.messages, id, readable);
  const asked = askedItems(messages);
  const input = messages.flatMap((message) => inputItems(message, asked));
  const body: ResponseCreateParamsStreaming = {
    model: id.model,
    stream: true,
    // Stateless on purpose: a conversation that lives at the provider cannot move to another one.
    store: false,
    input: input.length > 0 ? input : [NOTHING_SAID],
    ...(includes.length > 0 && { include: includes }),
    ...(wired?.length && { tools: wired }),
    ...(wired?.length &&
      (toolChoice ?? request.allowedTools) !== undefined && { tool_choice: choice(request, wired) }),
    ...(tools?.length &&
      request.parallelToolCalls !== undefined && { parallel_tool_calls: request.parallelToolCalls }),
    ...(output && {
      text: {
        format: {
          type: "json_schema" as const,
          name: output.name,
          schema: { ...output.schema },
          strict: output.strict ?? false,
        },
      },
    }),
    ...(request.maxOutputTokens !== undefined && { max_output_tokens: request.maxOutputTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.reasoning !== undefined && caps.reasoning && { reasoning: effort(request.reasoning) }),
    ...(request.sessionId !== undefined &&
      request.cache !== "none" && { prompt_cache_key: cacheKey(request.sessionId) }),
    ...(request.cache === "long" && { prompt_cache_retention: "24h" as const }),
  };
  return { body: withOptions(body, request.providerOptions?.[id.provider], warnings), warnings };
}

/** Where all that was said is blank, nothing is left, and the API takes no request without input. */
const NOTHING_SAID: ResponseInputItem = { role: "user", content: "Continue." };

function choice(request: ModelRequest, wired: readonly Tool[]): NonNullable<ToolChoice> {
  const { toolChoice = "auto", allowedTools } = request;
  if (typeof toolChoice === "object") return chosen(toolChoice.name, request, wired);
  if (allowedTools === undefined || toolChoice === "none") return toolChoice;
  if (allowedTools.length === 0) return "none";
  const tools = allowedTools.map((name) => ({ ...chosen(name, request, wired) }));
  return { type: "allowed_tools", mode: toolChoice, tools };
}

/** A tool as a choice names it: one of ours by its name, one of the provider's by its kind. */
function chosen(name: string, { tools = [] }: ModelRequest, wired: readonly Tool[]): ChosenTool {
  const known = wired[tools.findIndex((tool) => tool.name === name && tool.provider !== undefined)];
  if (known === undefined) return { type: "function", name };
  return known.type === "mcp"
    ? { type: "mcp", server_label: known.server_label }
    : ({ type: known.type } as ToolChoiceTypes);
}

type ToolChoice = ResponseCreateParamsStreaming["tool_choice"];
type ChosenTool = ToolChoiceFunction | ToolChoiceMcp | ToolChoiceTypes;

function effort(wanted: NonNullable<ModelRequest["reasoning"]>): Reasoning {
  return wanted === "none" ? { effort: "none" } : { effort: wanted, summary: "auto" };
}

function inputItems(message: Message, asked: AskedItems): ResponseInputItem[] {
  switch (message.role) {
    case "system":
      return [{ role: "developer", content: textOf(message) }];
    case "user":
      return [{ role: "user", content: message.content.map(inputContent) }];
    case "assistant":
      return assistantItems(message, asked);
    case "tool":
      return message.content.map((result) => {
        const item = asked.get(result.id);
        if (item !== undefined) return answerOf(item, result);
        return { type: "function_call_output", call_id: result.id, output: resultOutput(result) };
      });
  }
}

const IMAGES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** The API takes four kinds of images and documents of many kinds, and no sound and no film. */
function readsFile({ mediaType, data }: FilePart): boolean {
  // Of an address the kind is not known: a label like `image/*` may stand for any of them.
  if (mediaType.startsWith("image/") && data !== undefined) return IMAGES.has(mediaType);
  return !/^(?:audio|video)\//.test(mediaType);
}

function inputContent(part: TextPart | FilePart): ResponseInputContent {
  if (part.type === "text") return { type: "input_text", text: part.text };
  const { stored } = part;
  if (stored?.provider === "openai") {
    if (part.mediaType.startsWith("image/"))
      return { type: "input_image", detail: "auto", file_id: stored.id };
    return { type: "input_file", file_id: stored.id };
  }
  const url = part.url ?? `data:${part.mediaType};base64,${part.data ?? ""}`;
  if (part.mediaType.startsWith("image/")) return { type: "input_image", detail: "auto", image_url: url };
  if (part.url !== undefined) return { type: "input_file", file_url: part.url };
  return { type: "input_file", filename: part.name ?? "file", file_data: url };
}

/** There is no flag for an error here, so the text says it. */
function resultOutput(result: ToolResultPart): string | ResponseFunctionCallOutputItem[] {
  const mark = result.isError || result.denied ? "Error: " : "";
  if (typeof result.output === "string") return mark + result.output;
  const parts = result.output.map(inputContent) as ResponseFunctionCallOutputItem[];
  return mark === "" ? parts : [{ type: "input_text", text: mark.trim() }, ...parts];
}

/** Parts of one item of the provider become that item again; parts of elsewhere become plain messages. */
function assistantItems(message: AssistantMessage, asked: AskedItems): ResponseInputItem[] {
  const items: ResponseInputItem[] = [];
  let open: ResponseOutputMessage | undefined;
  for (const part of message.content) {
    const itemId = part.type === "text" ? part.opaque?.["id"] : undefined;
    if (part.type === "text" && typeof itemId === "string") {
      if (open?.id !== itemId) {
        open = outputMessage(itemId, part);
        items.push(open);
      }
      open.content.push({ type: "output_text", text: part.text, annotations: [] });
    } else {
      open = undefined;
      const item = assistantItem(part, asked);
      if (item !== undefined) items.push(item);
    }
  }
  return items;
}

function outputMessage(id: string, part: TextPart): ResponseOutputMessage {
  const phase = part.opaque?.["phase"];
  return {
    type: "message",
    id,
    role: "assistant",
    status: "completed",
    content: [],
    ...((phase === "commentary" || phase === "final_answer") && { phase }),
  };
}

function assistantItem(part: AssistantPart, asked: AskedItems): ResponseInputItem | undefined {
  switch (part.type) {
    case "text":
      // An item of a tool that runs at the provider, kept whole.
      if (part.opaque?.["item"]) return part.opaque["item"] as unknown as ResponseInputItem;
      return { role: "assistant", content: part.text };
    case "refusal":
      return { role: "assistant", content: part.text };
    case "reasoning":
      return part.opaque && (part.opaque as unknown as ResponseReasoningItem);
    case "provider-call":
      return part.opaque?.["item"] as unknown as ResponseInputItem | undefined;
    case "tool-call": {
      const known = askedItem(part, asked);
      if (known !== undefined) return known;
      const itemId = part.opaque?.["id"];
      return {
        type: "function_call",
        call_id: part.id,
        name: part.name,
        arguments: part.rawInput || "{}",
        ...(typeof itemId === "string" && { id: itemId }),
      };
    }
    case "file": {
      // A picture that the model made, and may be asked to change.
      const item = part.opaque?.["item"];
      if (typeof item !== "object" || item === null) return undefined;
      return { ...item, result: part.data } as unknown as ResponseInputItem;
    }
  }
}
