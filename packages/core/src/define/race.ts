import { COUNT } from "../errors/number-range.ts";
import { given } from "../platform/given.ts";
import type { AnyRunnable, OutputOf, Runnable } from "../words/runnable.ts";
import type { Branches, SharedInput } from "./all.ts";
import type { CompositeOptions } from "./composite.ts";
import type { FanOutOptions } from "./each.ts";
import { fanOut, gathering, inOrder, named } from "./fan-out.ts";

/** How a race is run. */
export interface RaceOptions extends CompositeOptions {
  /** How many branches run at once. Default: all. */
  readonly concurrency?: number | undefined;
  /** Whether the failure of a branch is terminal: the race starts no other branch then, and may still be won by those that run. Default: as in `each`. */
  readonly terminal?: FanOutOptions["terminal"];
}

/**
 * Runs named branches side by side on one input, or one branch on each item of a list, and completes with the first value; the
 * losers are aborted and awaited before that.
 *
 * With `first: n` it completes with the first `n` values, in the order they came: a quorum. A branch
 * that fails drops out; when too few are left the race fails with `ORCH_RACE_LOST`, which names every failure.
 *
 * @example
 * ```ts
 * const fastest = race("fastest", { mirror, origin });
 * const anyone = race("anyone", ask); // Runnable<readonly Person[], Reply>
 * const quorum = race("quorum", { a, b, c }, { first: 2 }); // gives a list of two
 * ```
 */
export function race<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options?: RaceOptions & { readonly first?: undefined },
): Runnable<readonly TInput[], TOutput>;
export function race<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options: RaceOptions & { readonly first: number },
): Runnable<readonly TInput[], TOutput[]>;
export function race<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options?: RaceOptions & { readonly first?: undefined },
): Runnable<SharedInput<TBranches>, OutputOf<TBranches[keyof TBranches]>>;
// The list comes last: it is of the last form that the compiler speaks when none fits.
export function race<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: RaceOptions & { readonly first: number },
): Runnable<SharedInput<TBranches>, OutputOf<TBranches[keyof TBranches]>[]>;
export function race(
  id: string,
  branches: Branches | AnyRunnable,
  options: RaceOptions & { readonly first?: number | undefined } = {},
): Runnable<never, unknown> {
  const fan = isRunnable(branches) ? { branches: [branches] } : named(branches);
  const { concurrency = Number.POSITIVE_INFINITY, first } = options;
  const wanted = first ?? 1;
  const most = "keys" in fan ? fan.keys.length : Number.POSITIVE_INFINITY;
  return fanOut(id, options, {
    kind: "keys" in fan ? "race" : "each",
    ...fan,
    ...gathering({ ...given({ terminal: options.terminal }), concurrency, first: wanted }),
    join: first === undefined ? (results, order) => results[order[0]!] : inOrder(first),
    problems: function* () {
      if (COUNT.holds(wanted) && wanted <= most) return;
      yield `The race "${id}" waits for ${wanted} of ${most} branches: it has to be 1 or more, whole, and no more than there are.`;
    },
    // What is drawn of a list is its number.
    told: "keys" in fan ? { first } : { first: wanted, bare: first === undefined ? true : undefined },
  });
}

function isRunnable(branches: Branches | AnyRunnable): branches is AnyRunnable {
  return typeof branches.invoke === "function";
}
