/** Draws an orchestration as text: layers from left to right, or an indented tree where there is no room. */
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Glyphs, Role, Theme } from "../terminal/theme.ts";
import { indentLines, truncate, truncateLine } from "../terminal/width.ts";
import { graphTree } from "./graph-tree.ts";
import { layeredGraph } from "./layered-graph.ts";

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

/** Draws a graph; the insides of nested orchestrations follow, each under its name. */
export function graphLines(graph: Graph, style: GraphStyle): readonly Line[] {
  const lines = [...(layeredGraph(graph, style) ?? graphTree(graph, style))];
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
