/** What a server's tool gives, as parts of a message. */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { ToolOutput } from "../../agent/tool.ts";
import type { FilePart, TextPart } from "../../words/message.ts";

/** The largest picture or file that is passed on, in characters of base64 (5 MiB of bytes). */
const LARGEST_FILE = Math.ceil((5 * 1024 * 1024 * 4) / 3);

type Block = CallToolResult["content"][number];

/** Reads the result of a call. One text stands alone; several blocks stay apart, in their order. */
export function outputOf(result: CallToolResult): ToolOutput {
  const parts = (result.content ?? []).map(partOf);
  if (parts.length === 0) {
    return result.structuredContent === undefined ? undefined : JSON.stringify(result.structuredContent);
  }
  const [first] = parts;
  return parts.length === 1 && first?.type === "text" ? first.text : parts;
}

/** The texts of a result that is an error, as one. */
export function problemOf(result: CallToolResult): string {
  const texts = (result.content ?? []).map((block) => {
    const part = partOf(block);
    return part.type === "text" ? part.text : `[${part.mediaType}]`;
  });
  const text = texts.join("\n").trim();
  return text === "" ? "The tool reported an error and said nothing about it." : text;
}

function partOf(block: Block): TextPart | FilePart {
  switch (block.type) {
    case "text":
      return text(block.text);
    case "image":
    case "audio":
      return file(block.mimeType, block.data);
    case "resource": {
      const { resource } = block;
      if ("text" in resource) return text(`${resource.uri}:\n${resource.text}`);
      return file(resource.mimeType ?? "application/octet-stream", resource.blob, resource.uri);
    }
    case "resource_link": {
      const about = block.description === undefined ? "" : `: ${block.description}`;
      return text(`${block.name} (${block.uri})${about}`);
    }
    default:
      // Servers of later versions of the protocol may send more.
      return text(
        `[a part of the kind "${String((block as { readonly type?: unknown }).type)}" is left out]`,
      );
  }
}

function text(value: string): TextPart {
  return { type: "text", text: value };
}

function file(mediaType: string, data: string, name?: string): TextPart | FilePart {
  if (data.length > LARGEST_FILE) {
    const size = ((data.length * 3) / 4 / 1024 / 1024).toFixed(1);
    return text(`[${mediaType} of ${size} MiB is left out: more than 5 MiB]`);
  }
  return { type: "file", mediaType, data, ...(name !== undefined && { name }) };
}
