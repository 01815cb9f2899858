/**
 * A definition: the compiled form of an orchestration, plain data with integer state numbers. The engine
 * reads it, and a graph is made of it; building it executes nothing. No code outside reaches it: its
 * lists are not frozen, because reading a frozen list costs a fifth of a step.
 */

import type { DossierAddition, EdgePlace } from "../words/dossier.ts";
import type { Budget } from "../words/limits.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { Compiled, Made } from "./compiled.ts";
import type { PutAdded } from "./dossier.ts";

/** What an edge adds to a dossier, and what takes that in a run. */
export interface EdgeAddition extends Omit<DossierAddition<unknown, unknown>, "put"> {
  readonly put: PutAdded;
}

/** One edge, with its targets as state numbers. */
export interface Edge {
  readonly targets: readonly number[];
  readonly cause: "output" | "error";
  readonly label?: string | undefined;
  readonly when?: ((value: unknown, input: unknown, place: EdgePlace) => boolean) | undefined;
  readonly convert?: ((value: unknown, input: unknown, place: EdgePlace) => unknown) | undefined;
  /** What it adds to a dossier. */
  readonly add?: EdgeAddition | undefined;
  /** Picks one of several targets. */
  readonly choose?: ((value: unknown, input: unknown, place: EdgePlace) => AnyRunnable) | undefined;
}

/** What makes states on the way. It stands behind the `blueprint` of a runnable, so that a program without such states has none of it. */
export interface Maker {
  /** The state that an advancer gave; `undefined` where it was not made of this. */
  readonly made: (state: StateRecord, given: unknown) => StateRecord | undefined;
  /** The state that was made from this before. @throws FatalError when that does not make it again. */
  readonly again: (state: StateRecord, made: Made) => StateRecord;
  /** What is wrong with the edges that lead there, or with a start there. */
  readonly problems: (
    state: StateRecord,
    edges: readonly (Pick<Edge, "choose"> & { readonly targets: readonly AnyRunnable[] })[],
    start: AnyRunnable | undefined,
  ) => Iterable<string>;
}

/** One state of a machine. */
export interface StateRecord {
  readonly index: number;
  readonly id: string;
  readonly runnable: Compiled;
  /** How it is made on the way; `undefined` for a state that is there before. */
  readonly maker: Maker | undefined;
  readonly advancers: readonly Edge[];
  readonly catches: readonly Edge[];
  readonly finishes: boolean;
}

/** The names of the states that an edge may lead to. */
export function namesOf(states: readonly StateRecord[], { targets }: Edge): string {
  return targets.map((target) => states[target]!.id).join(" or ");
}

/** A compiled orchestration. */
export interface Definition {
  readonly id: string;
  readonly states: readonly StateRecord[];
  /** By state number: the state that always follows on it, where nothing has to be asked; `undefined` where no state has one. See `straight.ts`. */
  readonly straight: readonly (StateRecord | undefined)[] | undefined;
  readonly start: number;
  /** A zero for each state: what the visits of a machine begin with. */
  readonly unvisited: readonly number[];
  readonly maxSteps: number;
  readonly deadline: number | undefined;
  readonly budget: Budget | undefined;
}
