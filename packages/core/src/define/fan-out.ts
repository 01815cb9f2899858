/** What the composites with branches side by side have in common: how they are checked, opened and drawn. */

import { errorData } from "../errors/error-data.ts";
import { COUNT } from "../errors/number-range.ts";
import type { Activation } from "../kernel/activation.ts";
import { endEarly, endWithout } from "../kernel/enough.ts";
import { continueFan, openFan, places, stoppedFan, within } from "../kernel/fan.ts";
import type { FanEnd, FanNode } from "../kernel/fan-frame.ts";
import { nodeOf } from "../kernel/node.ts";
import type { Sink } from "../kernel/transition.ts";
import { given } from "../platform/given.ts";
import { Halts } from "../run/halts.ts";
import type { GraphInside } from "../words/graph.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import { lateResults, leavingRest } from "./background.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import type { EnoughOptions, FanOutOptions } from "./each.ts";
import { branchOf } from "./graph-of.ts";

type NoteKey = "settled" | "first" | "bare" | "enough" | "grows" | "rest";

/** The part that differs between these composites. */
export interface FanPolicy
  extends Omit<FanNode, "open" | "proceed" | "stopped" | "within" | "places" | "width" | "inside" | "halts"> {
  /** The notes that its drawing shows beside its name. */
  readonly told: { readonly [TKey in NoteKey]?: GraphInside[TKey] | undefined };
}

/** Makes a composite whose branches go side by side. */
export function fanOut<TInput, TOutput>(
  id: string,
  options: CompositeOptions,
  { told, ...policy }: FanPolicy,
): Runnable<TInput, TOutput> {
  const { keys, branches, concurrency, when, follows } = policy;
  const inside = (): Omit<GraphInside, "kind"> => ({
    ...(given(told) as Pick<GraphInside, NoteKey>),
    branches: branches.map((branch, slot) => ({
      ...branchOf(keys?.[slot] ?? branch.id, branch, when?.[slot] !== undefined),
      ...(follows === true && slot === branches.length - 1 ? { follows } : {}),
    })),
  });
  function* problems(): Iterable<string> {
    for (const key of keys ?? []) {
      if (key !== "" && !/[/#[\]]/.test(key)) continue;
      yield `"${key}" cannot be the name of a branch of "${id}": use one without "/", "#", "[" and "]".`;
    }
    yield* numberProblems(` of "${id}"`, COUNT, { concurrency });
    yield* policy.problems?.() ?? [];
  }
  const exits = branches.flatMap((branch) => nodeOf(branch)?.exits ?? []);
  const node: FanNode = {
    ...policy,
    ...(exits.length > 0 && { exits }),
    open: openFan,
    proceed: continueFan,
    stopped: stoppedFan,
    halts: (deliver) => new Halts(deliver),
    within,
    places,
    width: (input) => keys?.length ?? (Array.isArray(input) ? input.length : undefined),
    inside,
    problems,
  };
  return composite(id, options, node);
}

/** The part of a policy that follows from named branches. */
export function named(branches: Readonly<Record<string, AnyRunnable>>): {
  readonly keys: readonly string[];
  readonly branches: readonly AnyRunnable[];
} {
  return { keys: Object.keys(branches), branches: Object.values(branches) };
}

/** The part of a policy that all of them share: what a failure means, and when there is enough. */
export function gathering({
  concurrency = 8,
  settled = false,
  terminal,
  first,
  enough,
  rest,
}: FanOutOptions & EnoughOptions<never>): Pick<
  FanPolicy,
  | "concurrency"
  | "settled"
  | "terminal"
  | "unended"
  | "decide"
  | "undecided"
  | "problems"
  | "told"
  | "background"
  | "around"
  | "leaves"
> {
  const early = first === undefined && enough === undefined ? undefined : { first, enough };
  return {
    concurrency,
    settled,
    terminal: terminal as FanNode["terminal"],
    unended: (error) => ({ status: "failed", error: errorData(error), open: true }),
    decide: (fan, child, ended, sink): FanEnd => {
      if (early !== undefined) return endEarly(early, fan, child, ended, sink);
      if (settled || ended.kind === "completed") return undefined;
      return { ended, why: `"${child.runnable.id}" beside it did not complete` };
    },
    ...(early && { undecided: (fan: Activation, sink: Sink) => endWithout(early, fan, sink) }),
    ...(rest === "background" && leavingRest(lateResults)),
    problems: function* () {
      yield* numberProblems("", COUNT, { "option first": first });
      if (rest === "background" && early === undefined)
        yield "Say with first or enough when the rest goes on in the background.";
      if (first !== undefined && enough !== undefined) yield "Give first or enough, and not both.";
    },
    told: {
      settled: settled || undefined,
      first,
      enough: enough && true,
      rest: rest === "background" ? rest : undefined,
    },
  };
}

/** Gives the results in the order they came, so many at most. Results that came while it ended are there when it is tried again. */
export function inOrder(most: number = Number.POSITIVE_INFINITY): FanPolicy["join"] {
  return (results, order) => order.slice(0, most).map((slot) => results[slot]);
}
