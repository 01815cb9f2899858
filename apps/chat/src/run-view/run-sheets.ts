/** What fills the view of a run for a moment: the keys, the forms of an export, the graph. */
import type { Graph } from "@orch/core/draw";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { padEnd, repeat, truncate, truncateLine, widthOf, wrapLine } from "../terminal/width.ts";
import { graphSheet } from "./graph-sheet.ts";
import type { RunRecord } from "./run-record.ts";
import { RUN_FORMATS, type RunViewState } from "./run-view-state.ts";
import { runDetails } from "./step-details.ts";

/** What a sheet is drawn from. */
export interface RunSheetFacts {
  readonly state: RunViewState;
  readonly run: RunRecord;
  readonly graph: Graph | undefined;
  readonly theme: Theme;
}

/** Draws the sheet that is open. */
export function sheetLines(facts: RunSheetFacts, width: number): readonly Line[] {
  const { state, theme } = facts;
  switch (state.sheet) {
    case "keys":
      return keyLines(theme, width);
    case "export":
      return exportLines(theme, width);
    default:
      return [
        ...graphSheet(facts, width),
        [],
        ...runDetails(facts.run, { width: Math.max(8, width - 1), theme }),
      ];
  }
}

/** The keys of the view as they are told to the user. */
export const RUN_KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ["↑ ↓, j k", "one row up or down; PgUp PgDn, Home End"],
  ["Tab", "move in the details, and back"],
  ["Enter", "the details in the whole window, and back"],
  ["← →", "one event back, one on: a replay; nothing runs"],
  ["/", "show only rows with some text: names, values, results"],
  ["f", "fork: run again from this state, as a new turn"],
  ["i, o", "fork with another input or output, in $EDITOR or one line"],
  ["r", "try a run again that failed or was stopped"],
  ["c", "copy the details"],
  ["x", "write the run to a file: md json mermaid dot html"],
  ["g", "the graph, and what the run was given and gave"],
  ["Ctrl+L, Ctrl+Z", "paint anew; stop the program, fg goes on"],
  ["Esc, q, Ctrl+C", "back, and close; what runs goes on"],
];

function keyLines({ styles }: Theme, width: number): readonly Line[] {
  const column = Math.min(Math.max(...RUN_KEYS.map(([keys]) => widthOf(keys))), width >> 1);
  return RUN_KEYS.flatMap(([keys, meaning]) => {
    const name = padEnd(truncate(safeText(keys), column), column);
    const rows = wrapLine([{ text: safeText(meaning) }], Math.max(1, width - column - 3));
    return rows.map(
      (row, at): Line => [
        span(at === 0 ? safe` ${name}  ` : repeat(safe` `, column + 3), styles.strong),
        ...row,
      ],
    );
  });
}

const FORMAT_WORDS = {
  md: safe`Markdown, to read`,
  json: safe`JSON, with everything, its events too`,
  mermaid: safe`Mermaid, the graph of the run`,
  dot: safe`DOT, the graph of the run`,
  html: safe`HTML, one page to open and to send`,
} as const;

function exportLines({ styles }: Theme, width: number): readonly Line[] {
  const rows = RUN_FORMATS.map(
    (format, at): Line => [span(safe` ${at + 1}  `, styles.strong), span(FORMAT_WORDS[format])],
  );
  const intro = wrapLine([span(safe` Write the run to a new file of this folder:`, styles.dim)], width);
  return [...intro, [], ...rows.map((row) => truncateLine(row, width))];
}
