/** Words as the search compares them: lower case, without the commonest ones, cut to a stem. */
import { wordRuns } from "./word-runs.ts";

const COMMON: ReadonlySet<string> = new Set(
  `a about all also am an and any are as at be been being but by can could did do does doing done for from get gets had has have
  having he her here him his how i if in into is it its itself just let like may me might more most much must my no nor not now of
  off on one or other our out over own same shall she should so some such than that the their them then there these they this those
  through to too under up use used uses using very was we were what when where which while who whom whose why will with would you
  your yours please tell explain describe show give find want need know happen happens happened make makes made mean means many
  的 了 是 在 有 和 也 与 会 能 用 吗 呢 这 那 什么 怎么 如何 为什么 です ます する した いる ある から まで こと これ それ 何 どう ที่ และ ของ เป็น ใน คือ อะไร ให้`.split(
    /\s+/,
  ),
);

/** Splits a text into words, `camelCase` and `snake_case` names into their parts as well. */
export function rawWords(text: string): readonly string[] {
  return wordRuns(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2").toLowerCase());
}

/** Tells whether a word says nothing about what a text is about. */
export function isCommonWord(word: string): boolean {
  return COMMON.has(word) || (word.length === 1 && !/\p{N}|(?!\p{Script=Hiragana})\p{Lo}/u.test(word));
}

const SAME_TIME = /\bat the same time\b/gi;

/** Words and their stems, `""` of one that says nothing: a folder has few words, each a thousand times. */
const known = new Map<string, string>();
/** Some 2 MB; then it begins anew. */
const MAX_KNOWN = 20_000;

/** The stems of the words of a text that say something, in order, repeats kept. */
export function stemsOf(text: string): string[] {
  const stems: string[] = [];
  for (const word of rawWords(text.replace(SAME_TIME, "at once"))) {
    let stem = known.get(word);
    if (stem === undefined) {
      stem = isCommonWord(word) ? "" : stemOf(word);
      if (known.size === MAX_KNOWN) known.clear();
      known.set(word, stem);
    }
    if (stem !== "") stems.push(stem);
  }
  return stems;
}

/** Irregular forms of verbs that are common in documentation. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    begin: ["began", "begun"],
    break: ["broke", "broken"],
    choose: ["chose", "chosen"],
    hold: ["held"],
    keep: ["kept"],
    leave: ["left"],
    lose: ["lost"],
    run: ["ran", "running"],
    send: ["sent"],
    take: ["took", "taken"],
    write: ["wrote", "written"],
  }).flatMap(([verb, forms]) => forms.map((form) => [form, verb] as const)),
);

/**
 * Cuts the commonest English endings, so that `retried`, `retries` and `retry` meet. Small on
 * purpose: a wrong cut costs more than a missed one.
 */
export function stemOf(word: string): string {
  let stem = withoutEnding(singular(IRREGULAR.get(word) ?? word));
  if (stem.length > 3 && stem.endsWith("e")) stem = stem.slice(0, -1);
  if (stem.length > 3 && stem.endsWith("y")) stem = `${stem.slice(0, -1)}i`;
  return stem;
}

function singular(word: string): string {
  if (word.length > 4 && /(?:ies|ied)$/.test(word)) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:sses|shes|ches|xes|zes)$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutEnding(word: string): string {
  if (word.length > 5 && word.endsWith("ing")) return undouble(word.slice(0, -3));
  if (word.length > 4 && word.endsWith("ed")) return undouble(word.slice(0, -2));
  if (word.length > 6 && word.endsWith("ation")) return word.slice(0, -5);
  if (word.length > 5 && word.endsWith("ion")) return word.slice(0, -3);
  return word.length > 5 && word.endsWith("ly") ? word.slice(0, -2) : word;
}

function undouble(stem: string): string {
  return /([^aeiouls])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}
