/** Draws an orchestration as text: layers from left to right, or an indented tree where there is no room. */
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { ASCII_GLYPHS, type Glyphs, type Role, type Theme } from "../terminal/theme.ts";
import { indentLines, truncate, truncateLine, widthOf } from "../terminal/width.ts";
import { GraphCanvas } from "./graph-canvas.ts";
import { layersOf } from "./graph-layers.ts";
import { graphTree } from "./graph-tree.ts";

/** How a state is doing, for its mark. */
export type GraphMark = "idle" | "running" | "done" | "failed" | "waiting" | "retry" | "skipped";

/** How a graph is drawn. */
export interface GraphStyle {
  /** Cells. */
  readonly width: number;
  readonly theme: Theme;
  /** Live marks by the state's id; a state without one is idle. */
  readonly marks?: ReadonlyMap<string, GraphMark>;
}

/** Cells of a state's name, and of an edge's label. */
const MAX_NAME = 24;
const MAX_LABEL = 16;
/** More states side by side than this are a tree. */
const MAX_LAYER = 8;

/** Draws a graph; the insides of nested orchestrations follow, each under its name. */
export function graphLines(graph: Graph, style: GraphStyle): readonly Line[] {
  const lines = [...(drawLayers(graph, style) ?? graphTree(graph, style))];
  for (const node of graph.nodes) {
    for (const inner of graphsIn(node)) {
      const title = span(safe`${safeText(node.id)}:`, style.theme.styles.dim);
      const margin: Line = [{ text: safe`  ` }];
      const body = graphLines(inner, { ...style, width: Math.max(1, style.width - 2) });
      lines.push([], [title], ...indentLines(body, margin, margin));
    }
  }
  return lines.map((line) => truncateLine(line, style.width));
}

/** The orchestrations inside a state, at the end of branches of any depth. */
function* graphsIn({ graph, branches = [] }: Pick<GraphNode, "graph" | "branches">): Iterable<Graph> {
  if (graph !== undefined) yield graph;
  for (const branch of branches) yield* graphsIn(branch);
}

/** A state as it is written: mark, name, what is inside, and whether it may be the last. */
export function nodeLabel(
  node: GraphNode,
  style: GraphStyle,
): { readonly text: SafeText; readonly role: Role } {
  const { glyphs } = style.theme;
  const mark = style.marks?.get(node.id) ?? "idle";
  const keys = (node.branches ?? []).map((branch) => branch.key).join(", ");
  const inside = node.branches === undefined ? safe`` : safe` {${safeText(keys)}}`;
  const name = truncate(safe`${safeText(node.id)}${inside}`, MAX_NAME);
  const glyph = glyphs[mark satisfies keyof Glyphs];
  const role: Role = mark === "skipped" ? "idle" : mark;
  return { text: node.finish ? safe`${glyph} ${name} ◎` : safe`${glyph} ${name}`, role };
}

/** What is written on an edge. */
export function edgeLabel(edge: GraphEdge): SafeText {
  const label = edge.label === undefined ? safe`` : truncate(safeText(edge.label), MAX_LABEL);
  if (edge.kind === "advance") return label === "" && edge.conditional ? safe`?` : label;
  return label === "" ? safe`catch` : safe`catch ${label}`;
}

interface Place {
  readonly layer: number;
  readonly row: number;
  readonly column: number;
  readonly end: number;
}

interface Gutter {
  /** First column. */
  start: number;
  /** Vertical tracks that are taken. */
  tracks: number;
  label: number;
}

function drawLayers(graph: Graph, style: GraphStyle): Line[] | undefined {
  const { layers, forward, others } = layersOf(graph);
  if (layers.some((layer) => layer.length > MAX_LAYER)) return undefined;
  const layerOf = new Map(layers.flatMap((layer, at) => layer.map((node) => [node.id, at] as const)));
  // A gutter stands before each layer, and one behind the last.
  const gutters: Gutter[] = Array.from({ length: layers.length + 1 }, () => ({
    start: 0,
    tracks: 0,
    label: 0,
  }));
  const trackOf = (gutter: number): number => gutters[gutter]!.tracks++;
  const sources = new Map<string, number>();
  for (const edge of forward) {
    const gutter = gutters[layerOf.get(edge.to)!]!;
    if (!sources.has(edge.from)) sources.set(edge.from, gutter.tracks++);
    gutter.label = Math.max(gutter.label, widthOf(edgeLabel(edge)));
  }
  const returns = others.map((edge) => ({
    edge,
    out: trackOf(layerOf.get(edge.from)! + 1),
    back: trackOf(layerOf.get(edge.to)!),
  }));
  const places = new Map<string, Place>();
  let column = 0;
  for (const [at, layer] of layers.entries()) {
    const gutter = gutters[at]!;
    gutter.start = column;
    column += gutterWidth(gutter, at === 0);
    const width = Math.max(...layer.map((node) => widthOf(nodeLabel(node, style).text)));
    for (const [row, node] of layer.entries()) {
      const end = column + widthOf(nodeLabel(node, style).text);
      places.set(node.id, { layer: at, row: row * 2, column, end });
    }
    column += width;
  }
  gutters.at(-1)!.start = column;
  column += gutterWidth(gutters.at(-1)!, false);
  if (column > style.width) return undefined;

  const height = Math.max(...layers.map((layer) => layer.length)) * 2 - 1;
  const ascii = style.theme.glyphs === ASCII_GLYPHS;
  const canvas = new GraphCanvas(column, height + returns.length, ascii);
  const arrow = ascii ? safe`>` : safe`▶`;
  const track = (gutter: number, index: number): number => gutters[gutter]!.start + 1 + index * 2;
  const enter = (to: Place, from: number): void => {
    canvas.across(to.row, from, to.column - 2);
    canvas.write(to.row, to.column - 2, arrow, style.theme.styles.dim);
  };
  for (const edge of forward) {
    const [from, to] = [places.get(edge.from)!, places.get(edge.to)!];
    const turn = track(to.layer, sources.get(edge.from)!);
    canvas.across(from.row, from.end, turn);
    canvas.down(turn, from.row, to.row);
    enter(to, turn);
  }
  for (const [at, { edge, out, back }] of returns.entries()) {
    const [from, to] = [places.get(edge.from)!, places.get(edge.to)!];
    const [leave, arrive] = [track(from.layer + 1, out), track(to.layer, back)];
    const lane = height + at;
    canvas.across(from.row, from.end, leave);
    canvas.down(leave, from.row, lane);
    canvas.across(lane, leave, arrive);
    canvas.down(arrive, lane, to.row);
    enter(to, arrive);
    const label = edgeLabel(edge);
    const room = Math.abs(leave - arrive) - 3;
    const shown = label === "" || room < 3 ? safe`` : safe` ${truncate(label, room - 2)} `;
    const middle =
      Math.min(leave, arrive) + 1 + Math.max(1, (Math.abs(leave - arrive) - widthOf(shown)) >> 1);
    canvas.write(lane, middle, shown, style.theme.styles.dim);
  }
  for (const edge of forward) {
    const to = places.get(edge.to)!;
    const label = edgeLabel(edge);
    const labels = forward
      .filter((other) => other.to === edge.to)
      .map(edgeLabel)
      .filter((each) => each !== "");
    // Several edges share the way in: one label would be taken for all.
    if (label !== "" && labels.length === 1)
      canvas.write(to.row, to.column - 4 - widthOf(label), safe` ${label} `, style.theme.styles.dim);
  }
  for (const layer of layers)
    for (const node of layer) {
      const { row, column: start } = places.get(node.id)!;
      const { text, role } = nodeLabel(node, style);
      canvas.write(row, start, safe`${text} `, style.theme.styles[role]);
    }
  return canvas.lines(style.theme.styles.dim);
}

/** Room for the tracks, a label, and the arrow. The first gutter is empty unless something returns to the start. */
function gutterWidth(gutter: Gutter, first: boolean): number {
  if (first && gutter.tracks === 0) return 1;
  const label = gutter.label === 0 ? 0 : gutter.label + 3;
  return gutter.tracks === 0 ? 0 : 1 + gutter.tracks * 2 + label + 3;
}
