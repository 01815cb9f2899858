/** The graph of a run, with what every state of it did. */
import type { Graph } from "@orch/core/draw";
import { type GraphMark, graphLines } from "../rail/graph-lines.ts";
import { STATUS_GLYPHS } from "../rail/rail-lines.ts";
import { placeOf } from "../rail/rail-places.ts";
import { safe } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Theme } from "../terminal/theme.ts";
import { wrapLine } from "../terminal/width.ts";
import type { RunRecord, RunStep } from "./run-record.ts";

/** The drawing, or why there is none. */
export function graphSheet(
  {
    graph,
    run,
    theme,
  }: { readonly graph: Graph | undefined; readonly run: RunRecord; readonly theme: Theme },
  width: number,
): readonly Line[] {
  if (graph === undefined || (run.orchestration !== "" && graph.id !== run.orchestration)) {
    const why = safe` There is no graph of this run here: what answers now is another orchestration, or code.`;
    return wrapLine([span(why, theme.styles.dim)], width);
  }
  return graphLines(graph, { width, theme, marks: marksOf(run.steps) });
}

/** How each place was last. */
export function marksOf(steps: readonly RunStep[]): ReadonlyMap<string, GraphMark> {
  const marks = new Map<string, GraphMark>();
  const mark = (all: readonly RunStep[]): void => {
    for (const step of all) {
      if (step.type === "skip") marks.set(placeOf(step.key.slice("skip:".length)), "skipped");
      if (step.type !== "state") continue;
      marks.set(placeOf(step.path), STATUS_GLYPHS[step.status]);
      mark(step.inside);
    }
  };
  mark(steps);
  return marks;
}
