import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import type { RailEntry } from "./rail-entry.ts";

/** A time of which only minutes count, from milliseconds: `3m`, `2h 07m`; nothing below a minute. */
export function minutes(ms: number): SafeText {
  const whole = Math.floor(ms / 60_000);
  if (whole < 60) return whole < 1 ? safe`` : safe`${whole}m`;
  return safeText(`${Math.floor(whole / 60)}h ${String(whole % 60).padStart(2, "0")}m`);
}

/** A count for people: `812`, `6.4k`, `1.2M`. */
export function count(value: number): SafeText {
  if (value < 1000) return safe`${Math.round(value)}`;
  if (value < 999_500) return safeText(`${short(value / 1000)}k`);
  return safeText(`${short(value / 1_000_000)}M`);
}

/** Tokens for people, `~` before those that are estimated: `~6.4k`; nothing where there are none. */
export function tokensText({ tokens, isEstimated }: Pick<RailEntry, "tokens" | "isEstimated">): SafeText {
  if (tokens === 0) return safe``;
  return isEstimated ? safe`~${count(tokens)}` : count(tokens);
}

/** A sum of money for people; one of which not every part is known is a least sum: `>= $0.012`. */
export function money(cost: number, isPartial = false): SafeText {
  // A few calls of a small model cost less than a tenth of a cent, and are not free.
  const digits = cost >= 0.1 ? 2 : cost >= 0.001 || cost === 0 ? 3 : 4;
  return safeText(`${isPartial ? ">= " : ""}$${cost.toFixed(digits)}`);
}

function short(value: number): string {
  return value < 99.95 ? value.toFixed(1).replace(".0", "") : String(Math.round(value));
}

/** Tokens per second, counted as four characters each: providers tell the true figure only at the end. */
export function rateOf(entry: RailEntry, now: number): number {
  const since = entry.writingSince === undefined ? 0 : now - entry.writingSince;
  return since < 500 || entry.endedAt !== undefined ? 0 : Math.round(entry.written / 4 / (since / 1000));
}

/** What an entry waits for: a person, or what comes into its run. */
export function waitingText({ kind, line }: Pick<RailEntry, "kind" | "line">): SafeText {
  return kind === "until" ? line : safe`waits for your answer`;
}

/** The same, with what a person is asked. */
export function waitingLine({ kind, line }: Pick<RailEntry, "kind" | "line">): SafeText {
  if (kind === "until") return line;
  return safe`waits for your answer: ${safeText(line.replaceAll(/\s+/g, " "))}`;
}
