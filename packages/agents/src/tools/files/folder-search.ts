/** A search over the text files of a folder: built when first asked, and kept up to date. */
import { type Hit, type ParagraphIndex, paragraphIndex } from "./paragraph-index.ts";
import { paragraphsOf } from "./paragraphs.ts";
import type { TextFile } from "./text-file-listing.ts";
import { isFileGone, type TextFolder } from "./text-folder.ts";

/** Searches a folder. */
export interface FolderSearch {
  /** Updates the index: reads the files that are new or whose size or time changed. */
  readonly refresh: (signal?: AbortSignal) => Promise<void>;
  /** The best paragraphs of the index as it is, best first. */
  readonly search: (query: string, limit: number) => readonly Hit[];
  readonly weightOf: ParagraphIndex["weightOf"];
  readonly size: ParagraphIndex["size"];
  /** Says what a limit left out, after a refresh. */
  readonly note: () => string | undefined;
}

/** Makes a search over the files of `folder`. */
export function folderSearch(folder: TextFolder): FolderSearch {
  const index = paragraphIndex();
  const seen = new Map<string, TextFile>();
  let note: string | undefined;
  // One refresh after the other: two at once would add the same file twice.
  let last: Promise<void> = Promise.resolve();

  const update = async (signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return;
    const listed = await folder.list(signal);
    if (signal?.aborted) return;
    note = listed.note;
    const now = new Map(listed.files.map((file) => [file.path, file]));
    for (const path of seen.keys()) {
      if (now.has(path)) continue;
      index.put(path, []);
      seen.delete(path);
    }
    for (const file of now.values()) {
      if (signal?.aborted) return;
      const before = seen.get(file.path);
      if (before?.size === file.size && before.modified === file.modified) continue;
      index.put(file.path, paragraphsOf(file.path, await textOf(folder, file)));
      seen.set(file.path, file);
    }
  };

  return {
    refresh: (signal) => {
      const run = last.then(() => update(signal));
      last = run.catch(() => undefined);
      return run;
    },
    search: index.search,
    weightOf: index.weightOf,
    size: index.size,
    note: () => note,
  };
}

/** A file that turned out to be binary, or went away since it was listed, has no paragraphs. */
async function textOf(folder: TextFolder, file: TextFile): Promise<string> {
  return folder.readListed(file).catch((error: unknown) => {
    if (isFileGone(error)) return "";
    throw error;
  });
}
