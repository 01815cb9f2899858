/**
 * A definition: the compiled form of an orchestration, frozen plain data with integer state numbers.
 * The engine, the drawing and a journal read it; building it executes nothing.
 */
import { nodeOf } from "./composite/node.ts";
import { type DefinitionProblem, InvalidDefinitionError } from "./errors/invalid-definition-error.ts";
import type { AnyRunnable } from "./fits.ts";

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
  readonly maxSteps: number;
}

/** An edge with its targets as state numbers. */
export interface Edge extends Omit<EdgeDraft, "from" | "targets"> {
  readonly targets: readonly number[];
}

/** One state of a machine. */
export interface StateRecord {
  readonly index: number;
  readonly id: string;
  readonly runnable: AnyRunnable;
  readonly advancers: readonly Edge[];
  readonly catches: readonly Edge[];
  readonly finishes: boolean;
}

/** A compiled orchestration. */
export interface Definition {
  readonly id: string;
  readonly states: readonly StateRecord[];
  readonly start: number;
  readonly maxSteps: number;
}

/**
 * Compiles a draft.
 *
 * @throws InvalidDefinitionError listing all problems at once.
 */
export function compile(draft: DefinitionDraft): Definition {
  const problems: DefinitionProblem[] = [];
  const runnables = collect(draft);
  const indexOf = new Map(runnables.map((runnable, index) => [runnable, index]));
  const edge = (one: EdgeDraft): Edge => {
    const { from: _from, targets, ...rest } = one;
    return Object.freeze({ ...rest, targets: Object.freeze(targets.map((target) => indexOf.get(target)!)) });
  };
  const states = runnables.map((runnable, index): StateRecord => {
    const own = draft.edges.filter((one) => one.from === runnable);
    return Object.freeze({
      index,
      id: runnable.id,
      runnable,
      advancers: Object.freeze(own.filter((one) => one.cause === "output").map(edge)),
      catches: Object.freeze(own.filter((one) => one.cause === "error").map(edge)),
      finishes: draft.last.includes(runnable),
    });
  });
  if (draft.id === "")
    problems.push({ says: "An orchestration needs an id: give it a name as the first argument." });
  if (draft.first === undefined) problems.push({ says: "There is no start: call .start(runnable)." });
  if (draft.last.length === 0) problems.push({ says: "There is no finish: call .finish(runnable)." });
  const all = withBranches(runnables);
  problems.push(...nameProblems(draft.id === "" ? all : [draft, ...all]), ...twinProblems(runnables));
  problems.push(...edgeProblems(states), ...optionProblems(draft, all));
  const start = draft.first === undefined ? -1 : indexOf.get(draft.first)!;
  if (start >= 0 && draft.last.length > 0) problems.push(...reachProblems(states, start));
  if (problems.length > 0) throw new InvalidDefinitionError(draft.id, problems);
  return Object.freeze({ id: draft.id, states: Object.freeze(states), start, maxSteps: draft.maxSteps });
}

function collect(draft: DefinitionDraft): AnyRunnable[] {
  const found = new Set<AnyRunnable>();
  if (draft.first !== undefined) found.add(draft.first);
  for (const edge of draft.edges) {
    found.add(edge.from);
    for (const target of edge.targets) found.add(target);
  }
  for (const runnable of draft.last) found.add(runnable);
  return [...found];
}

/** The states, and the branches of those that are fan-outs; a nested orchestration has checked its own. */
function withBranches(runnables: readonly AnyRunnable[]): readonly AnyRunnable[] {
  const found = new Set(runnables);
  for (const runnable of found) {
    const node = nodeOf(runnable);
    if (node?.kind === "each") found.add(node.branch);
    if (node?.kind === "all") for (const branch of node.branches) found.add(branch);
  }
  return [...found];
}

/** Characters that separate the parts of a path cannot be part of an id. */
const RESERVED = /[/#[\]\s]/;

function* nameProblems(named: readonly { readonly id: string }[]): Iterable<DefinitionProblem> {
  for (const { id } of named) {
    if (id === "" || RESERVED.test(id)) {
      yield {
        runnable: id,
        says: `"${id}" cannot be an id: use a word without spaces, "/", "#", "[" and "]".`,
      };
    }
  }
}

function* twinProblems(runnables: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  const seen = new Set<string>();
  for (const { id } of runnables) {
    if (seen.has(id)) {
      yield { runnable: id, says: `Two runnables have the id "${id}": give one of them another id.` };
    }
    seen.add(id);
  }
}

function* optionProblems(
  draft: DefinitionDraft,
  runnables: readonly AnyRunnable[],
): Iterable<DefinitionProblem> {
  if (!(draft.maxSteps >= 1)) yield { says: `maxSteps is ${draft.maxSteps}: it has to be 1 or more.` };
  for (const runnable of runnables) {
    const { id, timeout, retry, input, output } = runnable;
    const node = nodeOf(runnable);
    if (node !== undefined && [timeout, retry, input, output].some((option) => option !== undefined)) {
      yield {
        runnable: id,
        says: `"${id}" is a composite: give retry, timeout and schemas to the runnables in it.`,
      };
    }
    if (node !== undefined && node.kind !== "orchestration" && !(node.concurrency >= 1)) {
      yield {
        runnable: id,
        says: `The concurrency of "${id}" is ${node.concurrency}: it has to be 1 or more.`,
      };
    }
    if (timeout !== undefined && !(timeout > 0)) {
      yield {
        runnable: id,
        says: `The timeout of "${id}" is ${timeout}: it has to be above 0 (milliseconds).`,
      };
    }
    if (retry?.attempts !== undefined && !(retry.attempts >= 1)) {
      yield { runnable: id, says: `"${id}" has ${retry.attempts} attempts: it has to be 1 or more.` };
    }
  }
}

function* edgeProblems(states: readonly StateRecord[]): Iterable<DefinitionProblem> {
  for (const { id, advancers, catches, finishes } of states) {
    if (advancers.length === 0 && !finishes) {
      yield {
        runnable: id,
        says: `"${id}" neither finishes nor advances: add an advancer, or name it in .finish(...).`,
      };
    }
    if (finishes && advancers.some((edge) => edge.when === undefined)) {
      yield {
        runnable: id,
        says: `"${id}" is named in .finish(...), but an advancer without a condition always leads on from it: give that one a "when".`,
      };
    }
    for (const edges of [advancers, catches]) {
      const always = edges.findIndex((edge) => edge.when === undefined);
      for (const edge of always === -1 ? [] : edges.slice(always + 1)) {
        const to = edge.targets.map((target) => states[target]!.id).join(" or ");
        yield {
          runnable: id,
          says: `The advancer from "${id}" to "${to}" is never asked, because an earlier one has no condition: give that one a "when", or move it to the end.`,
        };
      }
      for (const edge of edges) {
        if (edge.targets.length > 0) continue;
        yield {
          runnable: id,
          says: `An advancer class from "${id}" declares no targets: list every runnable that getNextRunnable may give.`,
        };
      }
    }
  }
}

function* reachProblems(states: readonly StateRecord[], start: number): Iterable<DefinitionProblem> {
  const forward = states.map((state) =>
    [...state.advancers, ...state.catches].flatMap((edge) => edge.targets),
  );
  const backward: number[][] = states.map(() => []);
  forward.forEach((targets, from) => {
    for (const to of targets) backward[to]!.push(from);
  });
  const reached = walk([start], forward);
  const finishing = walk(
    states.filter((state) => state.finishes).map((state) => state.index),
    backward,
  );
  for (const { index, id } of states) {
    if (!reached.has(index)) {
      yield {
        runnable: id,
        says: `"${id}" is never reached: add an advancer that leads to it, or leave it out.`,
      };
    } else if (!finishing.has(index)) {
      yield { runnable: id, says: `No way leads from "${id}" to a finish: add an advancer towards one.` };
    }
  }
}

function walk(from: readonly number[], next: readonly (readonly number[])[]): Set<number> {
  const seen = new Set(from);
  for (const index of seen) for (const other of next[index]!) seen.add(other);
  return seen;
}
