/** Collects the quotes for a turn: from what the conversation brings, and only then from the files. */
import { type Hit, paragraphIndex } from "../../tools/files/paragraph-index.ts";
import type { Corpus } from "./corpus.ts";
import type { Evidence } from "./evidence.ts";
import type { Turn } from "./material.ts";
import { rankSentences } from "./rank.ts";

/** The quotes of a turn, best first. */
export interface Gathered {
  readonly evidence: readonly Evidence[];
  /** How many paragraphs of the files were searched; 0 when the conversation was enough. */
  readonly searched: number;
  /** Sentences about the files that a limit left out of the search. */
  readonly left: readonly string[];
}

/** Finds at most `limit` quotes. */
export async function gather(
  turn: Turn,
  corpus: Corpus,
  limit: number,
  signal: AbortSignal,
): Promise<Gathered> {
  const paragraphs = Math.max(10, limit);
  if (turn.material.length > 0) {
    const index = paragraphIndex();
    index.put("", turn.material);
    const hits = index.search(turn.question, paragraphs);
    const evidence = rankSentences(turn.question, hits, index.weightOf, limit);
    if (evidence.length > 0) return { evidence: await withHeadings(evidence, corpus), searched: 0, left: [] };
  }
  const { searched, left, ...found } = await corpus.search(turn.question, paragraphs, signal);
  const evidence = rankSentences(turn.question, found.hits, found.weightOf, limit);
  if (evidence.length > 0 || turn.material.length === 0) return { evidence, searched, left };
  // Material that shares no word with the question was still handed over to be used.
  const given: readonly Hit[] = turn.material
    .slice(0, paragraphs)
    .map((paragraph) => ({ paragraph, score: 1, coverage: 0 }));
  const taken = rankSentences("", given, () => 1, limit);
  return { evidence: await withHeadings(taken, corpus), searched, left };
}

/** Adds the headings of the files to quotes that came without headings. */
async function withHeadings(evidence: readonly Evidence[], corpus: Corpus): Promise<readonly Evidence[]> {
  return Promise.all(
    evidence.map(async (one) => {
      if (one.heading !== "" || one.path.startsWith("tool:")) return one;
      return { ...one, heading: await corpus.headingAt(one.path, one.line) };
    }),
  );
}
