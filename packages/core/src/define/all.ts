import type { AnyRunnable, InputOf, OutputOf, Runnable } from "../words/runnable.ts";
import type { Settled } from "../words/settled.ts";
import type { Background } from "./background.ts";
import type { EnoughOptions, FanOutOptions } from "./each.ts";
import { fanOut, gathering, named } from "./fan-out.ts";
import type { OfBranch } from "./fits.ts";

/** Named branches. */
export type Branches = { readonly [key: string]: AnyRunnable };

/** The input that every branch can take. A branch's own union stays one: only branches are intersected. */
export type SharedInput<TBranches extends Branches> = {
  readonly [TKey in keyof TBranches]: (input: InputOf<TBranches[TKey]>) => void;
}[keyof TBranches] extends (input: infer TBoth) => void
  ? TBoth
  : never;

type Conditions = { readonly [key: string]: ((input: unknown) => boolean) | undefined };

/** The results by branch. A conditional branch has an optional result. */
export type AllOutput<TBranches extends Branches, TSkippable extends keyof TBranches> = {
  [TKey in Exclude<keyof TBranches, TSkippable>]: OutputOf<TBranches[TKey]>;
} & { [TKey in TSkippable]?: OutputOf<TBranches[TKey]> };

/** The results by branch of a fan-out with `settled`. */
export type SettledOutput<TBranches extends Branches, TSkippable extends keyof TBranches> = {
  [TKey in Exclude<keyof TBranches, TSkippable>]: Settled<OutputOf<TBranches[TKey]>>;
} & { [TKey in TSkippable]?: Settled<OutputOf<TBranches[TKey]>> };

/** How `all` is run. */
export interface AllOptions<TBranches extends Branches, TSkippable extends keyof TBranches>
  extends FanOutOptions,
    EnoughOptions<OutputOf<TBranches[keyof TBranches]>> {
  /** Branches that run only when their condition holds; synchronous and pure. */
  readonly when?: { readonly [TKey in TSkippable]: (input: SharedInput<TBranches>) => boolean } | undefined;
}

/** That it says when there is enough. */
export type EnoughGiven = { readonly first: number } | { readonly enough: object };

/**
 * Runs named branches side by side on one input, and completes when all are done.
 *
 * A branch under `when` that does not hold is skipped: its result is absent, and an event says so.
 * If one branch fails, the others are aborted and awaited, and the fan-out fails with that error;
 * with `settled`, every branch runs to its end and the results tell which failed.
 *
 * With `first` or `enough` it completes as soon as that has arrived, and any of the results may be absent; the other branches
 * are aborted and awaited before that.
 *
 * @example
 * ```ts
 * const gather = all("gather", { web, papers }, { when: { papers: (topic) => topic.deep } });
 * ```
 */
export function all<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: AllOptions<TBranches, keyof TBranches> &
    EnoughGiven & { readonly rest: "background"; readonly settled?: false | undefined },
): Runnable<SharedInput<TBranches>, AllOutput<TBranches, keyof TBranches>> &
  Background<SettledOutput<TBranches, keyof TBranches>>;
export function all<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: AllOptions<TBranches, keyof TBranches> & EnoughGiven & { readonly settled: true },
): Runnable<SharedInput<TBranches>, SettledOutput<TBranches, keyof TBranches>>;
export function all<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: AllOptions<TBranches, keyof TBranches> & EnoughGiven & { readonly settled?: false | undefined },
): Runnable<SharedInput<TBranches>, AllOutput<TBranches, keyof TBranches>>;
export function all<TBranches extends Branches, TSkippable extends keyof TBranches = never>(
  id: string,
  branches: TBranches,
  options: AllOptions<TBranches, TSkippable> & { readonly settled: true },
): Runnable<SharedInput<TBranches>, SettledOutput<TBranches, OfBranch<TSkippable>>>;
export function all<TBranches extends Branches, TSkippable extends keyof TBranches = never>(
  id: string,
  branches: TBranches,
  options?: AllOptions<TBranches, TSkippable> & { readonly settled?: false | undefined },
): Runnable<SharedInput<TBranches>, AllOutput<TBranches, OfBranch<TSkippable>>>;
export function all<TBranches extends Branches>(
  id: string,
  branches: TBranches,
  options: AllOptions<TBranches, keyof TBranches> = {} as AllOptions<TBranches, keyof TBranches>,
): never {
  const fan = named(branches);
  const conditions = (options.when ?? {}) as Conditions;
  const when = fan.keys.map((key) => (Object.hasOwn(conditions, key) ? conditions[key] : undefined));
  return fanOut(id, options, {
    kind: "all",
    ...fan,
    ...gathering(options),
    when,
    // In the order of the branches, whichever came first.
    join: (results, order) =>
      Object.fromEntries(
        [...order].sort((one, other) => one - other).map((slot) => [fan.keys[slot]!, results[slot]]),
      ),
  }) as never;
}
