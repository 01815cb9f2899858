/** What can be wrong with a definition. Everything is found at once, and each finding says what to change. */

import type { DefinitionProblem } from "../errors/invalid-definition-error.ts";
import { ABOVE, COUNT, DELAY, LIMIT, type NumberRange, outOfRange, TIME } from "../errors/number-range.ts";
import { namesOf, type StateRecord } from "../kernel/definition.ts";
import { nodeOf } from "../kernel/node.ts";
import type { AnyRunnable } from "../words/runnable.ts";
import type { DefinitionDraft } from "./definition-draft.ts";

/** Finds every problem of a draft and of the states made of it; `start` is -1 where there is none. */
export function* problemsOf(
  draft: DefinitionDraft,
  runnables: readonly AnyRunnable[],
  states: readonly StateRecord[],
  start: number,
): Iterable<DefinitionProblem> {
  const { id, last, limits } = draft;
  const { maxSteps, deadline, budget } = limits;
  if (id === "") yield { says: "An orchestration needs an id: give it a name as the first argument." };
  if (start < 0) yield { says: "There is no start: call .start(runnable)." };
  if (last.length === 0) yield { says: "There is no finish: call .finish(runnable)." };
  if (id !== "") yield* about(id, nameProblems(id));
  yield* runnableProblems(runnables);
  yield* twinProblems(runnables);
  for (const exit of runnables.flatMap((state) => nodeOf(state)?.exits ?? [])) {
    yield* about(exit.id, nodeOf(exit)!.undeclared!(last));
  }
  // What was kept can be read, whatever is refused today.
  if ((draft.states?.length ?? 0) === 0) yield* placeProblems(runnables);
  for (const state of states) yield* about(state.id, edgeProblems(states, state));
  for (const state of states) {
    if (state.maker !== undefined)
      yield* about(state.id, state.maker.problems(state, draft.edges, draft.first));
  }
  yield* about(undefined, numberProblems("", COUNT, { maxSteps }));
  yield* about(undefined, numberProblems("", TIME, { deadline }));
  const most = { "budget's maxTokens": budget?.maxTokens, "budget's maxCost": budget?.maxCost };
  yield* about(undefined, numberProblems("", ABOVE, most));
  if (start >= 0 && last.length > 0) yield* reachProblems(states, start);
}

/** Finds what is wrong with runnables by themselves, and with the branches of those that are fan-outs. */
export function* runnableProblems(runnables: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  const all = withBranches(runnables);
  for (const { id } of all) yield* about(id, nameProblems(id));
  for (const runnable of all) yield* about(runnable.id, optionProblems(runnable));
}

/** Turns sentences into problems of one runnable, or of the whole definition. */
function* about(runnable: string | undefined, sentences: Iterable<string>): Iterable<DefinitionProblem> {
  for (const says of sentences) yield runnable === undefined ? { says } : { runnable, says };
}

/** The states, and the branches of those that are fan-outs; a nested orchestration has checked its own. */
function withBranches(runnables: readonly AnyRunnable[]): ReadonlySet<AnyRunnable> {
  const found = new Set(runnables);
  for (const runnable of found) {
    const node = nodeOf(runnable);
    for (const branch of node?.branches ?? node?.candidates?.values() ?? []) {
      if (typeof branch?.invoke === "function") found.add(branch);
    }
  }
  return found;
}

/** States and branches that need something of what is beside or around them. */
function* placeProblems(states: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  for (const runnable of withBranches(states)) {
    const beside = states.includes(runnable) ? states : [];
    for (const { says, fix } of nodeOf(runnable)?.misplaced?.(runnable.id, beside) ?? [])
      yield { runnable: runnable.id, says: `${says} ${fix}` };
  }
}

/** Characters that separate the parts of a path cannot be part of an id. */
function* nameProblems(id: string): Iterable<string> {
  // In plain JavaScript it may have been left out, and a class may have none.
  if (typeof id !== "string" || id === "") {
    yield 'A runnable has no id: give one as the first argument of runnable(), or write override readonly id = "planning" in its class, which is "static readonly id" in a class among targets.';
    return;
  }
  if (!/[/#[\]\s]/.test(id)) return;
  yield `"${id}" cannot be an id: use a word without spaces, "/", "#", "[" and "]".`;
}

function* twinProblems(runnables: readonly AnyRunnable[]): Iterable<DefinitionProblem> {
  const seen = new Set<string>();
  for (const { id } of runnables) {
    if (seen.has(id) && id !== "") {
      const says = `Two runnables have the id "${id}": give one of them another. What else is said of "${id}" may come of this.`;
      yield { runnable: id, says };
    }
    seen.add(id);
  }
}

/** Finds what is wrong with numbers, where they were given; `of` says whose they are. */
export function* numberProblems(
  of: string,
  range: NumberRange,
  numbers: { readonly [name: string]: number | undefined },
): Iterable<string> {
  for (const [name, value] of outOfRange(range, numbers)) {
    yield `The ${name}${of} is ${String(value)}: it has to be ${range.says}.`;
  }
}

function* optionProblems(runnable: AnyRunnable): Iterable<string> {
  const { id, timeout, retry, input, output, concurrency, maxVisits, rerun } = runnable;
  const node = nodeOf(runnable);
  if (node !== undefined && (timeout ?? retry ?? input ?? output) !== undefined) {
    yield `"${id}" is a composite: give retry, timeout and schemas to the runnables in it.`;
  }
  if (node?.problems !== undefined) yield* node.problems();
  const of = ` of "${id}"`;
  const attempts = { "rerun.attempts": rerun?.attempts, "retry.attempts": retry?.attempts };
  yield* numberProblems(of, COUNT, { concurrency, maxVisits, ...attempts });
  yield* numberProblems(of, TIME, { timeout });
  yield* numberProblems(of, DELAY, { "retry.firstDelay": retry?.firstDelay });
  yield* numberProblems(of, ABOVE, { "retry.factor": retry?.factor });
  yield* numberProblems(of, LIMIT, { "retry.longestDelay": retry?.longestDelay });
}

function* edgeProblems(
  states: readonly StateRecord[],
  { id, advancers, catches, finishes }: StateRecord,
): Iterable<string> {
  if (advancers.length === 0 && !finishes) {
    yield `"${id}" neither finishes nor advances: add an advancer, or name it in .finish(...).`;
  }
  if (finishes && advancers.some((edge) => edge.when === undefined)) {
    yield `"${id}" is named in .finish(...), but an advancer without a condition always leads on from it: give that one a "when".`;
  }
  for (const edges of [advancers, catches]) {
    let always = false;
    for (const edge of edges) {
      if (always) {
        yield `The advancer from "${id}" to "${namesOf(states, edge)}" is never asked, because an earlier one has no condition: give that one a "when", or move it to the end.`;
      }
      if (edge.targets.length === 0) {
        yield `An advancer class from "${id}" declares no targets: list every runnable that getNextRunnable may give.`;
      }
      always ||= edge.when === undefined;
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
    states
      .filter((state) => state.finishes || state.runnable.node?.exits !== undefined)
      .map((state) => state.index),
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
