/** Cuts a paragraph into sentences that can be quoted as they are. */
import { cutText } from "../../platform/cut-text.ts";
import type { Paragraph } from "../../tools/files/paragraphs.ts";

/** A sentence and the line it starts on. */
export interface Sentence {
  readonly line: number;
  readonly text: string;
}

const LIST_MARK = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/;
const QUOTE_MARK = /^\s*(?:>\s?)+/;
const TABLE_ROW = /^\s*\|/;
const TABLE_RULE = /^[\s|:-]+$/;
/** In backticks it is what a page shows. */
const COMMENT = /(?<!`)<!--[\s\S]*?(?:-->|$)/g;
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|vs|cf|approx|resp|Fig|No)\.)\s*$/;
/** The target of a link, cut in its middle: dots in it end nothing. */
const IN_LINK = /\]\([^)\s]*$/;
const CLOSING = /^[*_"”)\]]{1,3}(?:\s|$)/;
/** Longer ones are cut at a word, so that a quote stays a quote. */
const MAX_LENGTH = 400;

let segmenter: Intl.Segmenter | undefined;

/** The sentences of a paragraph, in order. Items of a list, rows of a table and lines of code stand alone. */
export function sentencesOf(paragraph: Paragraph): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let unit: { text: string; readonly starts: { at: number; line: number }[] } = { text: "", starts: [] };
  const close = (): void => {
    sentences.push(...split(unit.text, unit.starts));
    unit = { text: "", starts: [] };
  };
  const lines = paragraph.code ? paragraph.lines : withoutComments(paragraph.lines);
  lines.forEach((raw, index) => {
    const alone = paragraph.code || TABLE_ROW.test(raw);
    const startsItem = LIST_MARK.test(raw);
    if (alone || startsItem) close();
    if (TABLE_ROW.test(raw) && (TABLE_RULE.test(raw) || isRuled(paragraph, index))) return;
    const text = (startsItem ? raw.replace(LIST_MARK, "") : raw.replace(QUOTE_MARK, ""))
      .replace(/^\s*\||\|\s*$/g, "")
      .trim();
    if (text === "") return;
    if (unit.text !== "") unit.text += " ";
    unit.starts.push({ at: unit.text.length, line: paragraph.line + index });
    unit.text += text;
    if (alone) {
      if (text.length > 0) sentences.push({ line: paragraph.line + index, text: cut(text) });
      unit = { text: "", starts: [] };
    }
  });
  close();
  return sentences;
}

/** Comments of HTML and Markdown are for who writes the page, and no page shows them. */
function withoutComments(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n").replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ""));
  return text.split("\n");
}

/** Names of columns say what rows are about, and nothing by themselves. */
function isRuled({ lines }: Paragraph, index: number): boolean {
  const below = lines[index + 1] ?? "";
  return TABLE_ROW.test(below) && TABLE_RULE.test(below);
}

function split(text: string, starts: readonly { at: number; line: number }[]): readonly Sentence[] {
  segmenter ??= new Intl.Segmenter("en", { granularity: "sentence" });
  const found: Sentence[] = [];
  let begin = 0;
  let open = "";
  const end = (at: number): void => {
    const sentence = open.trim();
    const first = begin + (open.length - open.trimStart().length);
    const line = starts.findLast((start) => start.at <= first)?.line;
    if (sentence !== "" && line !== undefined) found.push({ line, text: cut(sentence) });
    begin = at;
    open = "";
  };
  for (const { segment, index } of segmenter.segment(text)) {
    open += segment;
    const next = index + segment.length;
    // A stop inside `code` or a [link](../of.md), or right before the end of **bold** text does not end a sentence.
    const inside =
      open.split("`").length % 2 === 0 || IN_LINK.test(open) || CLOSING.test(text.slice(next, next + 4));
    if (!inside && !ABBREVIATION.test(open)) end(next);
  }
  end(text.length);
  return found;
}

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const space = text.lastIndexOf(" ", MAX_LENGTH);
  return cutText(text, space > 0 ? space : MAX_LENGTH);
}
