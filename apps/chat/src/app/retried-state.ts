/** Finds the state of a run from which it is to run again. */
import { nearestName } from "@orch/agents";
import type { OrchestrationEvent } from "@orch/core";
import { type SafeText, safe, visibleText } from "../terminal/safe-text.ts";

/** Its latest visit, the outermost first; without one the states that there are. `named` is a state's id or a part of its path. */
export function stateIn(
  events: readonly OrchestrationEvent[],
  named: string,
): { readonly path: string } | { readonly states: readonly string[] } {
  const started = events.filter((event) => event.type === "state.started");
  const fitting = started.filter(({ state, path }) => state === named || path.endsWith(`/${named}`));
  const depth = (path: string): number => path.split("/").length;
  const outermost = Math.min(...fitting.map(({ path }) => depth(path)));
  const last = fitting.findLast(({ path }) => depth(path) === outermost);
  return last === undefined
    ? { states: [...new Set(started.map(({ state }) => state))] }
    : { path: last.path };
}

/** Says that there is no such state, and which there are. */
export function noStateText(named: string, states: readonly string[]): SafeText {
  const near = nearestName(named, states);
  const meant = near === undefined ? safe`` : safe` Did you mean ${visibleText(near)}?`;
  const known =
    states.length === 0 ? safe` It has run none.` : safe` It ran ${visibleText(states.join(", "))}.`;
  return safe`The last run has no state ${visibleText(named)}.${meant}${known}`;
}
