/** The lanes of a fan-out: which branch an activation is, and what it is called on the rail. */
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import type { RailEntry } from "./rail-entry.ts";
import { STATE_INSIDES } from "./state-insides.ts";

/** `web` of `research#1[web]/search#1`, when it stands in `research#1`. */
export function laneOf(path: string, parent: Pick<RailEntry, "path">): string | undefined {
  if (path[parent.path.length] !== "[") return undefined;
  const end = path.indexOf("]/", parent.path.length);
  return end < 0 ? undefined : path.slice(parent.path.length + 1, end);
}

/** The name of a lane: that of its fan-out with the key of the branch, or its number from 1. */
export function laneName(parent: Pick<RailEntry, "name" | "kind">, lane: string): SafeText {
  const isNumber = STATE_INSIDES[parent.kind] === "list" && lane !== "";
  return safe`${parent.name}.${isNumber ? Number(lane) + 1 : safeText(lane)}`;
}

/** A fan-out with one more branch begun. One that was added while it ran makes it wider. */
export function entered(parent: RailEntry, lane: string | undefined): RailEntry {
  const isNumbered = lane !== undefined && STATE_INSIDES[parent.kind] === "list";
  const branches = isNumbered ? Math.max(parent.branches, Number(lane) + 1) : parent.branches;
  return { ...parent, started: parent.started + 1, branches };
}
