/**
 * A definition: the compiled form of an orchestration, plain data with integer state numbers. The engine
 * reads it, and a graph is made of it; building it executes nothing. Nobody outside gets hold of it: its
 * lists are not frozen, because reading a frozen list costs a fifth of a step.
 */

import { problemsOf } from "../define/definition-problems.ts";
import { InvalidDefinitionError } from "../errors/invalid-definition-error.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import { type Compiled, compiled } from "./compiled.ts";

/** One edge, as the builder collects it. */
export interface EdgeDraft {
  readonly from: AnyRunnable;
  readonly targets: readonly AnyRunnable[];
  readonly cause: "output" | "error";
  readonly label?: string | undefined;
  readonly when?: ((value: unknown, input: unknown) => boolean) | undefined;
  readonly convert?: ((value: unknown, input: unknown) => unknown) | undefined;
  /** Picks one of several targets. */
  readonly choose?: ((value: unknown) => AnyRunnable) | undefined;
}

/** All a builder collected. */
export interface DefinitionDraft {
  readonly id: string;
  readonly first: AnyRunnable | undefined;
  readonly edges: readonly EdgeDraft[];
  readonly last: readonly AnyRunnable[];
  readonly limits: Limits;
}

/** How far an orchestration may go. */
export interface Limits {
  /** How many states one execution may enter after the first. Default 1,000. */
  readonly maxSteps?: number;
  /** How long one execution may take, in milliseconds. Default: no limit. */
  readonly deadline?: number;
  /** What one execution may spend, as counted by `ctx.spend`. Default: no limit. */
  readonly budget?: Budget;
}

/** What may be spent. */
export interface Budget {
  /** Tokens read and written. */
  readonly maxTokens?: number;
  /** In US dollars. */
  readonly maxCost?: number;
}

/** An edge with its targets as state numbers. */
export interface Edge extends Omit<EdgeDraft, "from" | "targets"> {
  readonly targets: readonly number[];
}

/** One state of a machine. */
export interface StateRecord {
  readonly index: number;
  readonly id: string;
  readonly runnable: Compiled;
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
  readonly start: number;
  /** A zero for each state: what the visits of a machine begin with. */
  readonly unvisited: readonly number[];
  readonly maxSteps: number;
  readonly deadline: number | undefined;
  readonly budget: Budget | undefined;
}

/**
 * Compiles a draft.
 *
 * @throws InvalidDefinitionError listing all problems at once.
 */
export function compile(draft: DefinitionDraft): Definition {
  const runnables = collect(draft);
  // Where nobody checks the types, an id may stand in the place of its runnable.
  const strangers = (runnables as readonly (Partial<AnyRunnable> | undefined)[])
    .filter((one) => typeof one?.invoke !== "function")
    .map((one) => ({ says: `"${one?.id ?? one}" is no runnable: give what runnable(id, function) gave.` }));
  if (strangers.length > 0) throw new InvalidDefinitionError(draft.id, strangers);
  const indexOf = new Map(runnables.map((runnable, index) => [runnable, index]));
  const edge = ({ targets, cause, label, when, convert, choose }: EdgeDraft): Edge => {
    const indexes = targets.map((target) => indexOf.get(target)!);
    return Object.freeze({ targets: indexes, cause, label, when, convert, choose });
  };
  const edgesOf = (runnable: AnyRunnable, cause: EdgeDraft["cause"]): readonly Edge[] =>
    draft.edges.filter((one) => one.from === runnable && one.cause === cause).map(edge);
  const states = runnables.map(
    (runnable, index): StateRecord =>
      Object.freeze({
        index,
        id: runnable.id,
        runnable: compiled(runnable),
        advancers: edgesOf(runnable, "output"),
        catches: edgesOf(runnable, "error"),
        finishes: draft.last.includes(runnable),
      }),
  );
  const start = draft.first === undefined ? -1 : indexOf.get(draft.first)!;
  const problems = [...problemsOf(draft, runnables, states, start)];
  if (problems.length > 0) throw new InvalidDefinitionError(draft.id, problems);
  const { maxSteps = 1_000, deadline, budget } = draft.limits;
  return Object.freeze({
    id: draft.id,
    states,
    start,
    unvisited: states.map(() => 0),
    maxSteps,
    deadline,
    budget,
  });
}

/** Every runnable that is spoken of, in the order it comes up. */
function collect({ first, edges, last }: DefinitionDraft): AnyRunnable[] {
  const begun = first === undefined ? [] : [first];
  return [...new Set([...begun, ...edges.flatMap(({ from, targets }) => [from, ...targets]), ...last])];
}
