/** BM25 over paragraphs. */
import MiniSearch, { type SearchOptions } from "minisearch";
import type { Paragraph } from "./paragraphs.ts";
import { stemsOf } from "./words.ts";

/** A paragraph that fits a question. */
export interface Hit {
  readonly paragraph: Paragraph;
  readonly score: number;
  /** How much of the question it covers, from 0 to 1; rare words weigh more. */
  readonly coverage: number;
}

/** A searchable set of paragraphs, file by file. */
export interface ParagraphIndex {
  /** How many paragraphs are held. */
  readonly size: () => number;
  /** Replaces the paragraphs of a file. */
  readonly put: (path: string, paragraphs: readonly Paragraph[]) => void;
  /** The best hits, best first. Equal sets of paragraphs give equal hits, in whatever order they were added. */
  readonly search: (query: string, limit: number) => readonly Hit[];
  /** How much a stem tells: high for rare ones. */
  readonly weightOf: (stem: string) => number;
}

interface Entry {
  readonly id: number;
  readonly heading: string;
  readonly text: string;
  readonly file: string;
}

const MATCHING: SearchOptions = {
  boost: { heading: 2, file: 1.2 },
  prefix: (term) => term.length > 3,
  fuzzy: (term) => (term.length > 5 ? 0.15 : false),
  weights: { prefix: 0.3, fuzzy: 0.15 },
};

/** Makes an empty index. */
export function paragraphIndex(): ParagraphIndex {
  const search = new MiniSearch<Entry>({
    fields: ["heading", "text", "file"],
    // Entries arrive cut into stems, so that each text is split once.
    tokenize: tokens,
    processTerm: (term) => term,
    autoVacuum: false,
  });
  const byPath = new Map<string, readonly Entry[]>();
  const byId = new Map<number, Paragraph>();
  const frequency = new Map<string, number>();
  let nextId = 0;

  /** Counts each stem of an entry once. */
  const count = ({ heading, text, file }: Entry, by: number): void => {
    for (const stem of new Set(tokens(`${heading} ${text} ${file}`)))
      frequency.set(stem, (frequency.get(stem) ?? 0) + by);
  };

  const drop = (path: string): void => {
    for (const entry of byPath.get(path) ?? []) {
      search.remove(entry);
      count(entry, -1);
      byId.delete(entry.id);
    }
    byPath.delete(path);
  };

  const weightOf = (stem: string): number => {
    const seen = frequency.get(stem) ?? 0;
    return Math.log(1 + (byId.size - seen + 0.5) / (seen + 0.5));
  };

  return {
    size: () => byId.size,
    weightOf,
    put: (path, paragraphs) => {
      drop(path);
      const entries = entriesOf(path, paragraphs, nextId);
      nextId += entries.length;
      for (const [at, entry] of entries.entries()) {
        byId.set(entry.id, paragraphs[at]!);
        count(entry, 1);
      }
      search.addAll(entries);
      if (entries.length > 0) byPath.set(path, entries);
    },
    search: (query, limit) => {
      const asked = [...new Set(stemsOf(query))];
      if (asked.length === 0 || byId.size === 0) return [];
      const total = asked.reduce((sum, stem) => sum + weightOf(stem), 0);
      const hits = search.search(asked.join(" "), MATCHING).map((result): Hit => {
        const paragraph = byId.get(result.id as number)!;
        const covered = [...new Set(result.queryTerms)].reduce((sum, stem) => sum + weightOf(stem), 0);
        return hitOf(paragraph, result.score, covered / total);
      });
      return hits.sort(byRank).slice(0, limit);
    },
  };
}

/** The searchable words of the paragraphs of a file. `id` is that of the first; the others count on. */
function entriesOf(path: string, paragraphs: readonly Paragraph[], id: number): readonly Entry[] {
  const file = joined(path.replace(/\.[a-z]+$/i, ""));
  // Paragraphs under one heading follow each other.
  let [title, heading] = ["", ""];
  return paragraphs.map((paragraph, at) => {
    if (paragraph.heading !== title) [title, heading] = [paragraph.heading, joined(paragraph.heading)];
    return { id: id + at, heading, text: joined(paragraph.lines.join("\n")), file };
  });
}

/** The searchable words of a text, as stems with a space between. */
function joined(text: string): string {
  return stemsOf(text).join(" ");
}

function tokens(stems: string): string[] {
  return stems.split(" ").filter((stem) => stem !== "");
}

function hitOf(paragraph: Paragraph, found: number, share: number): Hit {
  const coverage = round(share);
  // Code explains itself less well than the sentence above it.
  const score = round(found * (0.4 + 0.6 * coverage) * (paragraph.code ? 0.5 : 1));
  return { paragraph, score, coverage };
}

/** Averages that were summed in another order differ in their last bits; rounding keeps that from changing the ranking. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

function byRank(a: Hit, b: Hit): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.paragraph.path !== b.paragraph.path) return a.paragraph.path < b.paragraph.path ? -1 : 1;
  return a.paragraph.line - b.paragraph.line;
}
