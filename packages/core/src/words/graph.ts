/**
 * An orchestration as plain data: one node per runnable, one edge per advancer and target. It is what
 * drawings are made from, and it holds all that tells the structure of two definitions apart; functions
 * are only marked as present.
 */

import type { Definition, Edge } from "../kernel/definition.ts";
import { nodeOf } from "../kernel/node.ts";
import { given } from "../platform/given.ts";
import type { StateKind } from "./events.ts";
import type { AnyRunnable } from "./runnable.ts";

/** What a runnable is, and what is inside it. */
export interface GraphInside {
  readonly kind: StateKind;
  /** How often it may be entered. */
  readonly maxVisits?: number;
  /** How often it is entered when no advancer takes its output, the first time included. */
  readonly rerun?: number;
  /** Whether failures of branches are results. */
  readonly settled?: true;
  /** How many results end a race; absent where one is given bare. */
  readonly first?: number;
  /** The inside of a nested orchestration. */
  readonly graph?: Graph;
  /** The branches of a fan-out: one for `each`, by key for `all` and `race`. */
  readonly branches?: readonly GraphBranch[];
}

/** One state. */
export interface GraphNode extends GraphInside {
  readonly id: string;
  readonly start: boolean;
  readonly finish: boolean;
}

/** One branch of a fan-out. */
export interface GraphBranch extends GraphInside {
  /** The branch's key in `all` and `race`; the runnable's id in `each`. */
  readonly key: string;
  readonly id: string;
  readonly conditional: boolean;
}

/** One way from a state to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** What moves along it: an output or a failure. */
  readonly kind: "advance" | "catch";
  /** Which of the advancers of its kind it is, from 0, in the order they are asked; the targets of one advancer share it. */
  readonly place: number;
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
      start: state.index === start,
      finish: state.finishes,
      ...insideOf(state.runnable.source),
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
  const { cause, label, when, convert, targets } = edge;
  return {
    from,
    to,
    kind: cause === "output" ? "advance" : "catch",
    place,
    ...given({ label }),
    conditional: when !== undefined || targets.length > 1,
    converts: convert !== undefined,
  };
}

function insideOf(runnable: AnyRunnable): GraphInside {
  const { maxVisits, rerun } = runnable;
  const node = nodeOf(runnable);
  return {
    kind: node?.kind ?? "runnable",
    ...given({ maxVisits, rerun: rerun?.attempts }),
    ...node?.inside?.(runnable),
  };
}

/** One branch of a fan-out, as its composite tells it. */
export function branchOf(key: string, runnable: AnyRunnable, conditional: boolean): GraphBranch {
  return { key, id: runnable.id, conditional, ...insideOf(runnable) };
}
