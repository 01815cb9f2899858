/**
 * Chooses the sentences that fit a question: TextRank over the sentences of the best paragraphs,
 * with the random surfer restarting at sentences that share words with the question.
 *
 * After Mihalcea and Tarau, "TextRank: Bringing Order into Texts", 2004, and Otterbacher, Erkan and
 * Radev, "Biased LexRank", 2009.
 */
import type { Hit } from "../../tools/files/paragraph-index.ts";
import type { Paragraph } from "../../tools/files/paragraphs.ts";
import { wordRuns } from "../../tools/files/word-runs.ts";
import { isCommonWord, rawWords, stemOf, stemsOf } from "../../tools/files/words.ts";
import type { Evidence } from "./evidence.ts";
import { sentencesOf } from "./sentences.ts";

/** The most sentences that are compared with each other. */
const MAX_SENTENCES = 80;
const ROUNDS = 12;
/** How much of a sentence's rank comes from its neighbours, and not from the question. */
const DAMPING = 0.25;
/** Sentences below this part of the best one's rank are not quoted. */
const LEAST = 0.35;

/** A line of code that holds the words of a question seldom answers it, and a sentence that asks never does. */
const CODE = 0.4;
const ASKING = 0.1;

/** With fewer quotes than this, the sentence after the best one is quoted as well. */
const ENOUGH = 3;

interface Candidate {
  readonly paragraph: Paragraph;
  readonly evidence: Omit<Evidence, "score">;
  readonly stems: ReadonlySet<string>;
  readonly bias: number;
}

/** The best sentences, best first; at most `limit`. Equal input gives equal output. */
export function rankSentences(
  question: string,
  hits: readonly Hit[],
  weightOf: (stem: string) => number,
  limit: number,
): readonly Evidence[] {
  const candidates = candidatesOf(question, hits, weightOf);
  const ranks = textRank(candidates);
  const best = Math.max(0, ...ranks);
  if (best === 0) return [];
  const all = candidates.map((_, index) => index).filter((index) => ranks[index]! >= best * LEAST);
  const prose = all.filter((index) => !candidates[index]!.paragraph.code);
  // Code is quoted where nothing is said in words.
  const order = (prose.length > 0 ? prose : all).sort((a, b) => ranks[b]! - ranks[a]! || a - b);
  const chosen: number[] = [];
  for (const index of order) {
    if (chosen.length === limit) break;
    const repeats = chosen.some(
      (other) => overlap(candidates[index]!.stems, candidates[other]!.stems) > 0.75,
    );
    if (!repeats) chosen.push(index);
  }
  // The answer often stands in the sentence after the one that names the thing.
  const next = chosen[0]! + 1;
  const follows = candidates[next]?.paragraph === candidates[chosen[0]!]?.paragraph;
  if (chosen.length < Math.min(limit, ENOUGH) && follows && !chosen.includes(next)) chosen.push(next);
  return chosen.map((index) => ({
    ...candidates[index]!.evidence,
    score: Number((ranks[index]! / best).toFixed(3)),
  }));
}

/** Puts quotes in the order in which they are read: the best file first, then by line. */
export function inReadingOrder(evidence: readonly Evidence[]): readonly Evidence[] {
  const files = [...new Set(evidence.map((one) => one.path))];
  return [...evidence].sort((a, b) => files.indexOf(a.path) - files.indexOf(b.path) || a.line - b.line);
}

function candidatesOf(
  question: string,
  hits: readonly Hit[],
  weightOf: (stem: string) => number,
): readonly Candidate[] {
  const asked = [...new Set(stemsOf(question))];
  const total = asked.reduce((sum, stem) => sum + weightOf(stem), 0) || 1;
  const top = hits[0]?.score || 1;
  const found: Candidate[] = [];
  for (const { paragraph, score } of hits) {
    const heading = new Set([...stemsOf(paragraph.heading), ...stemsOf(columnsOf(paragraph))]);
    sentencesOf(paragraph).forEach(({ line, text }, position) => {
      if (found.length === MAX_SENTENCES || saysTooLittle(text)) return;
      const stems = new Set(stemsOf(text));
      const covered = asked.reduce((sum, stem) => sum + weightOf(stem) * shareOf(stem, stems, heading), 0);
      // The first sentence of a paragraph says what it is about; the later ones lean on it.
      const place = (position === 0 ? 1.15 : 1) * (text.endsWith(":") ? 0.6 : 1) * (asks(text) ? ASKING : 1);
      const kind = paragraph.code ? CODE : 1;
      const bias =
        (covered / total + 0.02) * (0.3 + (0.35 * score) / top) * place * kind * fitsForm(question, text);
      found.push({
        paragraph,
        evidence: { path: paragraph.path, line, heading: paragraph.heading, quote: text },
        stems,
        bias,
      });
    });
  }
  return found;
}

/** Two names tell nothing, as in a row of a table, also where each is made of several words. */
function saysTooLittle(text: string): boolean {
  return wordRuns(text).length < 3;
}

/** How far a sentence, or the heading above it, speaks of a word that was asked for: from 0 to 1. */
function shareOf(stem: string, stems: ReadonlySet<string>, heading: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  if (heading.has(stem)) return 0.6;
  return beginsOneOf(stem, stems) ? 0.5 : 0;
}

/** The names of the columns, where a paragraph is a table: they belong to every row. */
function columnsOf({ lines: [first = "", second = ""] }: Paragraph): string {
  return /^\s*\|?[\s|:]*-[\s|:-]*$/.test(second) && second.includes("|") ? first : "";
}

/** Whether a word is the beginning of a compound in a sentence, as "time" is of "timeout". */
function beginsOneOf(stem: string, stems: ReadonlySet<string>): boolean {
  if (stem.length < 4) return false;
  for (const other of stems) if (other.startsWith(stem)) return true;
  return false;
}

function asks(sentence: string): boolean {
  return /[?？]["')\]*_|\s]*$/.test(sentence);
}

/** A question for a meaning is best answered by a definition, a question for a way by an instruction. */
function fitsForm(question: string, sentence: string): number {
  const asked = question.toLowerCase();
  const words = rawWords(sentence);
  if (/^(?:what|who)\b.*\b(?:is|are|does|do|mean)\b/.test(asked)) {
    const subject = rawWords(question)
      .filter((word) => !isCommonWord(word))
      .map(stemOf)[0];
    const start = words
      .slice(0, 3)
      .filter((word) => !isCommonWord(word))
      .map(stemOf)[0];
    return subject !== undefined &&
      subject === start &&
      /^(?:an?|the)?\s*\S+\s+(?:is|are|decides?|says?|[a-z]+s)\b/i.test(sentence)
      ? 1.4
      : 1;
  }
  if (/^how (?:do|can|should|to)\b/.test(asked)) {
    return /^(?:to|use|call|give|set|type|run|start|create|add|pass|throw|mark|write|put)\b/i.test(sentence)
      ? 1.3
      : 1;
  }
  if (/^(?:why)\b|\bwhat\b.*\bfor\b/.test(asked))
    return /\b(?:because|since|so that|otherwise)\b/i.test(sentence) ? 1.3 : 1;
  if (/^where\b/.test(asked))
    return /[`(][~.]?\/?[\w.-]+\/[\w./-]+|\b\w+\.(?:db|json|ts|md)\b/.test(sentence) ? 1.4 : 1;
  if (/\bvariables?\b/.test(asked)) return /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/.test(sentence) ? 1.5 : 1;
  if (/^how (?:many|long|often|much)\b/.test(asked)) {
    return /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twice|once|half|hundred|thirty|sixty|never)\b/i.test(
      sentence,
    )
      ? 1.3
      : 1;
  }
  return 1;
}

function textRank(candidates: readonly Candidate[]): readonly number[] {
  const size = candidates.length;
  const total = candidates.reduce((sum, one) => sum + one.bias, 0) || 1;
  const restart = candidates.map((one) => one.bias / total);
  const links = candidates.map((a, i) => candidates.map((b, j) => (i === j ? 0 : overlap(a.stems, b.stems))));
  const sums = links.map((row) => row.reduce((sum, value) => sum + value, 0));
  let ranks = restart;
  for (let round = 0; round < ROUNDS; round++) {
    ranks = restart.map((start, i) => {
      let flow = 0;
      for (let j = 0; j < size; j++) if (sums[j]! > 0) flow += (links[j]![i]! / sums[j]!) * ranks[j]!;
      return (1 - DAMPING) * start + DAMPING * flow;
    });
  }
  return ranks;
}

/** Shared stems, by the length of the longer sentence, from 0 to 1. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const stem of a) if (b.has(stem)) shared++;
  return shared / Math.max(a.size, b.size);
}
