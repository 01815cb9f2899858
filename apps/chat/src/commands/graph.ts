import { toDot, toMermaid } from "@orch/core/draw";
import { type GraphMark, graphLines } from "../rail/graph-lines.ts";
import type { RailState } from "../rail/rail-entry.ts";
import { STATUS_GLYPHS } from "../rail/rail-lines.ts";
import { placesNow } from "../rail/rail-places.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { drawMarkdown } from "../transcript/block-stream.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { Command, Desk } from "./command.ts";

/** `/graph [--print | --mermaid | --dot]` */
export function graphCommand(desk: Desk): Command {
  return {
    name: "graph",
    usage: "/graph [--print | --mermaid | --dot]",
    description: "draw the orchestration, with where it is now",
    when: "always",
    values: () => [
      { value: "--print", description: "here, in the conversation" },
      { value: "--mermaid", description: "as text for Mermaid" },
      { value: "--dot", description: "as text for Graphviz" },
    ],
    run: async (argument) => {
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
      if (argument === "--mermaid" || argument === "--dot") {
        const text = argument === "--dot" ? toDot(graph) : toMermaid(graph);
        const block = `\`\`\`${argument === "--dot" ? "dot" : "mermaid"}\n${safeText(text)}\`\`\``;
        desk.print((style) => [[], ...drawMarkdown(block, style)]);
        return;
      }
      if (argument !== "" && argument !== "--print") {
        desk.print(noticeEntry(safe`/graph, /graph --print, /graph --mermaid, /graph --dot`, "warning"));
        return;
      }
      // Where there is no run yet, the graph is all there is to see.
      if (argument === "" && desk.rail !== undefined) {
        await desk.openRun("", { sheet: "graph" });
        return;
      }
      const marks = marksOf(desk.rail);
      desk.print(({ width, theme }) => [[], ...graphLines(graph, { width, theme, marks })]);
    },
  };
}

function marksOf(rail: RailState | undefined): ReadonlyMap<string, GraphMark> {
  const marks = new Map<string, GraphMark>();
  for (const [place, status] of rail === undefined ? [] : placesNow(rail))
    marks.set(place, STATUS_GLYPHS[status]);
  return marks;
}
