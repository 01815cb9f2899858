/** The user's own files, searched: what is written for reading first, other text only when that has nothing. */
import type { Clock } from "@orch/core";
import { folderSearch } from "../../tools/files/folder-search.ts";
import type { Hit } from "../../tools/files/paragraph-index.ts";
import { paragraphsOf } from "../../tools/files/paragraphs.ts";
import { isProse } from "../../tools/files/text-bytes.ts";
import { type TextFolderOptions, textFolder } from "../../tools/files/text-folder.ts";

/** A search and its measure of rare words. */
export interface CorpusHits {
  readonly hits: readonly Hit[];
  readonly weightOf: (stem: string) => number;
  /** How many paragraphs were searched. */
  readonly searched: number;
  /** Sentences about the files that a limit left out of the search. */
  readonly left: readonly string[];
}

/** The files of a folder, ready to be quoted. */
export interface Corpus {
  readonly search: (query: string, limit: number, signal: AbortSignal) => Promise<CorpusHits>;
  /** The heading above a line of a file; empty where there is none, or no such file. */
  readonly headingAt: (path: string, line: number) => Promise<string>;
}

/** How long an index is trusted before the files are looked at again, in milliseconds. */
const FRESH = 1000;
/** Enough for the docs of a large project, and read in a second or two. */
const MAX_FILES = 2000;
const MAX_BYTES = 8 * 1024 * 1024;
/** A hit must cover this part of the question, rare words weighing more. */
const LEAST_COVERAGE = 0.3;

/** Opens the files that the options name. */
export function openCorpus(options: TextFolderOptions, clock: Clock): Corpus {
  const folder = textFolder(options);
  const limits = { maxFiles: MAX_FILES, maxBytes: MAX_BYTES, ...options };
  // Files that were named one by one are all wanted; of a whole folder, prose comes first.
  const wanted = options.paths === undefined ? [isProse, (path: string) => !isProse(path)] : [() => true];
  const tiers = wanted.map((accepts) => ({
    search: folderSearch(textFolder(limits, accepts)),
    checked: Number.NEGATIVE_INFINITY,
  }));
  return {
    headingAt: async (path, line) => {
      // The path comes from a message: a file that may not be read has no heading.
      const text = await folder.read(path).catch(() => "");
      return paragraphsOf(path, text).findLast((paragraph) => paragraph.line <= line)?.heading ?? "";
    },
    search: async (query, limit, signal) => {
      let searched = 0;
      let weightOf = (_stem: string): number => 1;
      const left = new Set<string>();
      for (const tier of tiers) {
        const now = clock.now();
        if (now - tier.checked >= FRESH || now < tier.checked) {
          await tier.search.refresh(signal);
          if (signal.aborted) break;
          tier.checked = now;
        }
        searched += tier.search.size();
        const note = tier.search.note();
        if (note !== undefined) left.add(`Not all files were searched: ${note}`);
        weightOf = tier.search.weightOf;
        const hits = tier.search.search(query, limit).filter((hit) => hit.coverage >= LEAST_COVERAGE);
        if (hits.length > 0) return { hits, weightOf, searched, left: [...left] };
      }
      return { hits: [], weightOf, searched, left: [...left] };
    },
  };
}
