/** Where a run stopped that a process left behind, in a sentence. */
import type { OrchestrationEvent } from "@orch/core";
import type { RailEntry } from "../rail/rail-entry.ts";
import { railStart } from "../rail/rail-start.ts";
import { railAdvance } from "../rail/rail-state.ts";
import { type OpenQuestion, questionsAfter } from "../sessions/open-questions.ts";
import { type SafeText, safe } from "../terminal/safe-text.ts";
import { span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";

/** Says where the run stopped whose kept events these are, and how it goes on. `open` are the questions without an answer. */
export function stoppedEntry(events: readonly OrchestrationEvent[], open?: number): Entry {
  const text = safe`${stoppedText(events, open)}. Enter goes on, /undo drops the message.`;
  return ({ width, theme }) =>
    wrapLine([span(safe`${theme.glyphs.retry} `, theme.styles.retry), { text }], width);
}

/** Like `stopped in workAll, 2 of 3 done, 1 question open`. An answer from elsewhere is used when the run goes on. */
export function stoppedText(events: readonly OrchestrationEvent[], open?: number): SafeText {
  const { state } = railAdvance(railStart(), events);
  const outermost = [...state.entries.values()].filter(({ parent }) => parent === undefined);
  const at = outermost.findLast(({ status }) => OPEN.has(status));
  const asked = events.reduce<readonly OpenQuestion[]>(questionsAfter, []).length;
  return safe`${placeOf(at, outermost)}${questionsText(asked, Math.min(asked, open ?? asked))}`;
}

function questionsText(asked: number, open: number): SafeText {
  if (asked === 0) return safe``;
  if (open === 0) return asked === 1 ? safe`, its question is answered` : safe`, its questions are answered`;
  return open === 1 ? safe`, 1 question open` : safe`, ${open} questions open`;
}

const OPEN: ReadonlySet<RailEntry["status"]> = new Set(["running", "waiting", "retrying"]);

function placeOf(at: RailEntry | undefined, entries: readonly RailEntry[]): SafeText {
  if (at === undefined) {
    const last = entries.at(-1);
    return last === undefined ? safe`stopped before its first state` : safe`stopped after ${last.name}`;
  }
  const { name, branches, done } = at;
  return branches === 0 ? safe`stopped in ${name}` : safe`stopped in ${name}, ${done} of ${branches} done`;
}
