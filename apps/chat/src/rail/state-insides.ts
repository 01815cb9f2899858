import type { StateKind } from "@orch/core";

/** What runs inside a state: nothing, one state at a time, named lanes, or the numbered lanes of a list. */
export type StateInside = "nothing" | "one" | "lanes" | "list";

/** What runs inside each kind of state. */
export const STATE_INSIDES: Readonly<Record<StateKind, StateInside>> = {
  runnable: "nothing",
  orchestration: "one",
  each: "list",
  all: "lanes",
  race: "lanes",
  background: "lanes",
  collect: "nothing",
  exit: "one",
  choose: "one",
  question: "nothing",
  sleep: "nothing",
  until: "nothing",
};

/** Whether several states may run inside this kind of state at once. */
export function hasLanes(kind: StateKind): boolean {
  return STATE_INSIDES[kind] === "lanes" || STATE_INSIDES[kind] === "list";
}
