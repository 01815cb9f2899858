/**
 * What the providers refuse, as checks of a request's body: the servers in these tests take anything, and the real
 * ones do not. Each gives the problems it finds, as sentences.
 */
import type { LanguageModelV3Prompt, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages";
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import type { ResponseCreateParamsStreaming, ResponseInputItem } from "openai/resources/responses/responses";
import { isLegalCallId } from "../src/model/tool-call-ids.ts";
import type { Compat } from "../src/providers/openai-compatible/compat.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/** Collects problems; `that` is what must be so. */
class Problems {
  readonly list: string[] = [];
  that(holds: boolean, otherwise: string): void {
    if (!holds) this.list.push(otherwise);
  }
  keys(value: object, allowed: readonly string[], what: string): void {
    for (const key of Object.keys(value))
      this.that(allowed.includes(key), `${what} has the unknown key ${key}`);
  }
}

/** Anthropic: roles alternate, all results first in the next turn, thinking signed and before what it led to. */
export function checkMessages(body: MessageCreateParamsStreaming): readonly string[] {
  const p = new Problems();
  p.keys(body, MESSAGES_KEYS, "the body");
  const { messages, thinking } = body;
  p.that(messages.length > 0 && messages[0]?.role === "user", "a user does not speak first");
  const seen = new Set<string>();
  let marks = body.cache_control ? 1 : 0;
  messages.forEach((message, at) => {
    const blocks = blocksOf(message);
    const before = messages[at - 1];
    p.that(before?.role !== message.role, `message ${at} has the role of the one before`);
    p.that(blocks.length > 0, `message ${at} is empty`);
    for (const block of blocks) {
      checkBlock(block, p);
      if ("cache_control" in block && block.cache_control) marks += 1;
      if (block.type === "tool_use") {
        p.that(
          NAME.test(block.id) && NAME.test(block.name),
          `the call ${block.id} has an illegal id or name`,
        );
        p.that(!seen.has(block.id), `the id ${block.id} comes twice`);
        p.that(isObject(block.input), `the call ${block.id} has no object as its input`);
        seen.add(block.id);
      }
      if (block.type === "thinking") p.that(block.signature !== "", "thinking is not signed");
      const isThought = block.type === "thinking" || block.type === "redacted_thinking";
      if (isThought) p.that(thinking?.type !== "disabled", "thinking goes back while it is off");
    }
    const last = blocks.at(-1)?.type;
    p.that(last !== "thinking" && last !== "redacted_thinking", `message ${at} ends with thinking`);
    const called = before?.role === "assistant" ? idsOf(blocksOf(before), "tool_use") : [];
    const answered = message.role === "user" ? idsOf(blocks, "tool_result") : [];
    if (message.role === "user") {
      p.that(same(called, answered), `message ${at} answers ${answered} and not ${called}`);
      p.that(
        blocks.slice(0, answered.length).every(({ type }) => type === "tool_result"),
        `message ${at} has something before its results`,
      );
    }
  });
  const final = messages.at(-1);
  if (final?.role === "assistant")
    p.that(idsOf(blocksOf(final), "tool_use").length === 0, "a call is left open");
  if (typeof body.system === "object") {
    for (const block of body.system) {
      p.that(block.text.trim() !== "", "a system text is blank");
      if (block.cache_control) marks += 1;
    }
  }
  for (const tool of body.tools ?? []) if ("cache_control" in tool && tool.cache_control) marks += 1;
  p.that(marks <= 4, `${marks} cache marks`);
  if (seen.size > 0) p.that((body.tools?.length ?? 0) > 0, "calls without tools declared");
  if (thinking?.type === "enabled") {
    p.that(body.max_tokens > thinking.budget_tokens, "no room beside the budget");
    const [asked, answered] = [messages.at(-2), messages.at(-1)];
    if (asked && answered && blocksOf(answered)[0]?.type === "tool_result") {
      p.that(
        /thinking/.test(blocksOf(asked)[0]?.type ?? ""),
        "a turn with a budget does not begin with thinking",
      );
    }
  }
  return p.list;
}

const MESSAGES_KEYS = [
  ..."model stream max_tokens messages system tools tool_choice temperature stop_sequences thinking".split(
    " ",
  ),
  ..."output_config cache_control metadata mcp_servers".split(" "),
];

function checkBlock(block: ContentBlockParam, p: Problems): void {
  if (block.type === "text") p.that(block.text.trim() !== "", "a text is blank");
  if (block.type === "image" && block.source.type === "base64")
    p.that(IMAGES.includes(block.source.media_type), `an image is ${block.source.media_type}`);
  if (block.type !== "tool_result") return;
  const inner = typeof block.content === "object" ? block.content : [];
  for (const one of inner) {
    p.that(one.type === "text" || block.is_error !== true, "a failed result holds a file");
    if (one.type === "text") p.that(one.text.trim() !== "", "a text in a result is blank");
  }
}

function blocksOf({ content }: MessageParam): readonly ContentBlockParam[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : (content as ContentBlockParam[]);
}

function idsOf(blocks: readonly ContentBlockParam[], type: "tool_use" | "tool_result"): readonly string[] {
  return blocks.flatMap((block) => {
    if (block.type !== type) return [];
    return [block.type === "tool_use" ? block.id : block.type === "tool_result" ? block.tool_use_id : ""];
  });
}

/** OpenAI Responses: one output for each call and after it, ids of their kinds, reasoning whole and leading somewhere. */
export function checkResponses(body: ResponseCreateParamsStreaming): readonly string[] {
  const p = new Problems();
  const items = body.input as ResponseInputItem[];
  p.that(body.store === false, "it would be stored");
  p.that(Array.isArray(items) && items.length > 0, "there is no input");
  const open = new Set<string>();
  const seen = new Set<string>();
  items.forEach((item, at) => {
    switch (item.type) {
      case "function_call":
        p.that(
          NAME.test(item.call_id) && NAME.test(item.name),
          `the call ${item.call_id} has an illegal id or name`,
        );
        p.that(!seen.has(item.call_id), `the id ${item.call_id} comes twice`);
        if (item.id) p.that(item.id.startsWith("fc"), `a call's item has the id ${item.id}`);
        seen.add(item.call_id);
        open.add(item.call_id);
        return;
      case "function_call_output":
        p.that(open.delete(item.call_id ?? ""), `the output ${item.call_id} has no open call`);
        if (typeof item.output !== "string") p.that(item.output.length > 0, "an output has no parts");
        return;
      case "reasoning": {
        const next = items[at + 1];
        const leads = next?.type === "function_call" || next?.type === "reasoning" || isAnswer(next);
        p.that(leads, `the reasoning ${item.id} leads to ${next?.type ?? "nothing"}`);
        p.that(!item.id || item.id.startsWith("rs"), `a reasoning item has the id ${item.id}`);
        p.that(typeof item.encrypted_content === "string", "reasoning is not encrypted");
        return;
      }
      case "item_reference":
        p.that(false, "an item at the provider is referred to");
        return;
      default:
        if (!("content" in item) || !("role" in item)) return;
        p.that(["user", "assistant", "developer", "system"].includes(item.role), `the role ${item.role}`);
        if (typeof item.content === "string")
          p.that(item.content.trim() !== "", `a ${item.role} message is blank`);
        else p.that((item.content as object[]).length > 0, `a ${item.role} message is empty`);
        if ("id" in item && item.id) p.that(item.id.startsWith("msg"), `a message has the id ${item.id}`);
    }
  });
  p.that(open.size === 0, `no output for ${[...open]}`);
  return p.list;
}

function isAnswer(item: ResponseInputItem | undefined): boolean {
  return item !== undefined && "role" in item && item.role === "assistant";
}

/** Chat Completions: results right after their calls, each once; roles in the order the server wants. */
export function checkChat(
  body: ChatCompletionCreateParamsStreaming,
  compat: Pick<Compat, "callIds" | "strictRoles" | "assistantAfterTool">,
): readonly string[] {
  const p = new Problems();
  const { messages } = body;
  p.that(messages.length > 0, "there are no messages");
  const seen = new Set<string>();
  let open: string[] = [];
  let spoken = false;
  messages.forEach((message, at) => {
    const before = messages[at - 1]?.role;
    if (message.role !== "tool") {
      p.that(open.length === 0, `no result for ${open}`);
      open = [];
    }
    switch (message.role) {
      case "tool":
        p.that(open[0] === message.tool_call_id, `the result ${message.tool_call_id} is out of order`);
        open.shift();
        return;
      case "assistant":
        p.that(typeof message.content === "string", "an answer is no text");
        p.that(before !== "assistant", "two answers in a row");
        if (compat.strictRoles) p.that(spoken, "an assistant speaks first");
        p.that(message.content !== "" || (message.tool_calls?.length ?? 0) > 0, "an answer is empty");
        for (const call of message.tool_calls ?? []) {
          if (call.type !== "function") continue;
          p.that(isLegalCallId(call.id, compat.callIds), `the call ${call.id} has an illegal id`);
          p.that(NAME.test(call.function.name), `the tool ${call.function.name} has an illegal name`);
          p.that(!seen.has(call.id), `the id ${call.id} comes twice`);
          p.that(isJson(call.function.arguments), `the arguments of ${call.id} are no JSON`);
          seen.add(call.id);
          open.push(call.id);
        }
        break;
      case "user":
        p.that(before !== "user", "two users in a row");
        p.that(message.content.length > 0, "a user says nothing");
        if (compat.assistantAfterTool) p.that(before !== "tool", "a user speaks right after a result");
        break;
      default:
        p.that((message.content?.length ?? 0) > 0, "a system message is empty");
        if (compat.strictRoles) p.that(at === 0, "a system message stands elsewhere than first");
        return;
    }
    spoken = true;
  });
  p.that(open.length === 0, `no result for ${open}`);
  return p.list;
}

/** AI SDK: a tool message after each answer with calls, one result for each; objects as inputs; files in their form. */
export function checkPrompt(
  prompt: LanguageModelV3Prompt | LanguageModelV4Prompt,
  version: "v3" | "v4",
): readonly string[] {
  const p = new Problems();
  const seen = new Set<string>();
  let open: string[] = [];
  for (const message of prompt) {
    if (message.role === "tool") {
      const answered = message.content.map((part) => (part.type === "tool-result" ? part.toolCallId : "?"));
      p.that(same(open, answered), `${answered} answers ${open}`);
      open = [];
      continue;
    }
    p.that(open.length === 0, `no result for ${open}`);
    p.that(message.content.length > 0, `a ${message.role} message is empty`);
    if (message.role === "system") continue;
    for (const part of message.content as readonly Part[]) {
      if (part.type === "text" && part.providerOptions === undefined)
        p.that(part.text?.trim() !== "", "a text is blank");
      if (part.type === "file") {
        const tagged = isObject(part.data) && "type" in (part.data as object);
        p.that(tagged === (version === "v4"), `a file in the form of the other version`);
      }
      if (part.type !== "tool-call") continue;
      p.that(isObject(part.input), `the call ${part.toolCallId} has no object as its input`);
      p.that(!seen.has(part.toolCallId ?? ""), `the id ${part.toolCallId} comes twice`);
      seen.add(part.toolCallId ?? "");
      open.push(part.toolCallId ?? "");
    }
  }
  p.that(open.length === 0, `no result for ${open}`);
  return p.list;
}

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly data?: unknown;
  readonly input?: unknown;
  readonly toolCallId?: string;
  readonly providerOptions?: object;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one)) && new Set(b).size === b.length;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
