/** An orchestration as plain data for drawing: one node per runnable, one edge per advancer and target. */
import { nodeOf } from "../composite/node.ts";
import type { Definition, Edge } from "../definition.ts";
import type { StateKind } from "../events.ts";
import type { AnyRunnable } from "../fits.ts";

/** One state. */
export interface GraphNode {
  readonly id: string;
  readonly kind: StateKind;
  readonly start: boolean;
  readonly finish: boolean;
  /** The inside of a nested orchestration. */
  readonly graph?: Graph;
  /** The branches of a fan-out: one for `each`, by key for `all`. */
  readonly branches?: readonly GraphBranch[];
}

/** One branch of a fan-out. */
export interface GraphBranch {
  /** The branch's key in `all`; the runnable's id in `each`. */
  readonly key: string;
  readonly id: string;
  readonly conditional: boolean;
  readonly graph?: Graph;
}

/** One way from a state to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** What moves along it: an output or a failure. */
  readonly kind: "advance" | "catch";
  readonly label?: string;
  readonly conditional: boolean;
  readonly converts: boolean;
}

/** States and edges of an orchestration. */
export interface Graph {
  readonly id: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Reads a definition as a graph. */
export function graphOf(definition: Definition): Graph {
  const { id, states, start } = definition;
  const nodes = states.map(
    (state): GraphNode => ({
      id: state.id,
      kind: nodeOf(state.runnable)?.kind ?? "runnable",
      start: state.index === start,
      finish: state.finishes,
      ...insideOf(state.runnable),
    }),
  );
  const edges = states.flatMap((state) =>
    [...state.advancers, ...state.catches].flatMap((edge) =>
      edge.targets.map((target) => graphEdge(state.id, states[target]!.id, edge)),
    ),
  );
  return { id, nodes, edges };
}

function graphEdge(from: string, to: string, edge: Edge): GraphEdge {
  return {
    from,
    to,
    kind: edge.cause === "output" ? "advance" : "catch",
    ...(edge.label === undefined ? {} : { label: edge.label }),
    conditional: edge.when !== undefined || edge.targets.length > 1,
    converts: edge.convert !== undefined,
  };
}

function insideOf(runnable: AnyRunnable): Pick<GraphNode, "graph" | "branches"> {
  const node = nodeOf(runnable);
  if (node === undefined) return {};
  if (node.kind === "orchestration") return { graph: graphOf(node.definition) };
  if (node.kind === "each") return { branches: [branch(node.branch.id, node.branch, false)] };
  if (!("branches" in node)) return {};
  const when = node.kind === "all" ? node.when : [];
  return {
    branches: node.branches.map((one, slot) => branch(node.keys[slot]!, one, when[slot] !== undefined)),
  };
}

function branch(key: string, runnable: AnyRunnable, conditional: boolean): GraphBranch {
  const { graph } = insideOf(runnable);
  return { key, id: runnable.id, conditional, ...(graph === undefined ? {} : { graph }) };
}
