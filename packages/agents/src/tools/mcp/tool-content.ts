/** What a server's tool gives, as parts of a message. */
import type { CallToolResult } from "@modelcontextprotocol/client";
import type { Json } from "@orch/core";
import type { ToolOutput } from "../../agent/tool.ts";
import { canonical } from "../../platform/canonical.ts";
import { findJson } from "../../platform/find-json.ts";
import { isObject } from "../../platform/json-object.ts";
import type { FilePart, TextPart } from "../../words/message.ts";

/** The largest picture or file that is passed on, in characters of base64 (5 MiB of bytes). */
const LARGEST_FILE = Math.ceil((5 * 1024 * 1024 * 4) / 3);

type Block = CallToolResult["content"][number];

/** Reads the result of a call. One text stands alone; several blocks stay apart, in their order. */
export function outputOf(result: CallToolResult): ToolOutput {
  const told = (result.content ?? []).map(contentPart);
  const parts = [...told, ...dataOf(result, told)];
  if (parts.length === 0) return undefined;
  const [first] = parts;
  return parts.length === 1 && first?.type === "text" ? first.text : parts;
}

/** The texts of a result that is an error, as one. */
export function problemOf(result: CallToolResult): string {
  const told = (result.content ?? []).map(contentPart);
  const texts = [...told, ...dataOf(result, told)].map((part) => {
    return part.type === "text" ? part.text : `[${part.mediaType}]`;
  });
  const text = texts.join("\n").trim();
  return text === "" ? "The tool reported an error and said nothing about it." : text;
}

/** The data of a result as text, unless its texts say the same already. */
function dataOf(
  { structuredContent: data }: CallToolResult,
  told: readonly (TextPart | FilePart)[],
): readonly TextPart[] {
  if (data === undefined) return [];
  const texts = told.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return saysTheSame(texts, data) ? [] : [text(JSON.stringify(data))];
}

/** Servers give their data as text too: as a whole, or what stands in the one field `result`, as one text or one for each entry. */
function saysTheSame(texts: readonly string[], data: unknown): boolean {
  if (texts.length === 0) return false;
  const inner = isObject(data) && Object.keys(data).length === 1 && "result" in data ? [data["result"]] : [];
  const forms = [data, ...inner].map((form) => canonical(form as Json));
  const read = texts.map((one) => findJson(one) ?? one);
  const said = [...texts.map((one) => canonical(one)), ...read.map((one) => canonical(one)), canonical(read)];
  return said.some((one) => forms.includes(one)) || forms.includes(canonical([...texts]));
}

/** A block of content as a part of a message. */
export function contentPart(block: Block): TextPart | FilePart {
  switch (block.type) {
    case "text":
      return text(block.text);
    case "image":
    case "audio":
      return filePart(block.mimeType, block.data);
    case "resource": {
      const { resource } = block;
      if ("text" in resource) return text(`${resource.uri}:\n${resource.text}`);
      return filePart(resource.mimeType ?? "application/octet-stream", resource.blob, resource.uri);
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

/** A picture or a file, or what stands for one that is too large. */
export function filePart(mediaType: string, data: string, name?: string): TextPart | FilePart {
  if (data.length > LARGEST_FILE) {
    const size = ((data.length * 3) / 4 / 1024 / 1024).toFixed(1);
    return text(`[${mediaType} of ${size} MiB is left out: more than 5 MiB]`);
  }
  return { type: "file", mediaType, data, ...(name !== undefined && { name }) };
}
