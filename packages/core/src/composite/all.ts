import type { RunContext } from "../context.ts";
import type { AnyRunnable, InputOf, OutputOf } from "../fits.ts";
import { runAlone } from "../run-alone.ts";
import type { Runnable } from "../runnable.ts";
import { DEFAULT_CONCURRENCY, type FanOutOptions } from "./each.ts";
import { withNode } from "./node.ts";

/** Named branches. */
export type Branches = { readonly [key: string]: AnyRunnable };

/** The input that every branch can take. A branch's own union stays one: only branches are intersected. */
export type SharedInput<TBranches extends Branches> = {
  readonly [TKey in keyof TBranches]: (input: InputOf<TBranches[TKey]>) => void;
}[keyof TBranches] extends (input: infer TBoth) => void
  ? TBoth
  : never;

type Conditions = { readonly [key: string]: ((input: unknown) => boolean) | undefined };

/** The results by branch; those under a condition are optional. */
export type AllOutput<TBranches extends Branches, TSkippable extends keyof TBranches> = {
  [TKey in Exclude<keyof TBranches, TSkippable>]: OutputOf<TBranches[TKey]>;
} & { [TKey in TSkippable]?: OutputOf<TBranches[TKey]> };

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
export function all<TBranches extends Branches, TSkippable extends keyof TBranches = never>(
  id: string,
  branches: TBranches,
  options: FanOutOptions & {
    readonly when?: { readonly [TKey in TSkippable]: (input: SharedInput<TBranches>) => boolean };
  } = {},
): Runnable<SharedInput<TBranches>, AllOutput<TBranches, TSkippable>> {
  const keys = Object.keys(branches);
  const conditions = (options.when ?? {}) as Conditions;
  const when = keys.map((key) => (Object.hasOwn(conditions, key) ? conditions[key] : undefined));
  const self: Runnable<SharedInput<TBranches>, AllOutput<TBranches, TSkippable>> = {
    id,
    invoke: (input: SharedInput<TBranches>, ctx: RunContext) => runAlone(self, input, ctx),
  };
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  return Object.freeze(
    withNode(self, { kind: "all", keys, branches: keys.map((key) => branches[key]!), when, concurrency }),
  );
}
