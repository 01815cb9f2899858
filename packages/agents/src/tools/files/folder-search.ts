/** A search over the text files of a folder: built when first asked, and kept up to date. */
import { counting } from "./files-that-count.ts";
import { type Hit, type ParagraphIndex, paragraphIndex } from "./paragraph-index.ts";
import { paragraphsOf } from "./paragraphs.ts";
import type { TextFile } from "./text-file-listing.ts";
import { isFileGone, type TextFolder } from "./text-folder.ts";

/** Searches a folder. */
export interface FolderSearch {
  /**
   * Updates the index: reads the files that are new or whose size or time changed. Of a folder with more files than are
   * listed, those that count for `query` are read where they can be found by what they hold.
   */
  readonly refresh: (signal?: AbortSignal, query?: string) => Promise<void>;
  /** The best paragraphs of the index as it is, best first. */
  readonly search: (query: string, limit: number) => readonly Hit[];
  readonly weightOf: ParagraphIndex["weightOf"];
  readonly size: ParagraphIndex["size"];
  /** Says what a limit left out, after a refresh. */
  readonly note: () => string | undefined;
}

/** Files that are read at once. */
const AT_ONCE = 16;
const LARGE = "The folder has more files than are listed; those that hold a word of the query were searched.";

/** Makes a search over the files of `folder`. */
export function folderSearch(folder: TextFolder): FolderSearch {
  const index = paragraphIndex();
  const seen = new Map<string, TextFile>();
  let note: string | undefined;
  /** The files that were listed of a folder that has more of them. */
  let large: readonly TextFile[] | undefined;
  // One refresh after the other: two at once would add the same file twice.
  let last: Promise<void> = Promise.resolve();

  const put = async (file: TextFile): Promise<void> => {
    const before = seen.get(file.path);
    if (before?.size === file.size && before.modified === file.modified) return;
    const text = await textOf(folder, file);
    index.put(file.path, paragraphsOf(file.path, text));
    seen.set(file.path, file);
  };
  const drop = (path: string): void => {
    index.put(path, []);
    seen.delete(path);
  };

  /** Leaves the paragraphs of `files` in the index, and no others. */
  const hold = async (files: readonly TextFile[], signal: AbortSignal | undefined): Promise<void> => {
    const now = new Set(files.map(({ path }) => path));
    for (const path of seen.keys()) if (!now.has(path)) drop(path);
    for (let at = 0; at < files.length && !signal?.aborted; at += AT_ONCE)
      await Promise.all(files.slice(at, at + AT_ONCE).map(put));
  };

  const update = async (signal: AbortSignal | undefined, query: string | undefined): Promise<void> => {
    if (signal?.aborted) return;
    // A folder that was too large a moment ago need not be walked again to know it.
    const known =
      query === undefined || large === undefined ? undefined : await counting(folder, large, query, signal);
    if (known !== undefined) return hold(known, signal);
    const listed = await folder.list(signal);
    if (signal?.aborted) return;
    large = listed.cut === true ? listed.files : undefined;
    const counted =
      query === undefined || large === undefined ? undefined : await counting(folder, large, query, signal);
    note = counted === undefined ? listed.note : LARGE;
    await hold(counted ?? listed.files, signal);
  };

  return {
    refresh: (signal, query) => {
      const run = last.then(() => update(signal, query));
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
