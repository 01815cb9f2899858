import type { Graph, GraphInside } from "@orch/core";

/** All states of a graph by their places, those inside of others after them: `searchAll`, `searchAll/search`. */
export function graphStates(graph: Graph): readonly string[] {
  return graph.nodes.flatMap((node) => [node.id, ...insides(node).map((inside) => `${node.id}/${inside}`)]);
}

function insides({ graph, branches = [] }: GraphInside): readonly string[] {
  const own = graph === undefined ? [] : graphStates(graph);
  return [
    ...own,
    ...branches.flatMap((branch) => [
      branch.id,
      ...insides(branch).map((inside) => `${branch.id}/${inside}`),
    ]),
  ];
}
