/** Our messages as a prompt of the AI SDK, which is the same in both versions but for files. */
import type {
  LanguageModelV3FilePart,
  LanguageModelV3Prompt,
  LanguageModelV3ToolResultOutput,
  LanguageModelV4FilePart,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from "@ai-sdk/provider";
import { inputForReplay } from "../../model/call-input.ts";
import type {
  AssistantPart,
  FilePart,
  Message,
  Opaque,
  TextPart,
  ToolResultPart,
} from "../../words/message.ts";
import { textOf, userMessage } from "../../words/message.ts";

/** How a version writes files. */
interface FileForms<TFile, TOutput> {
  readonly file: (part: FilePart) => TFile;
  readonly content: (parts: readonly (TextPart | FilePart)[]) => TOutput;
}

const V4: FileForms<LanguageModelV4FilePart, LanguageModelV4ToolResultOutput> = {
  file: (part) => ({ type: "file", mediaType: part.mediaType, data: v4Data(part), ...filename(part) }),
  content: (parts) => ({
    type: "content",
    value: parts.map((part) =>
      part.type === "text" ? plainText(part) : { type: "file" as const, ...filed(part), data: v4Data(part) },
    ),
  }),
};

const V3: FileForms<LanguageModelV3FilePart, LanguageModelV3ToolResultOutput> = {
  file: (part) => ({
    type: "file",
    ...filed(part),
    data: part.url === undefined ? (part.data ?? "") : new URL(part.url),
  }),
  content: (parts) => ({ type: "content", value: parts.map(v3Content) }),
};

/** Writes normalized messages for a model of specification v4. */
export function promptV4(messages: readonly Message[]): LanguageModelV4Prompt {
  return userFirst(messages).map((message) => wireMessage(message, V4));
}

/** Writes normalized messages for a model of specification v3. */
export function promptV3(messages: readonly Message[]): LanguageModelV3Prompt {
  return userFirst(messages).map((message) => wireMessage(message, V3));
}

/** Puts a user message first. Some providers require it, and a model does not say which. */
function userFirst(messages: readonly Message[]): readonly Message[] {
  const at = messages.findIndex(({ role }) => role !== "system");
  if (messages[at]?.role === "user") return messages;
  const first = at < 0 ? messages.length : at;
  return messages.toSpliced(first, 0, userMessage("Continue."));
}

function v4Data({ data, url }: FilePart): { type: "url"; url: URL } | { type: "data"; data: string } {
  return url === undefined ? { type: "data", data: data ?? "" } : { type: "url", url: new URL(url) };
}

type V3Content = Extract<LanguageModelV3ToolResultOutput, { type: "content" }>["value"][number];

function v3Content(part: TextPart | FilePart): V3Content {
  if (part.type === "text") return plainText(part);
  const { data = "", mediaType, url } = part;
  const image = mediaType.startsWith("image/");
  if (url !== undefined) return { type: image ? "image-url" : "file-url", url };
  return image
    ? { type: "image-data", data, mediaType }
    : { type: "file-data", data, mediaType, ...filename(part) };
}

function filed(part: FilePart): { mediaType: string; filename?: string } {
  return { mediaType: part.mediaType, ...filename(part) };
}

function filename({ name }: FilePart): { filename?: string } {
  return name === undefined ? {} : { filename: name };
}

function plainText({ text }: TextPart): { type: "text"; text: string } {
  return { type: "text", text };
}

type ProviderOptions = { [provider: string]: { [key: string]: never } };

interface Parts<TFile, TOutput> {
  readonly user: { type: "text"; text: string } | TFile;
  readonly assistant:
    | { type: "text" | "reasoning"; text: string; providerOptions?: ProviderOptions }
    | {
        type: "tool-call";
        toolCallId: string;
        toolName: string;
        input: unknown;
        providerOptions?: ProviderOptions;
      };
  readonly tool: { type: "tool-result"; toolCallId: string; toolName: string; output: TOutput | PlainOutput };
}

/** A result without files, the same in both versions. */
type PlainOutput =
  | { type: "text" | "error-text"; value: string }
  | { type: "execution-denied"; reason: string };

type WireMessage<TFile, TOutput> = { providerOptions?: ProviderOptions } & (
  | { role: "system"; content: string }
  | { role: "user"; content: Parts<TFile, TOutput>["user"][] }
  | { role: "assistant"; content: Parts<TFile, TOutput>["assistant"][] }
  | { role: "tool"; content: Parts<TFile, TOutput>["tool"][] }
);

function wireMessage<TFile, TOutput>(
  message: Message,
  forms: FileForms<TFile, TOutput>,
): WireMessage<TFile, TOutput> {
  switch (message.role) {
    case "system":
      return { role: "system", content: textOf(message), ...cacheMark(message.cache) };
    case "user":
      return {
        role: "user",
        content: message.content.map((part) => (part.type === "text" ? plainText(part) : forms.file(part))),
        ...cacheMark(message.cache),
      };
    case "assistant":
      return { role: "assistant", content: message.content.flatMap(assistantPart) };
    case "tool":
      return {
        role: "tool",
        content: message.content.map((result) => ({
          type: "tool-result",
          toolCallId: result.id,
          toolName: result.name,
          output: resultOutput(result, forms),
        })),
        ...cacheMark(message.cache),
      };
  }
}

/** The cache mark of Anthropic's models. Other providers ignore it. */
function cacheMark(cache: true | undefined): { providerOptions?: ProviderOptions } {
  return cache ? metadata({ metadata: { anthropic: { cacheControl: { type: "ephemeral" } } } }) : {};
}

function assistantPart(part: AssistantPart): Parts<never, never>["assistant"][] {
  switch (part.type) {
    case "text":
      // A call that ran at the provider, or its result, kept whole.
      if (part.opaque?.["part"]) return [part.opaque["part"] as never];
      return [{ type: "text", text: part.text, ...metadata(part.opaque) }];
    case "reasoning":
      return [{ type: "reasoning", text: part.text, ...metadata(part.opaque) }];
    case "refusal":
      return [{ type: "text", text: part.text }];
    case "provider-call":
      return part.opaque?.["part"] ? [part.opaque["part"] as never] : [];
    case "tool-call": {
      const call = { toolCallId: part.id, toolName: part.name, input: inputForReplay(part) };
      return [{ type: "tool-call", ...call, ...metadata(part.opaque) }];
    }
    case "file":
      return [];
  }
}

/** Sends `providerMetadata` of an earlier answer back as `providerOptions`. */
function metadata(opaque: Opaque | undefined): { providerOptions?: ProviderOptions } {
  const kept = opaque?.["metadata"];
  if (typeof kept !== "object" || kept === null || Object.keys(kept).length === 0) return {};
  return { providerOptions: kept as ProviderOptions };
}

function resultOutput<TFile, TOutput>(
  { output, isError, denied }: ToolResultPart,
  forms: FileForms<TFile, TOutput>,
): TOutput | PlainOutput {
  const failed = isError === true || denied === true;
  if (typeof output !== "string" && output.some((part) => part.type === "file")) {
    // There is no form for a failure with files, so its text says it.
    return forms.content(failed ? [{ type: "text", text: "Error:" }, ...output] : output);
  }
  const text =
    typeof output === "string"
      ? output
      : output.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  if (denied) return { type: "execution-denied", reason: text };
  return { type: failed ? "error-text" : "text", value: text };
}
