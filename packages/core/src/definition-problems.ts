/** What can be wrong with a definition. Everything is found at once, and each finding says what to change. */
import { type FanNode, nodeOf } from "./composite/node.ts";
import type { DefinitionDraft, StateRecord } from "./definition.ts";
import type { DefinitionProblem } from "./errors/invalid-definition-error.ts";
import type { AnyRunnable } from "./fits.ts";

/** Finds every problem of a draft and of the states made of it; `start` is -1 where there is none. */
export function* problemsOf(
  draft: DefinitionDraft,
  runnables: readonly AnyRunnable[],
  states: readonly StateRecord[],
  start: number,
): Iterable<DefinitionProblem> {
  if (draft.id === "") {
    yield { says: "An orchestration needs an id: give it a name as the first argument." };
  }
  if (start < 0) yield { says: "There is no start: call .start(runnable)." };
  if (draft.last.length === 0) yield { says: "There is no finish: call .finish(runnable)." };
  if (draft.id !== "") yield* nameProblems([draft]);
  yield* runnableProblems(runnables);
  yield* twinProblems(runnables);
  yield* edgeProblems(states);
  yield* limitProblems(draft);
  if (start >= 0 && draft.last.length > 0) yield* reachProblems(states, start);
}

/** Finds what is wrong with runnables by themselves, and with the branches of those that are fan-outs. */
export function* runnableProblems(runnables: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  const all = withBranches(runnables);
  yield* nameProblems(all);
  yield* optionProblems(all);
}

/** The states, and the branches of those that are fan-outs; a nested orchestration has checked its own. */
function withBranches(runnables: readonly AnyRunnable[]): readonly AnyRunnable[] {
  const found = new Set(runnables);
  for (const runnable of found) {
    const node = nodeOf(runnable);
    if (node?.kind === "each") found.add(node.branch);
    if (node !== undefined && "branches" in node) for (const branch of node.branches) found.add(branch);
  }
  return [...found];
}

/** Characters that separate the parts of a path cannot be part of an id. */
const RESERVED = /[/#[\]\s]/;

const SEPARATORS = /[/#[\]]/;

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
      yield {
        runnable: id,
        says: `Two runnables have the id "${id}": give one of them another id. What else is said of "${id}" may come of this.`,
      };
    }
    seen.add(id);
  }
}

function* optionProblems(runnables: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  for (const runnable of runnables) {
    const { id, timeout, retry, input, output } = runnable;
    const node = nodeOf(runnable);
    if (node !== undefined && [timeout, retry, input, output].some((option) => option !== undefined)) {
      yield {
        runnable: id,
        says: `"${id}" is a composite: give retry, timeout and schemas to the runnables in it.`,
      };
    }
    if (node !== undefined && "concurrency" in node) yield* fanProblems(id, node);
    else if (node?.kind === "question" && node.timeout !== undefined && !(node.timeout > 0)) {
      yield {
        runnable: id,
        says: `The timeout of "${id}" is ${node.timeout}: it has to be above 0 (milliseconds).`,
      };
    }
    const { concurrency, maxVisits, rerun } = runnable;
    if (concurrency !== undefined && !(concurrency >= 1)) {
      yield {
        runnable: id,
        says: `The concurrency of "${id}" is ${concurrency}: it has to be 1 or more.`,
      };
    }
    if (maxVisits !== undefined && !(maxVisits >= 1)) {
      yield { runnable: id, says: `The maxVisits of "${id}" is ${maxVisits}: it has to be 1 or more.` };
    }
    if (rerun !== undefined && !(rerun.attempts >= 1)) {
      yield {
        runnable: id,
        says: `"${id}" has ${rerun.attempts} rerun attempts: it has to be 1 or more.`,
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

function* limitProblems({ limits }: DefinitionDraft): Iterable<DefinitionProblem> {
  const { maxSteps, deadline, budget } = limits;
  if (maxSteps !== undefined && !(maxSteps >= 1)) {
    yield { says: `maxSteps is ${maxSteps}: it has to be 1 or more.` };
  }
  if (deadline !== undefined && !(deadline > 0)) {
    yield { says: `The deadline is ${deadline}: it has to be above 0 (milliseconds).` };
  }
  for (const name of ["maxTokens", "maxCost"] as const) {
    const most = budget?.[name];
    if (most !== undefined && !(most > 0)) {
      yield { says: `The budget's ${name} is ${most}: it has to be above 0.` };
    }
  }
}

function* fanProblems(id: string, node: FanNode): Iterable<DefinitionProblem> {
  for (const key of node.kind === "each" ? [] : node.keys) {
    if (key !== "" && !SEPARATORS.test(key)) continue;
    yield {
      runnable: id,
      says: `"${key}" cannot be the name of a branch of "${id}": use one without "/", "#", "[" and "]".`,
    };
  }
  if (!(node.concurrency >= 1)) {
    yield {
      runnable: id,
      says: `The concurrency of "${id}" is ${node.concurrency}: it has to be 1 or more.`,
    };
  }
  if (node.kind !== "race") return;
  const wanted = node.first ?? 1;
  if (!(wanted >= 1) || wanted > node.branches.length) {
    yield {
      runnable: id,
      says: `The race "${id}" waits for ${wanted} of ${node.branches.length} branches: it has to be at least 1, and no more than there are branches.`,
    };
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
