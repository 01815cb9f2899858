/** Tools that let a model look into a folder. They read; nothing is ever written. */

import { z } from "zod";
import { type Tool, tool } from "../../agent/tool.ts";
import { cutText } from "../../platform/cut-text.ts";
import { folderSearch } from "./folder-search.ts";
import type { Hit } from "./paragraph-index.ts";
import { type TextFolderOptions, textFolder } from "./text-folder.ts";

/** The longest line that is shown, in characters. */
const MAX_LINE = 1000;
/** The longest paragraph that a search shows, in lines. */
const MAX_HIT_LINES = 12;
/** The most lines that one reading gives. */
const MAX_READ_LINES = 400;
/** The most paths that one listing gives. */
const MAX_LISTED = 1000;

const listInput = z.object({
  folder: z.string().optional().describe("Only files under this folder, like docs/guides. Default all."),
});
const searchInput = z.object({
  query: z.string().min(1).describe("Words to look for."),
  limit: z.int().min(1).max(50).optional().describe("How many paragraphs at most. Default 8."),
});
const readInput = z.object({
  path: z.string().min(1).describe("Path as list_files shows it."),
  from: z.int().min(1).optional().describe("First line, from 1. Default 1."),
  to: z.int().min(1).optional().describe(`Last line. At most ${MAX_READ_LINES} lines are given at once.`),
});

/**
 * Makes `list_files`, `search_files` and `read_file` for the text files of a folder. Every line they
 * give starts with `path:line:`, so that any model can cite it.
 *
 * Left out are `.git`, `node_modules`, `dist`, binary files, files and folders that hold secrets (`.env`, `.ssh`, `.aws`, shell
 * histories), and what `.gitignore` and `.orchignore` name; what looks like a key in any other file is marked as left out. The search reads the files when it is first used, and again those that changed.
 *
 * @example
 * ```ts
 * const reader = agent({ name: "reader", instructions: "Answer from the files.", tools: fileTools({ root: "." }) });
 * ```
 */
export function fileTools(options: TextFolderOptions): Tool[] {
  const folder = textFolder(options);
  const search = folderSearch(folder);

  const listFiles = tool({
    name: "list_files",
    description: "Lists the text files of the folder with their sizes.",
    input: listInput,
    invoke: async (input, ctx) => {
      const { files, note } = await folder.list(ctx.signal);
      const under = (input.folder ?? "").replace(/^(?:\.?\/)+|^\.$|\/+$/g, "");
      const shown = under === "" ? files : files.filter((file) => file.path.startsWith(`${under}/`));
      const lines = shown.slice(0, MAX_LISTED).map((file) => `${file.path} (${file.size} bytes)`);
      if (lines.length === 0) lines.push("No text files.");
      if (shown.length > MAX_LISTED) lines.push(`(cut: ${shown.length - MAX_LISTED} more; name a folder)`);
      if (note !== undefined) lines.push(`(${note})`);
      return lines.join("\n");
    },
  });

  const searchFiles = tool({
    name: "search_files",
    description: "Searches the text files of the folder and gives the paragraphs that fit best.",
    input: searchInput,
    invoke: async (input, ctx) => {
      await search.refresh(ctx.signal, input.query);
      const blocks = search.search(input.query, input.limit ?? 8).map(showHit);
      if (blocks.length === 0) blocks.push("Nothing found.");
      const note = search.note();
      if (note !== undefined) blocks.push(`(${note})`);
      return blocks.join("\n\n");
    },
  });

  const readFile = tool({
    name: "read_file",
    description: "Reads lines of one text file.",
    input: readInput,
    invoke: async (input) => {
      const lines = (await folder.read(input.path)).split(/\r\n|\n|\r/);
      if (lines.at(-1) === "") lines.pop();
      const from = input.from ?? 1;
      const to = Math.min(input.to ?? lines.length, lines.length);
      if (lines.length === 0) return `${input.path} is empty.`;
      if (from > lines.length) return `${input.path} has ${lines.length} lines; there is no line ${from}.`;
      if (to < from) return `Nothing to read: line ${to} comes before line ${from}.`;
      const last = Math.min(to, from + MAX_READ_LINES - 1);
      const shown = lines
        .slice(from - 1, last)
        .map((line, index) => showLine(input.path, from + index, line));
      if (last < lines.length) shown.push(`(${lines.length} lines in all; go on from line ${last + 1})`);
      return shown.join("\n");
    },
  });

  return [listFiles, searchFiles, readFile];
}

function showHit({ paragraph }: Hit): string {
  const { path, line, heading, lines } = paragraph;
  const shown = lines.slice(0, MAX_HIT_LINES).map((text, index) => showLine(path, line + index, text));
  if (heading !== "") shown.unshift(`# ${heading}`);
  if (lines.length > MAX_HIT_LINES) shown.push(`(${lines.length - MAX_HIT_LINES} more lines)`);
  return shown.join("\n");
}

function showLine(path: string, line: number, text: string): string {
  const shown = text.length > MAX_LINE ? `${cutText(text, MAX_LINE)}… (line cut)` : text;
  return `${path}:${line}: ${shown}`;
}
