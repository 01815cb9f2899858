/**
 * A conversation as plain JSON. Nothing in a message is a live object, so a conversation can be
 * stored, moved to another process, and continued on another provider.
 */
import type { Json } from "@orch/core";
import type { Finish } from "./model.ts";

/** Who wrote an assistant message. Opaque data goes back only to the same three. */
export interface Origin {
  /** Like `openai`, `anthropic`, `local`. */
  readonly provider: string;
  /** Which wire format, like `responses`, `chat-completions`, `messages`, `extractive`. */
  readonly api: string;
  readonly model: string;
}

/** Provider data kept verbatim (signatures, encrypted reasoning, item ids). */
export type Opaque = { readonly [key: string]: Json };

/** Where a statement comes from. */
export interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly quote?: string;
  /** A file relative to the folder that was searched. */
  readonly path?: string;
  /** First line of the quote in that file, from 1. */
  readonly line?: number;
  /** Where in the text of the part the statement begins, in characters as the provider counts them. Absent: the whole text. */
  readonly start?: number;
  /** Where it ends. */
  readonly end?: number;
}

export interface TextPart {
  readonly type: "text";
  readonly text: string;
  readonly citations?: readonly Citation[];
  readonly opaque?: Opaque;
}
/** A file by its bytes (base64 in `data`), by `url`, or as it is `stored` at a provider. */
export interface FilePart {
  readonly type: "file";
  readonly mediaType: string;
  readonly data?: string;
  readonly url?: string;
  readonly name?: string;
  /** Where it is kept, and its id there; other providers need `data` or `url`. A file that code made may be in a container of its own. */
  readonly stored?: { readonly provider: string; readonly id: string; readonly container?: string };
  /** Of a file that a model made. */
  readonly opaque?: Opaque;
}
export interface ReasoningPart {
  readonly type: "reasoning";
  readonly text: string;
  readonly redacted?: true;
  readonly opaque?: Opaque;
}
export interface RefusalPart {
  readonly type: "refusal";
  readonly text: string;
}
export interface ToolCallPart {
  readonly type: "tool-call";
  /** Pairs the call with its result. */
  readonly id: string;
  readonly name: string;
  /** The arguments exactly as the model wrote them. */
  readonly rawInput: string;
  /** The arguments parsed; absent when `invalid` says why not. */
  readonly input?: Json;
  readonly invalid?: string;
  readonly opaque?: Opaque;
}
/** A call of a tool that ran at the provider, and in short what came of it. The provider made it and answered it. */
export interface ProviderCallPart {
  readonly type: "provider-call";
  readonly id: string;
  /** The provider's name of the tool, like `web_search`. */
  readonly name: string;
  readonly input?: Json;
  /** `running` where the message ended before the result came. */
  readonly status: "done" | "failed" | "running";
  /** What it gave, in short, or what went wrong. */
  readonly output?: string;
  /** What it found. */
  readonly sources?: readonly Citation[];
  readonly opaque?: Opaque;
}
export interface ToolResultPart {
  readonly type: "tool-result";
  readonly id: string;
  readonly name: string;
  readonly output: string | readonly (TextPart | FilePart)[];
  readonly isError?: true;
  /** A person or policy said no. */
  readonly denied?: true;
}

export type AssistantPart =
  | TextPart
  | ReasoningPart
  | RefusalPart
  | ToolCallPart
  | ProviderCallPart
  | FilePart;

export interface SystemMessage {
  readonly role: "system";
  readonly content: readonly TextPart[];
  readonly cache?: true;
}
export interface UserMessage {
  readonly role: "user";
  readonly content: readonly (TextPart | FilePart)[];
  readonly cache?: true;
}
export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: readonly AssistantPart[];
  readonly origin: Origin;
  readonly finish: Finish;
}
export interface ToolMessage {
  readonly role: "tool";
  readonly content: readonly ToolResultPart[];
  readonly cache?: true;
}

/** One message of a conversation, discriminated by `role`. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A user message of one text. */
export function userMessage(text: string): UserMessage {
  return { role: "user", content: [{ type: "text", text }] };
}

/** A system message of one text. */
export function systemMessage(text: string): SystemMessage {
  return { role: "system", content: [{ type: "text", text }] };
}

/** The text of a message, its text parts joined; reasoning, refusals, calls and files are left out. */
export function textOf(message: Message): string {
  let text = "";
  for (const part of message.content) if (part.type === "text") text += part.text;
  return text;
}

const NONE: readonly ToolCallPart[] = [];

/** The tool calls of a message, in order. */
export function callsOf(message: AssistantMessage): readonly ToolCallPart[] {
  const { content } = message;
  // Most messages are one call, or have none.
  if (content.length === 1) return content[0]!.type === "tool-call" ? (content as [ToolCallPart]) : NONE;
  return content.filter((part) => part.type === "tool-call");
}
