/** What a client sends to be answered, as the text of a message. */
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { ContentBlock } from "@agentclientprotocol/sdk";

/**
 * Puts the parts of a prompt together. A file of the folder is named as people name one, `@docs/a.md`, and is attached as
 * such; text that came along is put behind the words, as piped text is.
 */
export function messageOfPrompt(prompt: readonly ContentBlock[], folder: string): string {
  const said = prompt.map((block) => wordsOf(block, folder)).join("");
  const beside = prompt.flatMap((block) => besideOf(block, folder));
  return [said.trim(), ...beside].filter((part) => part !== "").join("\n\n");
}

function wordsOf(block: ContentBlock, folder: string): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "resource_link":
      return fileIn(block.uri, folder) ?? `[${block.title ?? block.name}](${block.uri})`;
    case "resource":
      return `\`${sourceOf(block.resource.uri, folder)}\``;
    default:
      return "";
  }
}

function besideOf(block: ContentBlock, folder: string): readonly string[] {
  if (block.type !== "resource" || !("text" in block.resource)) return [];
  const { uri, text } = block.resource;
  return [`<context source="${sourceOf(uri, folder)}">\n${text}\n</context>`];
}

/** What a text that came along is called: a file of the folder by its path. */
function sourceOf(uri: string, folder: string): string {
  return fileIn(uri, folder)?.slice(1) ?? uri.replaceAll('"', "%22");
}

/** How a message names a file of the folder; `undefined` for everything else. */
function fileIn(uri: string, folder: string): string | undefined {
  if (!uri.startsWith("file://")) return undefined;
  let path: string;
  try {
    path = relative(folder, fileURLToPath(uri));
  } catch {
    return undefined;
  }
  const isInside = path !== "" && path !== ".." && !path.startsWith(`..${sep}`);
  return isInside && !/[\s"]/.test(path) ? `@${path.replaceAll(sep, "/")}` : undefined;
}
