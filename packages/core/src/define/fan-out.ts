/** What the composites with branches side by side have in common: how they are checked, opened and drawn. */

import { errorData } from "../errors/error-data.ts";
import { COUNT } from "../errors/number-range.ts";
import type { Activation } from "../kernel/activation.ts";
import {
  continueFan,
  type FanEnd,
  type FanNode,
  openFan,
  places,
  stoppedFan,
  within,
} from "../kernel/fan.ts";
import { given } from "../platform/given.ts";
import { Halts } from "../run/halts.ts";
import type { GraphInside } from "../words/graph.ts";
import type { AnyRunnable, Runnable } from "../words/runnable.ts";
import type { Settled } from "../words/settled.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import type { FanOutOptions } from "./each.ts";
import { branchOf } from "./graph-of.ts";

/** The part that differs between these composites. */
export interface FanPolicy
  extends Omit<FanNode, "open" | "proceed" | "stopped" | "within" | "places" | "width" | "inside" | "halts"> {
  /** The notes that its drawing shows beside its name. */
  readonly told: { readonly [TKey in "settled" | "first"]?: GraphInside[TKey] | undefined };
}

/** Makes a composite whose branches go side by side. */
export function fanOut<TInput, TOutput>(
  id: string,
  options: CompositeOptions,
  { told, ...policy }: FanPolicy,
): Runnable<TInput, TOutput> {
  const { keys, branches, concurrency, when } = policy;
  const inside = (): Omit<GraphInside, "kind"> => ({
    ...(given(told) as Pick<GraphInside, "settled" | "first">),
    branches: branches.map((branch, slot) =>
      branchOf(keys?.[slot] ?? branch.id, branch, when?.[slot] !== undefined),
    ),
  });
  function* problems(): Iterable<string> {
    for (const key of keys ?? []) {
      if (key !== "" && !/[/#[\]]/.test(key)) continue;
      yield `"${key}" cannot be the name of a branch of "${id}": use one without "/", "#", "[" and "]".`;
    }
    yield* numberProblems(` of "${id}"`, COUNT, { concurrency });
    yield* policy.problems?.() ?? [];
  }
  const node: FanNode = {
    ...policy,
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

/** The part of a policy that `each` and `all` share: with `settled` every end is kept, else the first failure ends it. */
export function gathering({
  concurrency = 8,
  settled = false,
  terminal,
}: FanOutOptions): Pick<FanPolicy, "concurrency" | "settled" | "terminal" | "unended" | "take" | "told"> {
  return {
    concurrency,
    settled,
    terminal: terminal as FanNode["terminal"],
    unended: (error) => ({ status: "failed", error: errorData(error), open: true }),
    take: ({ results }, { slot, runnable }: Activation, ended): FanEnd => {
      if (settled) results[slot] = settledOf(ended);
      else if (ended.kind === "completed") results[slot] = ended.value;
      else return { ended, why: `"${runnable.id}" beside it did not complete` };
      return undefined;
    },
    told: { settled: settled || undefined },
  };
}

function settledOf(ended: Parameters<FanNode["take"]>[2]): Settled<unknown> {
  return ended.kind === "completed"
    ? { status: "completed", value: ended.value }
    : { status: "failed", error: errorData(ended.error) };
}
