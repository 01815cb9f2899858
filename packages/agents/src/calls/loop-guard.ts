/** Notices a model that makes the same call turn after turn. */

import type { CallInput } from "../model/call-input.ts";
import { isSameJson } from "../platform/same-json.ts";
import type { ToolCallPart } from "../words/message.ts";

/** What a message's calls amount to: go on, warn about some (by position), or stop. */
export type LoopVerdict =
  | { readonly kind: "fine" }
  | { readonly kind: "warn"; readonly positions: ReadonlySet<number> }
  | { readonly kind: "stop" };

/** For how many turns running a call was made, after the last message with calls. */
export interface Streak {
  readonly call: ToolCallPart;
  readonly read: CallInput;
  readonly turns: number;
}

const WARN_AT = 3;
const STOP_AT = 4;

const FINE: LoopVerdict = { kind: "fine" };

/** Keeps what was called in the last message with calls. */
export interface StreakKeeper {
  streaks: readonly Streak[];
}

/** Judges the calls of one message, whose arguments stand in `inputs`, and keeps them. The same call is the same tool with equal arguments; order of keys does not matter. */
export function judgeCalls(
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  keeper: StreakKeeper,
): LoopVerdict {
  const before = keeper.streaks;
  let longest = 0;
  const streaks = calls.map((call, position): Streak => {
    const read = inputs[position]!;
    const turns = 1 + turnsBefore(before, call, read);
    if (turns > longest) longest = turns;
    return { call, read, turns };
  });
  keeper.streaks = streaks;
  if (longest < WARN_AT) return FINE;
  if (longest >= STOP_AT) return { kind: "stop" };
  const positions = new Set(streaks.flatMap(({ turns }, position) => (turns >= WARN_AT ? [position] : [])));
  return { kind: "warn", positions };
}

function turnsBefore(before: readonly Streak[], call: ToolCallPart, read: CallInput): number {
  for (const one of before) if (isSameCall(one, call, read)) return one.turns;
  return 0;
}

function isSameCall(before: Streak, call: ToolCallPart, read: CallInput): boolean {
  if (before.call.name !== call.name) return false;
  if ("input" in before.read && "input" in read) return isSameJson(before.read.input, read.input);
  return before.call.rawInput === call.rawInput;
}
