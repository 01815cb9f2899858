/** Our parts as Anthropic's content blocks. */
import type {
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
  ToolResultBlockParam,
} from "@anthropic-ai/sdk/resources/messages";
import { inputForReplay } from "../../call-input.ts";
import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  ReasoningPart,
  TextPart,
  ToolResultPart,
} from "../../message.ts";

type Plain = TextBlockParam | ImageBlockParam | DocumentBlockParam;

export function userBlocks(parts: readonly (TextPart | FilePart)[]): ContentBlockParam[] {
  return parts.map(plainBlock);
}

function plainBlock(part: TextPart | FilePart): Plain {
  if (part.type === "text") return { type: "text", text: part.text };
  return part.mediaType.startsWith("image/") ? imageBlock(part) : documentBlock(part);
}

type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

function imageBlock({ url, data, mediaType }: FilePart): ImageBlockParam {
  if (url !== undefined) return { type: "image", source: { type: "url", url } };
  return { type: "image", source: { type: "base64", media_type: mediaType as ImageType, data: data ?? "" } };
}

function documentBlock({ url, data, mediaType, name }: FilePart): DocumentBlockParam {
  const title = name === undefined ? {} : { title: name };
  if (url !== undefined) return { type: "document", source: { type: "url", url }, ...title };
  if (mediaType === "application/pdf") {
    return {
      type: "document",
      source: { type: "base64", media_type: mediaType, data: data ?? "" },
      ...title,
    };
  }
  const bytes = Uint8Array.from(atob(data ?? ""), (char) => char.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  return { type: "document", source: { type: "text", media_type: "text/plain", data: text }, ...title };
}

/** Results first, as the API demands; files of failed calls after them, since an error takes text only. */
export function toolResultBlocks(results: readonly ToolResultPart[]): ContentBlockParam[] {
  const moved: ContentBlockParam[] = [];
  const blocks = results.map((result): ToolResultBlockParam => {
    const failed = result.isError === true || result.denied === true;
    return {
      type: "tool_result",
      tool_use_id: result.id,
      content:
        typeof result.output === "string" ? result.output : resultContent(result.output, failed, moved),
      ...(failed && { is_error: true }),
    };
  });
  return [...blocks, ...moved];
}

function resultContent(
  parts: readonly (TextPart | FilePart)[],
  failed: boolean,
  moved: ContentBlockParam[],
): Plain[] {
  if (!failed) return parts.map(plainBlock);
  for (const part of parts) if (part.type === "file") moved.push(plainBlock(part));
  return parts.filter((part) => part.type === "text").map(plainBlock);
}

/** The blocks of an assistant turn; thinking goes back as it came, and only while thinking is on. */
export function assistantBlocks(message: AssistantMessage, withThinking: boolean): ContentBlockParam[] {
  return message.content.flatMap((part) => assistantBlock(part, withThinking));
}

function assistantBlock(part: AssistantPart, withThinking: boolean): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      // A block of a tool that runs at the provider, kept whole.
      if (part.opaque?.["block"]) return [part.opaque["block"] as unknown as ContentBlockParam];
      return [{ type: "text", text: part.text }];
    case "refusal":
      return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      return withThinking ? thinkingBlock(part) : [];
    case "tool-call":
      return [{ type: "tool_use", id: part.id, name: part.name, input: inputForReplay(part) }];
    case "file":
      return [];
  }
}

function thinkingBlock({ text, opaque }: ReasoningPart): ContentBlockParam[] {
  const { signature, data } = opaque ?? {};
  if (typeof data === "string") return [{ type: "redacted_thinking", data }];
  return typeof signature === "string" ? [{ type: "thinking", thinking: text, signature }] : [];
}
