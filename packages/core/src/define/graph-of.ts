import type { Definition, Edge } from "../kernel/definition.ts";
import { nodeOf } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import type { Graph, GraphBranch, GraphEdge, GraphInside, GraphNode } from "../words/graph.ts";
import type { AnyRunnable } from "../words/runnable.ts";

/** Reads a definition as a graph. */
export function graphOf(definition: Definition): Graph {
  const { id, states, start } = definition;
  const nodes = states.map(
    (state): GraphNode => ({
      id: state.id,
      start: state.index === start,
      finish: state.finishes,
      ...(state.maker === undefined ? insideOf(state.runnable.source) : { kind: "runnable", made: true }),
    }),
  );
  const edges = states.flatMap((state) =>
    [state.advancers, state.catches].flatMap((asked) =>
      asked.flatMap((edge, place) =>
        edge.targets.map((target) => graphEdge(state.id, states[target]!.id, edge, place)),
      ),
    ),
  );
  return { id, nodes, edges };
}

function graphEdge(from: string, to: string, edge: Edge, place: number): GraphEdge {
  const { cause, label, when, convert, targets, add } = edge;
  return {
    from,
    to,
    kind: cause === "output" ? "advance" : "catch",
    place,
    ...given({ label }),
    conditional: when !== undefined || targets.length > 1,
    converts: convert !== undefined,
    ...given({ adds: add?.dossier }),
  };
}

function insideOf(runnable: AnyRunnable): GraphInside {
  const { maxVisits, rerun } = runnable;
  const node = nodeOf(runnable);
  return {
    kind: node?.kind ?? "runnable",
    ...given({ maxVisits, rerun: rerun?.attempts }),
    ...node?.inside?.(),
  };
}

/** One branch of a fan-out, as its composite tells it. */
export function branchOf(key: string, runnable: AnyRunnable, conditional: boolean): GraphBranch {
  return { key, id: runnable.id, conditional, ...insideOf(runnable) };
}
