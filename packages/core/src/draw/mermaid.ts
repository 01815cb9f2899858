import type { Graph } from "../words/graph.ts";
import { arrowCaption, boxCaption, kindCaption, printable } from "./captions.ts";
import { type Dialect, diagramOf, indented } from "./diagram.ts";
import { type Box, type DrawOptions, type Level, pictureOf } from "./picture.ts";
import type { RecordedStatus } from "./recorded-run.ts";
import { STATE_LOOKS } from "./state-looks.ts";

/**
 * Draws an orchestration, or a run of it, as a Mermaid flowchart. Start and finish are marked,
 * conditional ways are dotted and end in `?`, and what is inside a state is drawn inside it.
 *
 * @example
 * ```ts
 * toMermaid(research.graph);
 * toMermaid(research.graph, { run: recordRun(events) });
 * ```
 */
export function toMermaid(graph: Graph, options: DrawOptions = {}): string {
  const { level, run } = pictureOf(graph, options);
  const lines = ["start((start))", mermaid.finish("finish"), ...diagramOf(level, "start", "finish", mermaid)];
  if (run !== undefined) {
    for (const [status, style] of Object.entries(STYLES)) lines.push(`classDef ${status} ${style}`);
    for (const box of boxesIn(level)) if (box.seen) lines.push(`class ${box.name} ${box.seen.status}`);
  }
  return `${["flowchart TD", ...indented(lines)].join("\n")}\n`;
}

const STYLES: Readonly<Record<RecordedStatus, string>> = {
  completed: "fill:#d7f0dc,stroke:#2e7d46,color:#14361f",
  running: "fill:#d9e8fb,stroke:#2f6fbd,color:#12315a",
  waiting: "fill:#fdf0cf,stroke:#b8860b,color:#4d3800",
  failed: "fill:#f9d9d6,stroke:#b3352b,color:#5a1510",
  cancelled: "fill:#e6e6e6,stroke:#777777,color:#333333",
  skipped: "fill:#f4f4f4,stroke:#999999,color:#666666,stroke-dasharray:4 3",
};

const mermaid: Dialect = {
  box: (box) => `${box.name}${shape(box)}`,
  finish: (name) => `${name}((finish))`,
  way: (from, to, branch) =>
    branch === undefined ? `${from} --> ${to}` : `${from} -.->${caption(branch)} ${to}`,
  arrow: (arrow) => {
    const dotted = arrow.conditional || arrow.kind !== "advance";
    const drawn = (arrow.count ?? 0) > 0 ? "==>" : dotted ? "-.->" : "-->";
    return `${arrow.from.name} ${drawn}${caption(arrowCaption(arrow))} ${arrow.to.name}`;
  },
  frame: (box, inside) => [
    `subgraph ${box.name}_inside [${quoted(kindCaption(box))}]`,
    ...indented(inside),
    "end",
  ],
};

function shape(box: Box): string {
  const text = `"${boxCaption(box).map(escaped).join("<br/>")}"`;
  const [before, after] = STATE_LOOKS[box.kind].mermaid;
  return `${before}${text}${after}`;
}

/** The label of an arrow. */
function caption(says: string): string {
  return says === "" ? "" : `|${quoted(says)}|`;
}

function* boxesIn(level: Level): Iterable<Box> {
  for (const box of level.boxes) {
    yield box;
    if (box.level !== undefined) yield* boxesIn(box.level);
  }
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** Mermaid reads quotes, brackets and numeric entities as syntax, a text of nothing as a mistake, `%%` as a comment or a directive, and a text in backticks as Markdown. */
function escaped(text: string): string {
  const shown = printable(text).replace(/[&"<>#%`\\]/g, (character) => ENTITIES[character]!);
  return shown.trim() === "" ? "&nbsp;" : shown;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
  "#": "&num;",
  "%": "&percnt;",
  "`": "&grave;",
  "\\": "&bsol;",
};
