/** What was worked out for the frame before and still holds, so that a key costs what is on the window and not what the run has. */
import type { Line } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import type { RunRecord } from "./run-record.ts";
import { filtered, type RunRow, rowsOfRun } from "./run-rows.ts";
import { stepDetails } from "./step-details.ts";

/** A run as it is looked at; `fixed` says that its steps do not change any more. */
export interface RunLook {
  readonly run: RunRecord;
  readonly fixed: boolean;
}

/** Remembers the rows of the last filter and the details of the last row. */
export class SeenRun {
  #rows:
    | { readonly steps: RunRecord["steps"]; readonly filter: string; readonly rows: readonly RunRow[] }
    | undefined;
  #details:
    | { readonly row: RunRow; readonly width: number; readonly theme: Theme; readonly lines: readonly Line[] }
    | undefined;

  /** Forgets everything: the run changed after its end. */
  forget(): void {
    this.#rows = undefined;
    this.#details = undefined;
  }

  rows({ run: { steps }, fixed }: RunLook, filter: string): readonly RunRow[] {
    const last = this.#rows;
    if (fixed && last?.steps === steps && last.filter === filter) return last.rows;
    // Where letters are added, only rows that were found can still be found.
    const narrows = fixed && last?.steps === steps && filter.startsWith(last.filter);
    const rows = narrows ? filtered(last.rows, filter) : rowsOfRun({ steps }, filter);
    this.#rows = fixed ? { steps, filter, rows } : undefined;
    return rows;
  }

  details(
    { fixed }: RunLook,
    row: RunRow,
    look: { readonly width: number; readonly theme: Theme },
    now: number,
  ): readonly Line[] {
    const { width, theme } = look;
    const last = this.#details;
    if (fixed && last?.row === row && last.width === width && last.theme === theme) return last.lines;
    const lines = stepDetails(row, look, now);
    this.#details = fixed ? { row, width, theme, lines } : undefined;
    return lines;
  }
}
