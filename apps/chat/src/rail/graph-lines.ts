/** Draws an orchestration as text: layers from left to right, or an indented tree where there is no room. */
import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import type { Glyphs } from "../terminal/glyphs.ts";
import { type SafeText, safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import type { Role, Theme } from "../terminal/theme.ts";
import { indentLines, truncateLine } from "../terminal/width.ts";
import { graphTree } from "./graph-tree.ts";
import { layeredGraph } from "./layered-graph.ts";
import { branchPlace, listPlace } from "./rail-places.ts";

/** How a state is doing, for its mark. */
export type GraphMark = "idle" | "running" | "done" | "failed" | "waiting" | "retry" | "skipped";

/** How a graph is drawn. */
export interface GraphStyle {
  /** Cells. */
  readonly width: number;
  readonly theme: Theme;
  /** Live marks by the state's place; a state without one is idle. */
  readonly marks?: ReadonlyMap<string, GraphMark>;
  /** The place of the state that the graph is in; absent for the graph of the run. */
  readonly place?: string;
}

/** Draws a graph; the insides of nested orchestrations follow, each under its name. */
export function graphLines(graph: Graph, style: GraphStyle): readonly Line[] {
  const lines = [...(layeredGraph(graph, style) ?? graphTree(graph, style))];
  for (const node of graph.nodes) {
    for (const { graph: inner, place } of graphsIn(node, nodePlace(node, style))) {
      const title = span(safe`${safeText(node.id)}:`, style.theme.styles.dim);
      const margin: Line = [{ text: safe`  ` }];
      const body = graphLines(inner, { ...style, place, width: Math.max(1, style.width - 2) });
      lines.push([], [title], ...indentLines(body, margin, margin));
    }
  }
  return lines.map((line) => truncateLine(line, style.width));
}

/** The orchestrations inside a state, at the end of branches of any depth. */
function* graphsIn(
  { kind, graph, branches = [] }: Pick<GraphNode, "kind" | "graph" | "branches">,
  place: string,
): Iterable<{ readonly graph: Graph; readonly place: string }> {
  if (graph !== undefined) yield { graph, place };
  for (const branch of branches)
    yield* graphsIn(branch, kind === "each" ? listPlace(place, branch) : branchPlace(place, branch));
}

function nodePlace({ id }: GraphNode, { place }: GraphStyle): string {
  return place === undefined ? id : `${place}/${id}`;
}

/** A state as it is written: mark, name, what is inside, and whether it may be the last. */
export function nodeLabel(
  node: GraphNode,
  style: GraphStyle,
): { readonly text: SafeText; readonly role: Role } {
  const { glyphs } = style.theme;
  const mark = style.marks?.get(nodePlace(node, style)) ?? "idle";
  const keys = (node.branches ?? []).map((branch) => branch.key).join(", ");
  const inside = node.branches === undefined ? safe`` : safe` {${safeText(keys)}}`;
  const name = safe`${safeText(node.id)}${inside}`;
  const glyph = glyphs[mark satisfies keyof Glyphs];
  const role: Role = mark === "skipped" ? "idle" : mark;
  return { text: node.finish ? safe`${glyph} ${name} ◎` : safe`${glyph} ${name}`, role };
}

/** What is written on an edge. */
export function edgeLabel(edge: GraphEdge): SafeText {
  const label = safeText((edge.label ?? "").replaceAll(/\s+/g, " "));
  if (edge.kind === "advance") return label === "" && edge.conditional ? safe`?` : label;
  return label === "" ? safe`catch` : safe`catch ${label}`;
}
