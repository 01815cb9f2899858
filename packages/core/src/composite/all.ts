import type { RunContext } from "../context.ts";
import type { AnyRunnable, InputOf, OutputOf } from "../fits.ts";
import { runAlone } from "../run-alone.ts";
import type { Runnable } from "../runnable.ts";
import { DEFAULT_CONCURRENCY, type FanOutOptions } from "./each.ts";
import { withNode } from "./node.ts";

/** Named branches. */
export type Branches = { readonly [key: string]: AnyRunnable };

type UnionToIntersection<TUnion> = (TUnion extends unknown ? (value: TUnion) => void : never) extends (
  value: infer TBoth,
) => void
  ? TBoth
  : never;

/** The input that every branch can take. */
export type SharedInput<TBranches extends Branches> = UnionToIntersection<
  InputOf<TBranches[keyof TBranches]>
>;

/** Conditions by branch; a branch with one may be skipped. */
export type BranchConditions<TBranches extends Branches> = {
  readonly [TKey in keyof TBranches]?: (input: SharedInput<TBranches>) => boolean;
};

/** The results by branch; those under a condition are optional. */
export type AllOutput<TBranches extends Branches, TWhen> = {
  [TKey in Exclude<keyof TBranches, keyof TWhen>]: OutputOf<TBranches[TKey]>;
} & { [TKey in keyof TBranches & keyof TWhen]?: OutputOf<TBranches[TKey]> };

/**
 * Runs named branches side by side on one input, and completes when all are done.
 *
 * A branch under `when` that does not hold is skipped: its result is absent, and an event says so.
 * If one branch fails, the others are aborted and awaited, and the fan-out fails with that error.
 *
 * @example
 * ```ts
 * const gather = all("gather", { web, papers }, { when: { papers: (topic) => topic.deep } });
 * ```
 */
export function all<
  TBranches extends Branches,
  TWhen extends BranchConditions<TBranches> = Record<never, never>,
>(
  id: string,
  branches: TBranches,
  options: FanOutOptions & { readonly when?: TWhen } = {},
): Runnable<SharedInput<TBranches>, AllOutput<TBranches, TWhen>> {
  const keys = Object.keys(branches);
  const when = keys.map((key) => options.when?.[key] as ((input: unknown) => boolean) | undefined);
  const self: Runnable<SharedInput<TBranches>, AllOutput<TBranches, TWhen>> = {
    id,
    invoke: (input: SharedInput<TBranches>, ctx: RunContext) => runAlone(self, input, ctx),
  };
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  return Object.freeze(
    withNode(self, { kind: "all", keys, branches: keys.map((key) => branches[key]!), when, concurrency }),
  );
}
