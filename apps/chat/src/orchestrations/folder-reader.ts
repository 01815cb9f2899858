/** Searches and reads a folder for the states of an orchestration. */
import { type FindFiles, fileTools, textFolder } from "@orch/agents/files";
import { isOrchError, type RunContext } from "@orch/core";

/** A paragraph that fits a query. */
export interface Passage {
  /** Each line as `path:line: text`, under its heading. */
  readonly text: string;
  /** Whether it is a block of code, fenced or indented. */
  readonly code: boolean;
}

/** What a search found. */
export interface FolderFindings {
  /** The best paragraphs, best first. */
  readonly passages: readonly Passage[];
  /** Which limit ended the search before all files were seen; absent where none did. */
  readonly note?: string;
}

/** A folder that can be searched and read, and that cannot be left. */
export interface FolderReader {
  /** The best paragraphs for a query. */
  readonly search: (query: string, ctx: RunContext) => Promise<FolderFindings>;
  /** A whole file; `undefined` when it is not there or may not be read. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/** How the search says that the folder is too large; single files that are too large are left out quietly. */
const NOTE = /\n\n\((The (?:list is cut|folder has more) [^\n]+)\)$/;
const PLACE = /^([^\n]+?):(\d+): /m;

/** Opens a folder. Nothing is read before the first search. */
export function folderReader(root: string, find?: FindFiles): FolderReader {
  const folder = textFolder({ root });
  const searchFiles = fileTools({ root, ...(find && { find }) }).find(
    (tool) => tool.name === "search_files",
  )!;
  const read = (path: string): Promise<string | undefined> =>
    folder.read(path).catch((error: unknown) => {
      if (isOrchError(error, "ORCH_PATH_REFUSED")) return undefined;
      throw error;
    });
  return {
    read,
    search: async (query, ctx) => {
      const input = { query, limit: 8 } as never;
      const found = await searchFiles.invoke(input, { signal: ctx.signal, callId: ctx.key, emit: () => {} });
      const passages: Passage[] = [];
      for (const text of String(found).split("\n\n")) {
        const [, path, line] = PLACE.exec(text) ?? [];
        if (path === undefined) continue;
        const code = isIndented(text) || isInFence((await read(path)) ?? "", Number(line));
        passages.push({ text, code });
      }
      const note = NOTE.exec(String(found))?.[1];
      return note === undefined ? { passages } : { passages, note };
    },
  };
}

function isInFence(text: string, line: number): boolean {
  const above = text.split("\n").slice(0, line - 1);
  return above.filter((one) => /^ {0,3}(?:```|~~~)/.test(one)).length % 2 === 1;
}

function isIndented(passage: string): boolean {
  const lines = passage.split("\n").filter((line) => PLACE.test(line));
  return lines.every((line) => /^(?: {4}|\t)/.test(line.replace(PLACE, "")));
}
