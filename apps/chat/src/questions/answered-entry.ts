import { safe } from "../terminal/safe-text.ts";
import { span } from "../terminal/styled.ts";
import { indentLines, wrapLine } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";
import { answerWords, askedWords } from "./answer-words.ts";
import type { AnsweredQuestion } from "./live-questions.ts";

/** Rows of the question; the rest is counted. */
const MAX_ROWS = 12;

/** What was asked, and what the answer was: the question itself is gone from the screen by then. */
export function answeredEntry({ asked, answer, granted }: AnsweredQuestion): Entry {
  return (style) => {
    const { width, theme } = style;
    const inner = Math.max(1, width - 2);
    const rows = wrapLine([{ text: askedWords(asked) }], inner, style);
    const shown = rows.length > MAX_ROWS + 1 ? rows.slice(0, MAX_ROWS) : rows;
    const left = rows.length - shown.length;
    const more = left > 0 ? [[span(safe`${theme.glyphs.ellipsis} ${left} more rows`, theme.styles.dim)]] : [];
    const said = wrapLine([span(answerWords(asked, answer, granted), theme.styles.strong)], inner, style);
    const indent = [{ text: safe`  ` }];
    return [
      [],
      ...indentLines([...shown, ...more], [span(safe`${theme.glyphs.done} `, theme.styles.done)], indent),
      ...indentLines(said, [span(safe`${theme.glyphs.prompt} `, theme.styles.user)], indent),
    ];
  };
}
