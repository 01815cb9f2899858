/** What a failure says: one line that may be shown to people, without secrets. */
import { cutText } from "../platform/cut-text.ts";
import { redact } from "../platform/redact.ts";

const LONGEST_MESSAGE = 500;
const LONGEST_LABEL = 200;
/** The part of a long text that may be shown, in characters. */
const LONGEST_READ = 20_000;
/** Where a long text was cut, its end may be half of a secret, and is left out; keys are shorter than this. */
const CUT_EDGE = 4_000;
/** Spaces of all kinds, and what moves a terminal's cursor or turns its text around: a failure is shown to people. */
const NOT_TEXT = /[\s\p{Cc}\p{Bidi_Control}]+/gu;

/** A word of the provider's (an id, a name, a reason) as it is kept: short, and without secrets. */
export function labelOf(text: string, secrets: readonly string[]): string {
  return cutText(sentenceOf(text, secrets), LONGEST_LABEL);
}

/** One line without secrets, as a failure tells it. They go before the line is cut, for half a key is a secret too. */
export function sentenceOf(text: string, secrets: readonly string[]): string {
  const read = redact(cutText(text, LONGEST_READ), secrets);
  const edge = text.length > LONGEST_READ ? Math.min(CUT_EDGE, read.length / 2) : 0;
  const whole = cutText(read, Math.floor(read.length - edge));
  const clean = whole.replace(NOT_TEXT, " ").trim();
  return clean.length > LONGEST_MESSAGE ? `${cutText(clean, LONGEST_MESSAGE)}…` : clean;
}
