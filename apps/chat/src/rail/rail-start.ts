import { safeText } from "../terminal/safe-text.ts";
import type { RailState } from "./rail-entry.ts";

/** A rail before its run. `states` are the orchestration's states in order, to show what lies ahead. */
export function railStart(
  orchestration = "",
  states: readonly string[] = [],
  summarize?: RailState["summarize"],
): RailState {
  return {
    orchestration: safeText(orchestration),
    status: "idle",
    startedAt: 0,
    tokens: 0,
    entries: new Map(),
    places: new Map(),
    ahead: states.map(safeText),
    count: 0,
    ...(summarize !== undefined && { summarize }),
  };
}
