/** The rows of a run: its steps in their order, each with what is inside it below it. */
import { plainText } from "../terminal/styled.ts";
import type { RunRecord, RunStep, StateStep } from "./run-record.ts";
import { lookOf } from "./step-look.ts";

/** One row. */
export interface RunRow {
  readonly step: RunStep;
  /** Steps around it. */
  readonly depth: number;
  /** The state that it is in. */
  readonly parent?: StateStep;
  /** Whether it is a lane of a fan-out, and whether it is the last one there. */
  readonly lane?: "first" | "middle" | "last";
}

/** Characters of each value that a filter looks through. */
const MAX_SEARCHED = 20_000;

/** All rows, or those whose text has every word of the filter. */
export function rowsOfRun({ steps }: Pick<RunRecord, "steps">, filter = ""): readonly RunRow[] {
  const rows: RunRow[] = [];
  addRows(rows, steps, 0, undefined);
  return filtered(rows, filter);
}

/** Those of some rows whose text has every word of the filter. */
export function filtered(rows: readonly RunRow[], filter: string): readonly RunRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  return words.length === 0 ? rows : rows.filter((row) => hasWords(row, words));
}

function addRows(
  rows: RunRow[],
  steps: readonly RunStep[],
  depth: number,
  parent: StateStep | undefined,
): void {
  const lanes = steps.filter((step) => "lane" in step);
  for (const step of steps) {
    const at = "lane" in step ? lanes.indexOf(step) : -1;
    const lane = at < 0 ? undefined : at === lanes.length - 1 ? "last" : at === 0 ? "first" : "middle";
    rows.push({ step, depth, ...(parent && { parent }), ...(lane && { lane }) });
    if (step.type === "state") addRows(rows, step.inside, depth + 1, step);
    if (step.type === "call") addRows(rows, step.inside, depth + 1, parent);
  }
}

function hasWords(row: RunRow, words: readonly string[]): boolean {
  const { step, parent } = row;
  const { label, note } = lookOf(step, parent, 0);
  const shown = plainText([{ text: label }, { text: note }]).toLowerCase();
  const missing = words.filter((word) => !shown.includes(word));
  // What it holds is only written out for words that its row does not show.
  if (missing.length === 0) return true;
  const held = valuesOf(step).toLowerCase();
  return missing.every((word) => held.includes(word));
}

/** What a step holds, as text to search. */
function valuesOf(step: RunStep): string {
  switch (step.type) {
    case "state":
      return [step.kind, step.text, short(step.input), short(step.output?.value), short(step.error)].join(
        " ",
      );
    case "move":
      return [step.from, ...step.advancers.map(({ to, label }) => `${to} ${label ?? ""}`)].join(" ");
    case "call":
      return `${short(step.input)} ${step.result?.slice(0, MAX_SEARCHED) ?? ""}`;
    case "question":
      return `${short(step.prompt)} ${short(step.answer?.value)}`;
    case "skip":
    case "note":
      return "";
  }
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? "").slice(0, MAX_SEARCHED);
}
