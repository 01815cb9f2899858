/** Notices a model that makes the same call turn after turn. */

import type { CallInput } from "../model/call-input.ts";
import { canonical } from "../platform/canonical.ts";
import type { ToolCallPart } from "../words/message.ts";

/** What a message's calls amount to: go on, warn about some (by position), or stop. */
export type LoopVerdict =
  | { readonly kind: "fine" }
  | { readonly kind: "warn"; readonly positions: ReadonlySet<number> }
  | { readonly kind: "stop" };

/** For how many turns running each call was made, after the last message with calls. */
export type Streaks = ReadonlyMap<string, number>;

const WARN_AT = 3;
const STOP_AT = 4;

/** Judges the calls of one message, whose arguments stand in `inputs`. The same call is the same tool with equal arguments; order of keys does not matter. */
export function judgeCalls(
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  before: Streaks,
): { readonly verdict: LoopVerdict; readonly streaks: Streaks } {
  const streaks = new Map<string, number>();
  let longest = 0;
  const keys = calls.map((call, position) => keyOf(call, inputs[position]!));
  for (const key of keys) {
    const streak = (before.get(key) ?? 0) + 1;
    streaks.set(key, streak);
    longest = Math.max(longest, streak);
  }
  if (longest >= STOP_AT) return { verdict: { kind: "stop" }, streaks };
  if (longest < WARN_AT) return { verdict: { kind: "fine" }, streaks };
  const positions = new Set(
    keys.flatMap((key, position) => (streaks.get(key)! >= WARN_AT ? [position] : [])),
  );
  return { verdict: { kind: "warn", positions }, streaks };
}

function keyOf(call: ToolCallPart, read: CallInput): string {
  return `${call.name} ${"input" in read ? canonical(read.input) : call.rawInput}`;
}
