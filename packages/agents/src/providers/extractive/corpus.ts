/** The user's own files, searched: what is written for reading first, other text only when that has nothing. */
import type { Clock } from "@orch/core";
import { folderSearch } from "../../files/folder-search.ts";
import type { Hit } from "../../files/paragraph-index.ts";
import { isProse } from "../../files/text-bytes.ts";
import { type TextFolderOptions, textFolder } from "../../files/text-folder.ts";

/** A search and its measure of rare words. */
export interface CorpusHits {
  readonly hits: readonly Hit[];
  readonly weightOf: (stem: string) => number;
  /** How many paragraphs were searched. */
  readonly searched: number;
}

/** The files of a folder, ready to be quoted. */
export interface Corpus {
  readonly search: (query: string, limit: number, signal: AbortSignal) => Promise<CorpusHits>;
}

/** How long an index is trusted before the files are looked at again, in milliseconds. */
const FRESH = 1000;
/** A hit must cover this part of the question, rare words weighing more. */
const LEAST_COVERAGE = 0.3;

/** Opens the files that the options name. */
export function openCorpus(options: TextFolderOptions, clock: Clock): Corpus {
  const folder = textFolder(options);
  // Files that were named one by one are all wanted; of a whole folder, prose comes first.
  const wanted = options.paths === undefined ? [isProse, (path: string) => !isProse(path)] : [() => true];
  const tiers = wanted.map((accepts) => ({
    search: folderSearch(folder, (file) => accepts(file.path)),
    checked: Number.NEGATIVE_INFINITY,
  }));
  return {
    search: async (query, limit, signal) => {
      let searched = 0;
      let weightOf = (_stem: string): number => 1;
      for (const tier of tiers) {
        const now = clock.now();
        if (now - tier.checked >= FRESH || now < tier.checked) {
          await tier.search.refresh(signal);
          if (signal.aborted) break;
          tier.checked = now;
        }
        searched += tier.search.size();
        weightOf = tier.search.weightOf;
        const hits = tier.search.search(query, limit).filter((hit) => hit.coverage >= LEAST_COVERAGE);
        if (hits.length > 0) return { hits, weightOf, searched };
      }
      return { hits: [], weightOf, searched };
    },
  };
}
