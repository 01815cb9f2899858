import { type GraphMark, graphLines } from "../rail/graph-lines.ts";
import type { RailState, RailStatus } from "../rail/rail-entry.ts";
import { placesNow } from "../rail/rail-places.ts";
import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/graph` */
export function graphCommand(desk: Desk): Command {
  return {
    name: "graph",
    usage: "/graph",
    description: "draw the orchestration, with where it is now",
    when: "always",
    run: () => {
      const { graph } = desk;
      if (graph === undefined) {
        desk.print(
          noticeEntry(
            safe`There is no graph: nothing is loaded yet, or what answers is code. /orc and /model choose what answers.`,
            "warning",
          ),
        );
        return;
      }
      const marks = marksOf(desk.rail);
      desk.print(({ width, theme }) => [[], ...graphLines(graph, { width, theme, marks })]);
    },
  };
}

const MARKS: Readonly<Record<RailStatus, GraphMark>> = {
  running: "running",
  waiting: "waiting",
  retrying: "retry",
  done: "done",
  failed: "failed",
  cancelled: "skipped",
  skipped: "skipped",
};

function marksOf(rail: RailState | undefined): ReadonlyMap<string, GraphMark> {
  const marks = new Map<string, GraphMark>();
  for (const [place, status] of rail === undefined ? [] : placesNow(rail)) marks.set(place, MARKS[status]);
  return marks;
}
