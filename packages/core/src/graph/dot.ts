import { arrowCaption, branchCaption, figuresCaption, kindCaption, printable } from "./captions.ts";
import type { Graph } from "./graph.ts";
import { type Arrow, type Box, type DrawOptions, type Level, pictureOf } from "./picture.ts";
import type { RecordedStatus } from "./recorded-run.ts";

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
    'finish [shape=doublecircle, label="finish"]',
    ...levelLines(level, "start", "finish"),
  ];
  return `digraph ${quoted(id)} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
}

const FILLS: Readonly<Record<RecordedStatus, string>> = {
  completed: "#d7f0dc",
  running: "#d9e8fb",
  waiting: "#fdf0cf",
  failed: "#f9d9d6",
  cancelled: "#e6e6e6",
  skipped: "#f4f4f4",
};

const SHAPES: Readonly<Record<Box["kind"], string>> = {
  runnable: "box",
  orchestration: "box",
  each: "hexagon",
  all: "hexagon",
  race: "hexagon",
  choose: "diamond",
  question: "parallelogram",
  sleep: "oval",
};

function levelLines(level: Level, before: string, after: string | undefined): string[] {
  const lines = level.boxes.flatMap(boxLines);
  for (const box of level.boxes) {
    if (level.kind !== "machine") lines.push(edge(before, box.name, branchCaption(box), ["style=dotted"]));
    else if (box.start) lines.push(edge(before, box.name, "", []));
  }
  for (const arrow of level.arrows) lines.push(arrowLine(arrow));
  for (const box of level.boxes)
    if (box.finish && after !== undefined) lines.push(edge(box.name, after, "", []));
  return lines;
}

function boxLines(box: Box): string[] {
  const own = `${box.name} [${attributes(box).join(", ")}]`;
  const { level } = box;
  if (level === undefined) return [own];
  const end = level.boxes.some((inner) => inner.finish) ? `${box.name}_end` : undefined;
  const inside = [
    `label=${quoted(kindCaption(box))}`,
    own,
    ...(end === undefined ? [] : [`${end} [shape=doublecircle, label="finish"]`]),
    ...levelLines(level, box.name, end),
  ];
  return [`subgraph cluster_${box.name} {`, ...inside.map((line) => `  ${line}`), "}"];
}

function attributes(box: Box): string[] {
  const kind = box.level === undefined ? kindCaption(box) : "";
  const figures = box.seen === undefined ? "" : figuresCaption(box.seen);
  const lines = [kind === "" ? box.id : `${box.id}: ${kind}`, figures].filter((part) => part !== "");
  return [
    `label="${lines.map(escaped).join("\\n")}"`,
    ...(box.kind === "runnable" ? [] : [`shape=${SHAPES[box.kind]}`]),
    ...(box.kind === "orchestration" ? ["peripheries=2"] : []),
    ...(box.seen === undefined ? [] : [`fillcolor="${FILLS[box.seen.status]}"`]),
  ];
}

function arrowLine(arrow: Arrow): string {
  const dashed = arrow.conditional || arrow.kind !== "advance";
  return edge(arrow.from.name, arrow.to.name, arrowCaption(arrow), [
    ...(dashed ? ["style=dashed"] : []),
    ...(arrow.kind === "catch" ? ['color="#b3352b"'] : []),
    ...(arrow.back ? ["constraint=false"] : []),
    ...((arrow.count ?? 0) > 0 ? ["penwidth=2"] : []),
  ]);
}

function edge(from: string, to: string, label: string, more: readonly string[]): string {
  const given = [...(label === "" ? [] : [`label=${quoted(label)}`]), ...more];
  return given.length === 0 ? `${from} -> ${to}` : `${from} -> ${to} [${given.join(", ")}]`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** A quoted text of DOT ends at a quote, has escapes of its own, and knows entities as HTML does. */
function escaped(text: string): string {
  return printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;");
}
