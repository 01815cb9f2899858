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

/** Whether an activation takes the result of its lane's branch. All branches of a list are of one state. */
function isFollowUp({ kind, branch }: Pick<RailEntry, "kind" | "branch">, state: SafeText): boolean {
  return STATE_INSIDES[kind] === "list" && branch !== undefined && branch !== state;
}

/** The name of a lane in which something takes the result of the branch: `pages.1.summarize`. */
export function followUpName(lane: SafeText, state: SafeText): SafeText {
  return safe`${lane}.${state}`;
}

/** What an entry is called, and the name of the entry whose place it takes, if there is one. */
export function namesOf(
  path: string,
  state: SafeText,
  parent: RailEntry | undefined,
): { readonly lane: string | undefined; readonly name: SafeText; readonly earlier: SafeText | undefined } {
  const lane = parent === undefined ? undefined : laneOf(path, parent);
  if (parent === undefined || lane === undefined) return { lane, name: state, earlier: state };
  const name = laneName(parent, lane);
  if (!isFollowUp(parent, state)) return { lane, name, earlier: undefined };
  return { lane, name: followUpName(name, state), earlier: name };
}

/** A fan-out with one more branch begun. One that was added while it ran makes it wider. */
export function entered(parent: RailEntry, lane: string | undefined, state: SafeText): RailEntry {
  if (lane === undefined) return { ...parent, started: parent.started + 1 };
  if (isFollowUp(parent, state)) return followed(parent);
  const isNumbered = STATE_INSIDES[parent.kind] === "list";
  const branches = isNumbered ? Math.max(parent.branches, Number(lane) + 1) : parent.branches;
  return { ...parent, started: parent.started + 1, branches, ...(isNumbered && { branch: state }) };
}

/** A lane works again that was done, because something takes its result. */
function followed(parent: RailEntry): RailEntry {
  const done = Math.max(0, parent.done - 1);
  if (parent.endedAt === undefined) return { ...parent, done };
  return { ...parent, done, background: (parent.background ?? 0) + 1 };
}

/** A fan-out in which an activation is open again: it does not count as one that failed. It is entered next. */
export function reopened(parent: RailEntry, state: SafeText): RailEntry {
  const failed = Math.max(0, parent.failed - 1);
  if (isFollowUp(parent, state)) return { ...parent, failed, done: parent.done + 1 };
  return { ...parent, failed, started: Math.max(0, parent.started - 1) };
}
