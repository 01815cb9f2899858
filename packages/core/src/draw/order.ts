import type { Graph, GraphEdge, GraphNode } from "../words/graph.ts";

/** The states of a graph from start to finish, and which edges lead back. */
export interface DrawingOrder {
  readonly nodes: readonly GraphNode[];
  readonly isBack: (edge: GraphEdge) => boolean;
}

type Targets = ReadonlyMap<string, readonly string[]>;

/**
 * Puts the states in an order in which every edge leads on, except those that close a loop. Which
 * those are is told by a search along the edges as they were declared; without them the rest is
 * ordered by the reverse of the order in which a second search leaves it.
 */
export function drawingOrder(graph: Graph): DrawingOrder {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const all = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const { from, to } of graph.edges) if (nodes.has(to)) all.get(from)?.push(to);
  const roots = [...graph.nodes.filter((node) => node.start), ...graph.nodes].map(({ id }) => id);

  const loops = new Set<string>();
  search(roots, all, { back: (from, to) => loops.add(pair(from, to)) });
  // What is followed last is left last, and stands first once the order is turned round.
  const onward = new Map(
    [...all].map(([id, to]) => [id, to.filter((target) => !loops.has(pair(id, target))).reverse()]),
  );
  const ordered: string[] = [];
  let left: string[] = [];
  search(roots, onward, {
    leave: (id) => left.push(id),
    rooted: () => {
      ordered.push(...left.reverse());
      left = [];
    },
  });
  const place = new Map(ordered.map((id, index) => [id, index]));
  return {
    nodes: ordered.map((id) => nodes.get(id)!),
    isBack: ({ from, to }) => place.get(to)! <= place.get(from)!,
  };
}

interface Told {
  /** An edge leads to a state that the search is still inside of. */
  readonly back?: (from: string, to: string) => void;
  readonly leave?: (id: string) => void;
  /** Called when every state reachable from one root was left. */
  readonly rooted?: () => void;
}

/** A depth-first search with a stack of its own: graphs may be deep. */
function search(roots: readonly string[], targets: Targets, told: Told): void {
  const seen = new Set<string>();
  const inside = new Set<string>();
  const stack: { readonly id: string; next: number }[] = [];
  const enter = (id: string): void => {
    seen.add(id);
    inside.add(id);
    stack.push({ id, next: 0 });
  };
  for (const root of roots) {
    if (!seen.has(root)) enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = targets.get(top.id)?.[top.next++];
      if (to === undefined) {
        inside.delete(top.id);
        stack.pop();
        told.leave?.(top.id);
      } else if (inside.has(to)) told.back?.(top.id, to);
      else if (!seen.has(to)) enter(to);
    }
    told.rooted?.();
  }
}

function pair(from: string, to: string): string {
  return JSON.stringify([from, to]);
}
