import type { Graph, GraphEdge, GraphNode } from "@orch/core/draw";

/** States by how many steps from the start they are first reached, and the edges between. */
export interface GraphLayers {
  readonly layers: readonly (readonly GraphNode[])[];
  /** Edges from one layer to the next. */
  readonly forward: readonly GraphEdge[];
  /** All others: back, across, or over a layer. */
  readonly others: readonly GraphEdge[];
}

/** Puts the states of a graph into layers. A state that nothing leads to stands in the first. */
export function layersOf(graph: Graph): GraphLayers {
  const depths = depthsOf(graph);
  const deepest = graph.nodes.reduce((most, node) => Math.max(most, depths.get(node.id) ?? 0), 0);
  const layers: GraphNode[][] = Array.from({ length: deepest + 1 }, () => []);
  for (const node of graph.nodes) layers[depths.get(node.id) ?? 0]!.push(node);
  const forward: GraphEdge[] = [];
  const others: GraphEdge[] = [];
  for (const edge of graph.edges) {
    const step = (depths.get(edge.to) ?? 0) - (depths.get(edge.from) ?? 0);
    (step === 1 ? forward : others).push(edge);
  }
  return { layers, forward, others };
}

function depthsOf(graph: Graph): Map<string, number> {
  const depths = new Map<string, number>();
  const queue = graph.nodes.filter((node) => node.start).map((node) => node.id);
  for (const id of queue) depths.set(id, 0);
  for (let at = 0; at < queue.length; at++) {
    const from = queue[at]!;
    for (const edge of graph.edges) {
      if (edge.from !== from || depths.has(edge.to)) continue;
      depths.set(edge.to, depths.get(from)! + 1);
      queue.push(edge.to);
    }
  }
  return depths;
}
