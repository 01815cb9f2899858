import { type SafeText, safe } from "../terminal/safe-text.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, for people, from milliseconds: `now`, `5m ago`, `3h ago`, `12d ago`. */
export function age(ms: number): SafeText {
  if (ms < MINUTE) return safe`now`;
  if (ms < HOUR) return safe`${Math.floor(ms / MINUTE)}m ago`;
  if (ms < DAY) return safe`${Math.floor(ms / HOUR)}h ago`;
  return safe`${Math.floor(ms / DAY)}d ago`;
}
