/** The rail of a run as the plan that clients show: one entry for each state. */
import type { PlanEntry } from "@agentclientprotocol/sdk";
import type { RailEntry, RailState } from "../rail/rail-entry.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { truncate } from "../terminal/width.ts";

/** Cells of what is said of one state. */
const MAX_WORDS = 200;

/** The plan of a run; empty where one state does all. Live text is not in it. */
export function planOf({ entries, ahead, status }: RailState): readonly PlanEntry[] {
  const states = [...entries.values()]
    .filter(({ parent }) => parent === undefined)
    .sort((one, other) => one.order - other.order);
  if (states.length + ahead.length < 2) return [];
  return [
    ...states.map((entry) => planEntry(wordsOf(entry), statusOf(entry))),
    // What a run that has ended did not reach is no part of it.
    ...(status === "running" ? ahead.map((name) => planEntry(name, "pending")) : []),
  ];
}

function planEntry(content: string, status: PlanEntry["status"]): PlanEntry {
  return { content, priority: "medium", status };
}

/** A state that failed is over too; its words say how. */
function statusOf({ status }: RailEntry): PlanEntry["status"] {
  return status === "running" || status === "waiting" || status === "retrying" ? "in_progress" : "completed";
}

function wordsOf({ name, status, line, visit, branches, done, failed, skipped, retry }: RailEntry): SafeText {
  const visits = visit > 1 ? safe` (visit ${visit})` : safe``;
  const of = branches > 0 ? safe`, ${done + failed + skipped} of ${branches}` : safe``;
  const head = safe`${name}${visits}${of}`;
  switch (status) {
    case "running":
      return head;
    case "waiting":
      return safe`${head}: waits: ${oneLine(line)}`;
    case "retrying":
      return retry === undefined ? head : safe`${head}: tries again after ${retry.reason}`;
    case "failed":
    case "cancelled":
      return line === ""
        ? safe`${head}: ${safeText(status)}`
        : safe`${head}: ${safeText(status)}: ${oneLine(line)}`;
    case "done":
    case "skipped":
      return line === "" ? head : safe`${head}: ${oneLine(line)}`;
  }
}

/** Plans have one row for each entry. */
function oneLine(text: string): SafeText {
  return truncate(safeText(text.trim().replaceAll(/\s+/g, " ")), MAX_WORDS);
}
