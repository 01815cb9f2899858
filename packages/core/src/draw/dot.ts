import type { Graph } from "../words/graph.ts";
import { arrowCaption, boxCaption, joined, kindCaption, printable } from "./captions.ts";
import { type Dialect, diagramOf, indented } from "./diagram.ts";
import { type DrawOptions, pictureOf } from "./picture.ts";
import type { RecordedStatus } from "./recorded-run.ts";
import { STATE_LOOKS } from "./state-looks.ts";

/**
 * Draws an orchestration, or a run of it, in the DOT language of Graphviz. Start and finish are
 * marked, conditional ways are dashed and end in `?`, and what is inside a state is a cluster.
 *
 * @example
 * ```ts
 * await writeFile("research.dot", toDot(research.graph)); // dot -Tsvg research.dot
 * ```
 */
export function toDot(graph: Graph, options: DrawOptions = {}): string {
  const { id, level } = pictureOf(graph, options);
  const lines = [
    'node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica"]',
    'edge [fontname="Helvetica", fontsize=11]',
    'start [shape=circle, label="start"]',
    dot.finish("finish"),
    ...diagramOf(level, "start", "finish", dot),
  ];
  return `${[`digraph ${quoted(id)} {`, ...indented(lines), "}"].join("\n")}\n`;
}

const FILLS: Readonly<Record<RecordedStatus, string>> = {
  completed: "#d7f0dc",
  running: "#d9e8fb",
  waiting: "#fdf0cf",
  failed: "#f9d9d6",
  cancelled: "#e6e6e6",
  skipped: "#f4f4f4",
};

const dot: Dialect = {
  box: (box) =>
    statement(box.name, [
      `label="${boxCaption(box).map(escaped).join("\\n")}"`,
      ...STATE_LOOKS[box.kind].dot,
      box.seen === undefined ? "" : `fillcolor="${FILLS[box.seen.status]}"`,
    ]),
  finish: (name) => `${name} [shape=doublecircle, label="finish"]`,
  way: (from, to, branch) =>
    statement(`${from} -> ${to}`, branch === undefined ? [] : [caption(branch), "style=dotted"]),
  arrow: (arrow) =>
    statement(`${arrow.from.name} -> ${arrow.to.name}`, [
      caption(arrowCaption(arrow)),
      arrow.conditional || arrow.kind !== "advance" ? "style=dashed" : "",
      arrow.kind === "catch" ? 'color="#b3352b"' : "",
      arrow.back ? "constraint=false" : "",
      (arrow.count ?? 0) > 0 ? "penwidth=2" : "",
    ]),
  frame: (box, inside) => [
    `subgraph cluster_${box.name} {`,
    ...indented([caption(kindCaption(box)), ...inside]),
    "}",
  ],
};

/** A box or an edge, with its attributes. */
function statement(subject: string, attributes: readonly string[]): string {
  const given = joined(attributes, ", ");
  return given === "" ? subject : `${subject} [${given}]`;
}

function caption(says: string): string {
  return says === "" ? "" : `label=${quoted(says)}`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** A quoted text of DOT ends at a quote, has escapes of its own, and knows entities as HTML does. */
function escaped(text: string): string {
  return printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;");
}
