/**
 * An orchestration as plain data: one node per runnable, one edge per advancer and target. It is what
 * drawings are made from, and it holds all that tells the structure of two definitions apart; functions
 * are only marked as present.
 */
import type { StateKind } from "./events.ts";

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
  /** Whether a race over a list gives its one result, and not a list of one. */
  readonly bare?: true;
  /** Whether a function says when a fan-out has enough. */
  readonly enough?: true;
  /** Items are added to it while it runs. */
  readonly grows?: true;
  /** Its branches go on in the background of the orchestration when it has completed. */
  readonly rest?: "background";
  /** Whose results a state collects. */
  readonly collects?: string;
  /** The kind of signal that a state waits for. */
  readonly signal?: string;
  /** Whether it waits for a condition over shared state. */
  readonly condition?: true;
  /** After how many milliseconds it waits no more. */
  readonly timeout?: number;
  /** The inside of a nested orchestration. */
  readonly graph?: Graph;
  /** Whether it is made on the way, so that what is inside it is known once it was made. */
  readonly made?: true;
  /** The branches of a fan-out: one for `each`, by key for `all` and `race`; the candidates of a choice by name. */
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
  /** Whether a candidate of a choice receives what a conversion made of the input. */
  readonly converts?: true;
  /** It takes the result of each other branch as it comes. */
  readonly follows?: true;
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
  /** The dossier that it adds to. */
  readonly adds?: string;
}

/** States and edges of an orchestration. */
export interface Graph {
  readonly id: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
