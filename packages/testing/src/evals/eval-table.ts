/** Results for people: a table of all cases, and what is wrong with one. */
import type { EvalResult, EvalTrial } from "./eval-result.ts";

/** One row of the table, as plain data that a test hands to its reporter. */
export interface EvalRow {
  readonly name: string;
  readonly passed: boolean;
  /** Cells by the heading of their column. */
  readonly cells: { readonly [heading: string]: string };
}

/** A result as a row. */
export function evalRow(result: EvalResult): EvalRow {
  const { name, passed, trials, passRate, flaky, scores, tokens, cost } = result;
  const good = trials.filter((trial) => trial.passed).length;
  const range = `${percent(passRate.low)}-${percent(passRate.high)}`;
  return {
    name,
    passed,
    cells: {
      "": passed ? (flaky ? "flaky" : "ok") : "FAIL",
      passed: trials.length === 1 ? `${good}/1` : `${good}/${trials.length} (${range})`,
      ...Object.fromEntries(Object.entries(scores).map(([scorer, score]) => [scorer, score.toFixed(2)])),
      tokens: compared(tokens.recorded, tokens.mean, (value) => String(Math.round(value))),
      cost: compared(cost.recorded, cost.mean, (value) => `$${value.toFixed(4)}`),
      calls: callsOf(trials),
    },
  };
}

/** The results as a table of plain text, and below it what is wrong. */
export function evalTable(results: readonly EvalResult[]): string {
  const wrong = results.filter(({ passed, flaky }) => !passed || flaky).map(evalDiff);
  return [tableOf(results.map(evalRow)), ...wrong].join("\n\n");
}

/** Rows under their headings. A column stands where the first row with it has it. */
export function tableOf(rows: readonly EvalRow[]): string {
  const headings = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const lines = [
    ["case", ...headings],
    ...rows.map(({ name, cells }) => [name, ...headings.map((heading) => cells[heading] ?? "")]),
  ].map((cells) => cells.map(oneLine));
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const text = lines.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join("  ")
      .trimEnd(),
  );
  const passed = rows.filter((row) => row.passed).length;
  return [...text, "", `${passed} of ${rows.length} cases passed`].join("\n");
}

/** What is wrong with a case: of its first trial that failed, everything that a person needs to know. */
export function evalDiff(result: EvalResult): string {
  const { name, trials } = result;
  const nth = trials.findIndex((trial) => !trial.passed);
  const trial = trials[nth];
  if (trial === undefined) return `${name}: nothing is wrong`;
  const of = trials.length === 1 ? "" : `, trial ${nth + 1} of ${trials.length}`;
  const lines = [`${name}${of}:`, ...problemsOf(trial).flatMap(indented)];
  return lines.join("\n").replace(CONTROL, " ");
}

function problemsOf(trial: EvalTrial): readonly string[] {
  const { missing, changed, unanswered, scores, unused, outcome } = trial;
  return [
    ...missing.map(
      ({ model, state, differences }) =>
        `not recorded: a call of ${model}${inState(state)}${list(differences)}`,
    ),
    ...unanswered.map((question) => `not answered: ${question}`),
    ...Object.entries(scores)
      .filter(([, { passed }]) => !passed)
      .map(
        ([scorer, { score, threshold, reason }]) =>
          `${scorer} ${score.toFixed(2)}, at least ${threshold}${list(reason?.split("\n") ?? [])}`,
      ),
    ...changed.map(
      ({ model, state, differences }) =>
        `another request than recorded: ${model}${inState(state)}${list(differences)}`,
    ),
    ...(unused > 0 ? [`not asked for: ${unused} recorded answers`] : []),
    ...(outcome.error === undefined ? [] : [`the run failed: ${outcome.error.message}`]),
  ];
}

function callsOf(trials: readonly EvalTrial[]): string {
  const most = (count: (trial: EvalTrial) => number): number => Math.max(...trials.map(count));
  const parts = [
    [most(({ missing }) => missing.length), "not recorded"],
    [most(({ changed }) => changed.length), "changed"],
    [most(({ unused }) => unused), "unused"],
  ] as const;
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(", ");
}

function compared(
  before: number | undefined,
  now: number | undefined,
  write: (value: number) => string,
): string {
  const [then, today] = [before, now].map((value) => (value === undefined ? "unknown" : write(value)));
  return then === today ? today! : `${today} (was ${then})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function inState(state: string): string {
  return state === "" ? "" : ` in ${state}`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `\n  ${line}`).join("");
}

function indented(text: string): readonly string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

/** Names come from files and reasons from models, and neither may speak to a terminal. */
const CONTROL = /[^\P{C}\n]/gu;

function oneLine(text: string): string {
  return text.replace(/\p{C}/gu, " ");
}
