/** Our parts as Anthropic's content blocks. */
import type {
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
  TextCitationParam,
  ToolResultBlockParam,
} from "@anthropic-ai/sdk/resources/messages";
import { inputForReplay } from "../../model/call-input.ts";
import type {
  AssistantMessage,
  AssistantPart,
  FilePart,
  ReasoningPart,
  TextPart,
  ToolResultPart,
} from "../../words/message.ts";

type Plain = TextBlockParam | ImageBlockParam | DocumentBlockParam;

/** How blocks are written. */
export interface BlockWriting {
  /** Thinking goes back as it came; without it none may. */
  readonly withThinking: boolean;
  /** Documents may be cited, and what was cited goes back. */
  readonly citations: boolean;
}

const IMAGES: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"]);

/** The API counts a picture in characters of base64, not in bytes. */
const LONGEST_IMAGE = 5 * 1024 * 1024;

/** Whether the API has a form for this file: four kinds of images up to 5 MB, PDFs, and text by its bytes. */
export function readsFile({ mediaType, url, data = "" }: FilePart): boolean | string {
  if (mediaType.startsWith("image/")) {
    if (data.length > LONGEST_IMAGE) return "Anthropic takes pictures up to 5 MB, counted as base64";
    return IMAGES.has(mediaType);
  }
  return mediaType === "application/pdf" || (url === undefined && isText(mediaType));
}

function isText(mediaType: string): boolean {
  return /^(?:text\/|application\/(?:json|xml|yaml|javascript|[\w.-]+\+(?:json|xml))\b)/.test(mediaType);
}

export function userBlocks(
  parts: readonly (TextPart | FilePart)[],
  writing: BlockWriting,
): ContentBlockParam[] {
  return parts.map((part) => plainBlock(part, writing));
}

function plainBlock(part: TextPart | FilePart, { citations }: BlockWriting): Plain {
  if (part.type === "text") return { type: "text", text: part.text };
  if (part.mediaType.startsWith("image/")) return imageBlock(part);
  return { ...documentBlock(part), ...(citations && { citations: { enabled: true } }) };
}

type ImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

function imageBlock({ url, data, mediaType, stored }: FilePart): ImageBlockParam {
  if (stored?.provider === "anthropic")
    return { type: "image", source: { type: "file", file_id: stored.id } };
  if (url !== undefined) return { type: "image", source: { type: "url", url } };
  return { type: "image", source: { type: "base64", media_type: mediaType as ImageType, data: data ?? "" } };
}

function documentBlock({ url, data = "", mediaType, name, stored }: FilePart): DocumentBlockParam {
  const title = name === undefined ? {} : { title: name };
  if (stored?.provider === "anthropic")
    return { type: "document", source: { type: "file", file_id: stored.id }, ...title };
  if (url !== undefined) return { type: "document", source: { type: "url", url }, ...title };
  if (mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: mediaType, data }, ...title };
  }
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  return { type: "document", source: { type: "text", media_type: "text/plain", data: text }, ...title };
}

/** Results first, as the API demands; files of failed calls after them, since an error takes text only. */
export function toolResultBlocks(
  results: readonly ToolResultPart[],
  writing: BlockWriting,
): ContentBlockParam[] {
  const moved: ContentBlockParam[] = [];
  const blocks = results.map((result): ToolResultBlockParam => {
    const failed = result.isError === true || result.denied === true;
    return {
      type: "tool_result",
      tool_use_id: result.id,
      content:
        typeof result.output === "string"
          ? result.output
          : resultContent(result.output, failed, moved, writing),
      ...(failed && { is_error: true }),
    };
  });
  return [...blocks, ...moved];
}

function resultContent(
  parts: readonly (TextPart | FilePart)[],
  failed: boolean,
  moved: ContentBlockParam[],
  writing: BlockWriting,
): Plain[] {
  if (!failed) return parts.map((part) => plainBlock(part, writing));
  for (const part of parts) if (part.type === "file") moved.push(plainBlock(part, writing));
  return parts.filter((part) => part.type === "text").map((part) => plainBlock(part, writing));
}

/** The blocks of an assistant turn. */
export function assistantBlocks(message: AssistantMessage, writing: BlockWriting): ContentBlockParam[] {
  return message.content.flatMap((part) => assistantBlock(part, writing));
}

function assistantBlock(part: AssistantPart, { withThinking, citations }: BlockWriting): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      // A block of a tool that runs at the provider, kept whole.
      if (part.opaque?.["block"]) return [part.opaque["block"] as unknown as ContentBlockParam];
      if (part.text.trim() === "") return [];
      return [{ type: "text", text: part.text, ...(citations && citedBy(part)) }];
    case "refusal":
      return part.text.trim() === "" ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      return withThinking ? thinkingBlock(part) : [];
    case "provider-call":
      return part.opaque?.["block"] ? [part.opaque["block"] as unknown as ContentBlockParam] : [];
    case "tool-call":
      return [{ type: "tool_use", id: part.id, name: part.name, input: inputForReplay(part) }];
    case "file":
      return [];
  }
}

/** The citations as they came, with their places in the documents. */
function citedBy({ opaque }: TextPart): Pick<TextBlockParam, "citations"> {
  const kept = opaque?.["citations"];
  return Array.isArray(kept) ? { citations: kept as unknown as TextCitationParam[] } : {};
}

function thinkingBlock({ text, opaque }: ReasoningPart): ContentBlockParam[] {
  const { signature, data } = opaque ?? {};
  if (typeof data === "string") return [{ type: "redacted_thinking", data }];
  return typeof signature === "string" ? [{ type: "thinking", thinking: text, signature }] : [];
}
