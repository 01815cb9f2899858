/**
 * How long a server asks us to wait.
 *
 * Source: RFC 9110, sections 5.6.7 (dates) and 10.2.3 (`Retry-After`); `retry-after-ms` is what OpenAI and
 * Azure send beside it.
 */

/** The part of `Headers` that is read here. */
export interface HeadersLike {
  readonly get: (name: string) => string | null;
}

/**
 * Reads `retry-after-ms` (milliseconds), else `retry-after` (seconds, or an HTTP date in any of its
 * three forms), in milliseconds from `now`. Of several numbers the largest counts.
 * Nothing, when neither header is there or makes sense.
 *
 * A date is read against the server's own `date`, so that a clock that is wrong here does not make us early.
 */
export function retryAfterMs(headers: HeadersLike, now: number): number | undefined {
  const ms = largest(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const text = headers.get("retry-after");
  const seconds = largest(text);
  if (seconds !== undefined) return seconds * 1000;
  const until = httpDate(text);
  if (until === undefined) return undefined;
  return Math.max(0, until - (httpDate(headers.get("date")) ?? now));
}

/** A header that came twice is one text with a comma. */
function largest(text: string | null): number | undefined {
  if (text === null || !/^\s*\d+(?:\.\d+)?\s*(?:,\s*\d+(?:\.\d+)?\s*)*$/.test(text)) return undefined;
  return Math.max(...text.split(",").map(Number));
}

const FIXDATE = /^(?:mon|tue|wed|thu|fri|sat|sun), \d{2} [a-z]{3} \d{4} \d{2}:\d{2}:\d{2} gmt$/i;
const RFC_850 = /^[a-z]{6,9}, (\d{2})-([a-z]{3})-(\d{2}) (\d{2}:\d{2}:\d{2}) gmt$/i;
const ASCTIME = /^[a-z]{3} ([a-z]{3}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/i;

/** Only the three forms: `Date.parse` alone finds a date in nearly every text with a number. */
function httpDate(text: string | null): number | undefined {
  const date = text?.trim() ?? "";
  const old = RFC_850.exec(date);
  const c = ASCTIME.exec(date);
  let whole: string | undefined;
  if (FIXDATE.test(date)) whole = date;
  // Two digits of a year: this century, as no server sends a wait from the last one.
  else if (old) whole = `${old[1]} ${old[2]} 20${old[3]} ${old[4]} GMT`;
  else if (c) whole = `${c[2]} ${c[1]} ${c[4]} ${c[3]} GMT`;
  const time = whole === undefined ? Number.NaN : Date.parse(whole);
  return Number.isNaN(time) ? undefined : time;
}
