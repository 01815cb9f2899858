import { type DefinitionProblem, InvalidDefinitionError } from "../errors/invalid-definition-error.ts";
import type { Compiled } from "../kernel/compiled.ts";
import type { Definition, Edge, Maker, StateRecord } from "../kernel/definition.ts";
import { nodeOf } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { DefinitionDraft, EdgeDraft } from "./definition-draft.ts";

/** How a draft is read. */
export interface Reading {
  /** Reads a runnable; one that lends is needed once more after it was called. */
  readonly read: (runnable: AnyRunnable, lends: boolean) => Compiled;
  /** Finds what is wrong with a draft and the states made of it; `start` is -1 where there is none. */
  readonly problems: (
    draft: DefinitionDraft,
    runnables: readonly AnyRunnable[],
    states: readonly StateRecord[],
    start: number,
  ) => Iterable<DefinitionProblem>;
  /** Finds the states that always follow; absent where every step goes through the transition. */
  readonly straight?: (states: readonly StateRecord[]) => Definition["straight"];
}

/**
 * Compiles a draft.
 *
 * @throws InvalidDefinitionError listing all problems at once.
 */
export function compile(draft: DefinitionDraft, { read, problems: find, straight }: Reading): Definition {
  const runnables = collect(draft);
  // In plain JavaScript an id may stand in the place of its runnable.
  const strangers = (runnables as readonly (Partial<AnyRunnable> | undefined)[])
    .filter(
      (one) =>
        typeof one?.invoke !== "function" &&
        (one === undefined || blueprintOf(one as AnyRunnable) === undefined),
    )
    .map((one) => ({ says: `"${one?.id ?? one}" is no runnable: give what runnable(id, function) gave.` }));
  if (strangers.length > 0) throw new InvalidDefinitionError(draft.id, strangers);
  const indexOf = new Map(runnables.map((runnable, index) => [runnable, index]));
  const edge = ({ targets, cause, label, when, convert, choose, add }: EdgeDraft): Edge => {
    const indexes = targets.map((target) => indexOf.get(target)!);
    return Object.freeze({ targets: indexes, cause, label, when, convert, choose, add });
  };
  const edgesOf = (runnable: AnyRunnable, cause: EdgeDraft["cause"]): readonly Edge[] =>
    draft.edges.filter((one) => one.from === runnable && one.cause === cause).map(edge);
  const states = runnables.map((runnable, index): StateRecord => {
    const catches = edgesOf(runnable, "error");
    const isRead = catches.length > 0 || draft.edges.some((one) => one.from === runnable && one.readsInput);
    return Object.freeze({
      index,
      id: runnable.id,
      runnable: read(runnable, isRead),
      maker: blueprintOf(runnable),
      advancers: edgesOf(runnable, "output"),
      catches,
      finishes: draft.last.includes(runnable),
    });
  });
  const start = draft.first === undefined ? -1 : indexOf.get(draft.first)!;
  const problems = [...find(draft, runnables, states, start)];
  if (problems.length > 0) throw new InvalidDefinitionError(draft.id, problems);
  const { maxSteps = 1_000, deadline, budget } = draft.limits;
  return Object.freeze({
    id: draft.id,
    states,
    straight: straight?.(states),
    start,
    unvisited: states.map(() => 0),
    maxSteps,
    deadline,
    budget,
  });
}

/** What makes the states that this one stands for. */
function blueprintOf(runnable: AnyRunnable): Maker | undefined {
  return (runnable as { readonly blueprint?: Maker }).blueprint;
}

/** Every runnable that the draft mentions, in order of its first mention. */
function collect({ first, edges, last, states = [] }: DefinitionDraft): AnyRunnable[] {
  const begun = first === undefined ? states : [...states, first];
  const found = [...begun, ...edges.flatMap(({ from, targets }) => [from, ...targets])];
  // A branch that may end the orchestration is inside of a state.
  const ends = last.filter((one) => one === undefined || nodeOf(one)?.kind !== "exit");
  return [...new Set([...found, ...ends])];
}
