/** The words of a drawing, the same in every form of it. */

import type { Arrow, Box } from "./picture.ts";
import type { RecordedState } from "./recorded-run.ts";

/** The kind of a box that is not a plain function, like `all, settled`. */
export function kindCaption({ kind, notes }: Box): string {
  return [...(kind === "runnable" ? [] : [kind]), ...notes].join(", ");
}

/** Which branch a box is: `each item`, `papers ?`. */
export function branchCaption({ branch }: Box): string {
  if (branch === undefined) return "";
  if (branch.follows === true) return "then each result";
  if (branch.key === "") return "each item";
  return branch.conditional ? `${branch.key} ?` : branch.key;
}

/** What is written on an arrow; a condition is marked by `?`. */
export function arrowCaption({ kind, label, conditional, converts, adds, count = 0 }: Arrow): string {
  const cause = kind === "catch" ? "on failure" : kind === "rerun" ? "again" : "";
  const way = joined([cause, label ?? "", conditional ? "?" : ""], " ");
  return joined(
    [
      way,
      converts ? "converts" : "",
      adds === undefined ? "" : `adds to ${adds}`,
      count > 0 ? `×${count}` : "",
    ],
    " · ",
  );
}

/** What a state did: `×3 · 2.1s · 812 tok · 1 failed`. */
function figuresCaption(seen: RecordedState): string {
  const figures = [
    seen.visits > 0 ? `×${seen.visits}` : "",
    seen.visits > seen.active ? durationText(seen.duration) : "",
    seen.tokens > 0 ? `${countText(seen.tokens)} tok` : "",
    seen.cost > 0 ? costText(seen.cost) : "",
  ];
  return joined([...figures, troublesCaption(seen)], " · ");
}

/** What went wrong or did not happen: `1 failed`, `2 retries`. */
export function troublesCaption({ failures, retries, skips }: RecordedState, between = " · "): string {
  const parts = [
    failures > 0 ? `${failures} failed` : "",
    retries > 0 ? `${retries} ${retries === 1 ? "retry" : "retries"}` : "",
    skips > 0 ? `${skips} skipped` : "",
  ];
  return joined(parts, between);
}

/** The text in a box: its id, its kind unless the frame around it tells, and what it did. */
export function boxCaption(box: Box): readonly string[] {
  const kind = box.level === undefined ? kindCaption(box) : "";
  const figures = box.seen === undefined ? "" : figuresCaption(box.seen);
  return [joined([box.id, kind], ": "), ...(figures === "" ? [] : [figures])];
}

/** Joins the parts that are not empty. */
export function joined(parts: readonly string[], between: string): string {
  return parts.filter((part) => part !== "").join(between);
}

/** A time for people, from milliseconds: `40ms`, `2.1s`, `3m05s`, `2h07m`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole}ms`;
  if (whole < 59_950) return `${(whole / 1000).toFixed(1)}s`;
  const minutes = Math.floor(whole / 60_000);
  if (minutes < 60) return `${minutes}m${twoDigits(Math.floor((whole % 60_000) / 1000))}s`;
  return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`;
}

/** A count for people: `812`, `6.4k`, `1.2M`. */
export function countText(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_950) return `${(value / 1000).toFixed(1)}k`;
  return `${(value / 1_000_000).toFixed(1)}M`;
}

function costText(cost: number): string {
  return `$${cost.toFixed(cost < 0.1 ? 4 : 2)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Text on one line, without characters that a terminal or a browser acts on. */
export function printable(text: string): string {
  return text.replace(/\s+/gu, " ").replace(/[\p{C}]/gu, "�");
}
