/**
 * How long a server asks us to wait.
 *
 * Source: RFC 9110, section 10.2.3 (`Retry-After`); `retry-after-ms` is what OpenAI and Azure send beside it.
 */

/** The part of `Headers` that is read here. */
export interface HeadersLike {
  readonly get: (name: string) => string | null;
}

/**
 * Reads `retry-after-ms` (milliseconds), else `retry-after` (seconds or an HTTP date), in milliseconds from `now`.
 * Nothing, when neither header is there or makes sense.
 */
export function retryAfterMs(headers: HeadersLike, now: number): number | undefined {
  const ms = number(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const text = headers.get("retry-after");
  const seconds = number(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function number(text: string | null): number | undefined {
  if (text === null || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
