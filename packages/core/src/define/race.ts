import type { OutputOf, Runnable } from "../words/runnable.ts";
import type { Branches, SharedInput } from "./all.ts";
import { type CompositeOptions, composite } from "./composite.ts";
import { fanOut } from "./fan-out.ts";

/** How a race is run. */
export interface RaceOptions extends CompositeOptions {
  /** How many branches run at once. Default: all. */
  readonly concurrency?: number;
}

/**
 * Runs named branches side by side on one input, and completes with the first value; the losers are
 * aborted and awaited before that.
 *
 * With `first: n` it completes with the first `n` values, in the order they came: a quorum. A branch
 * that fails drops out; when too few are left the race fails with `ORCH_RACE_LOST`, which names every failure.
 *
 * @example
 * ```ts
 * const fastest = race("fastest", { mirror, origin });
 * const quorum = race("quorum", { a, b, c }, { first: 2 }); // gives a list of two
 * ```
 */
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
  branches: Branches,
  options: RaceOptions & { readonly first?: number | undefined } = {},
): Runnable<never, unknown> {
  const keys = Object.keys(branches);
  const { concurrency = Number.POSITIVE_INFINITY, first } = options;
  return composite(id, options, {
    kind: "race",
    ...fanOut,
    keys,
    branches: keys.map((key) => branches[key]!),
    concurrency,
    first,
  });
}
