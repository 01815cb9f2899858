/** Where a run stopped that a process left behind, in a sentence. */
import type { OrchestrationEvent } from "@orch/core";
import type { RailEntry } from "../rail/rail-entry.ts";
import { railStart } from "../rail/rail-start.ts";
import { railAdvance } from "../rail/rail-state.ts";
import type { ChangedStates } from "../sessions/changed-states.ts";
import type { LeftRun } from "../sessions/left-run.ts";
import { type OpenQuestion, questionsAfter } from "../sessions/open-questions.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { span } from "../terminal/styled.ts";
import { wrapLine } from "../terminal/width.ts";
import type { Entry } from "../transcript/entry.ts";

/** What is known of a run that stopped besides its events. */
interface StoppedFacts {
  /** The questions without an answer. */
  readonly open?: number;
  /** Whether its code was loaded again just now. */
  readonly isReloaded?: boolean;
}

/** Says where a run stopped, what an edit of its orchestration means for it, and how it goes on. */
export function stoppedEntry({ events, changed }: LeftRun, facts: StoppedFacts = {}): Entry {
  const same =
    facts.isReloaded === true ? safe`The new code has the same states, so the run fits it. ` : safe``;
  const text =
    changed?.misfit === undefined
      ? safe`${stoppedText(events, facts.open)}. ${changed === undefined ? same : fitText(changed)}Enter goes on, /undo drops the message.`
      : misfitText(changed);
  return ({ width, theme }) =>
    wrapLine([span(safe`${theme.glyphs.retry} `, theme.styles.retry), { text }], width);
}

/** Like `Since then it changed (new: last), and the run fits it.` */
function fitText(changed: ChangedStates): SafeText {
  const what = whatChanged(changed);
  return safe`Since then it changed (${what === "" ? safe`other edges` : what}), and the run fits it. `;
}

/** Like `stopped in ask#1, and cannot go on: since then it changed (gone: first).` */
function misfitText(changed: NonNullable<LeftRun["changed"]>): SafeText {
  const { misfit = "", at } = changed;
  const where = at === undefined ? safe`stopped` : safe`stopped in ${stateOf(at)}`;
  const what = whatChanged(changed);
  const why = what === "" ? safe`${stateOf(misfit)} fits nothing any more` : what;
  return safe`${where}, and cannot go on: since then its orchestration changed (${why}). /retry sends the message anew, /undo drops it; with the code of before it goes on.`;
}

function whatChanged({ gone, added, altered }: ChangedStates): SafeText {
  const parts = [
    ["gone", gone],
    ["another kind", altered],
    ["new", added],
  ] as const;
  const named = parts.filter(([, states]) => states.length > 0);
  return safeText(named.map(([what, states]) => `${what}: ${someOf(states)}`).join("; "));
}

const MAX_NAMES = 3;

function someOf(states: readonly string[]): string {
  const more = states.length - MAX_NAMES;
  return `${states.slice(0, MAX_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The state in a path, as it is known to who wrote it: `work` of `flow/all#1[left]/work#2`. */
function stateOf(path: string): SafeText {
  return safeText((path.split("/").at(-1) ?? path).replace(/#\d+$/, ""));
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
