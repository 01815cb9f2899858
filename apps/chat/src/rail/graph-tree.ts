import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";
import { ASCII_GLYPHS } from "../terminal/glyphs.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { type Line, span } from "../terminal/styled.ts";
import { repeat } from "../terminal/width.ts";
import { edgeLabel, type GraphStyle, nodeLabel } from "./graph-lines.ts";

/** Deeper states are drawn at this depth. */
const MAX_DEPTH = 12;

/** A state on its way into the tree. */
interface Step {
  readonly node: GraphNode;
  readonly via: GraphEdge | undefined;
  readonly depth: number;
  readonly from: Step | undefined;
}

/**
 * Draws a graph as an indented tree. A state is drawn where it is first reached; later it is only named, with the sign of
 * a loop where the edge leads back to a state above it.
 */
export function graphTree(graph: Graph, style: GraphStyle): Line[] {
  const lines: Line[] = [];
  const seen = new Set<string>();
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const ascii = style.theme.glyphs === ASCII_GLYPHS;
  const [into, again] = ascii ? [safe`->`, safe`^`] : [safe`→`, safe`↺`];
  const todo: Step[] = [];
  const draw = (start: GraphNode): void => {
    todo.push({ node: start, via: undefined, depth: 0, from: undefined });
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { node, via, depth } = next;
      const margin = repeat(safe` `, 1 + Math.min(depth, MAX_DEPTH) * 2);
      const label = via === undefined ? safe`` : edgeLabel(via);
      const note = span(label === "" ? safe`` : safe`  ${label}`, style.theme.styles.dim);
      if (seen.has(node.id)) {
        const sign = isBack(next) ? again : into;
        lines.push([{ text: safe`${margin}${sign} ${safeText(node.id)}` }, note]);
        continue;
      }
      seen.add(node.id);
      const { text, role } = nodeLabel(node, style);
      const arrow = via === undefined ? safe`` : safe`${into} `;
      lines.push([{ text: safe`${margin}${arrow}` }, span(text, style.theme.styles[role]), note]);
      todo.push(
        ...waysFrom(node, graph.edges, nodes).map((way) => ({ ...way, depth: depth + 1, from: next })),
      );
    }
  };
  for (const node of [...graph.nodes.filter((each) => each.start), ...graph.nodes]) {
    if (!seen.has(node.id)) draw(node);
  }
  return lines;
}

function isBack({ node, from }: Step): boolean {
  for (let above = from; above !== undefined; above = above.from) if (above.node.id === node.id) return true;
  return false;
}

/** The ways from a state, the first one last: they are drawn from the end. */
function waysFrom(
  node: GraphNode,
  edges: readonly GraphEdge[],
  nodes: ReadonlyMap<string, GraphNode>,
): { readonly node: GraphNode; readonly via: GraphEdge }[] {
  return edges
    .filter((edge) => edge.from === node.id)
    .reverse()
    .flatMap((via) => {
      const target = nodes.get(via.to);
      return target === undefined ? [] : [{ node: target, via }];
    });
}
