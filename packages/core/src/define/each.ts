import { COUNT } from "../errors/number-range.ts";
import type { OrchError } from "../errors/orch-error.ts";
import { grow } from "../kernel/growing.ts";
import type { Runnable } from "../words/runnable.ts";
import type { FanOutProgress, Settled } from "../words/settled.ts";
import type { Background } from "./background.ts";
import type { CompositeOptions } from "./composite.ts";
import { numberProblems } from "./definition-problems.ts";
import { fanOut, gathering, inOrder } from "./fan-out.ts";
import type { OfBranch } from "./fits.ts";
import type { Items } from "./items.ts";

/** How a fan-out is run. */
export interface FanOutOptions extends CompositeOptions {
  /** How many branches run at once. Default 8, because providers limit rates. */
  readonly concurrency?: number | undefined;
  /** Takes a failed branch as a result like any other, as `Promise.allSettled` does. Default false. */
  readonly settled?: boolean | undefined;
  /**
   * Whether the failure of a branch is terminal: the fan-out starts nothing more then, also with `settled`, and fails with
   * `ORCH_HALTED` once the branches that run have ended. What the branch threw is `failure.cause`. Default: the failure, or
   * one of its causes, says `retryable: false`, as `FatalError` does and errors of models without quota or with a wrong
   * key; not what concerns the branch alone, like an input that its schema refuses. Synchronous and pure.
   */
  readonly terminal?: ((failure: OrchError) => boolean) | undefined;
}

/** The default of `maxItems`. */
const MAX_ITEMS = 1_000;

/** When a fan-out has enough, although branches are open. Give one of both, or neither. */
export interface EnoughOptions<TOutput> {
  /** So many results are enough. A branch that fails drops out, unless `settled` takes its failure as a result. */
  readonly first?: number | undefined;
  /**
   * Says after each branch that ended whether what has arrived is enough; synchronous and pure. A branch that fails drops
   * out. When every branch has ended and nothing was enough, the fan-out fails with `ORCH_RACE_LOST`; with `settled` it
   * completes with all there is.
   */
  readonly enough?: ((progress: FanOutProgress<TOutput>) => boolean) | undefined;
  /**
   * What becomes of the branches that are open then, and of those that have not begun. Default `stop`: they are aborted and
   * awaited. `background`: they go on while the orchestration does, which may `collect` their results later.
   */
  readonly rest?: "stop" | "background" | undefined;
}

/** How `each` is run. */
export interface EachOptions<TResult, TOutput> extends FanOutOptions, EnoughOptions<NoInfer<TOutput>> {
  /**
   * Takes the result of each branch as it comes: one after another, in the order they came, while other branches go on.
   * What it gives is the result of the branch. It takes a place like a branch.
   */
  readonly follow?: Runnable<TResult, TOutput> | undefined;
}

/** How items are added to `each` while it runs. */
export interface GrowingOptions<TInput> {
  /** Takes items that its branches add while it runs. It ends when every branch has ended and none was added. */
  readonly items?: Items<TInput> | undefined;
  /** How many items it may have, those of its input included. Default 1,000. */
  readonly maxItems?: number | undefined;
}

/**
 * Runs `branch` once for each item, and completes with the results in the items' order; `[]` gives `[]`.
 *
 * If one branch fails, the others are aborted and awaited, and the fan-out fails with that error;
 * with `settled`, every branch runs to its end and the results tell which failed.
 *
 * With `first` or `enough` it completes as soon as that has arrived, with the results in the order they came; the other
 * branches are aborted and awaited before that, or go on in the background.
 *
 * @example
 * ```ts
 * const searchAll = each("searchAll", search, { concurrency: 4 }); // Runnable<readonly Query[], Finding[]>
 * const tryAll = each("tryAll", search, { settled: true }); // Runnable<readonly Query[], Settled<Finding>[]>
 * const some = each("some", search, { enough: ({ values }) => values.flat().length >= 10 });
 * const read = each("read", fetchPage, { follow: summarize }); // summarizes each page as it comes
 * ```
 */
export function each<TInput, TResult, TOutput = TResult>(
  id: string,
  branch: Runnable<TInput, TResult>,
  options: EachOptions<TResult, TOutput> &
    GrowingOptions<TInput> & { readonly rest: "background"; readonly settled: true },
): Runnable<readonly TInput[], Settled<OfBranch<TOutput>>[]> & Background<Settled<OfBranch<TOutput>>[]>;
export function each<TInput, TResult, TOutput = TResult>(
  id: string,
  branch: Runnable<TInput, TResult>,
  options: EachOptions<TResult, TOutput> &
    GrowingOptions<TInput> & { readonly rest: "background"; readonly settled?: false | undefined },
): Runnable<readonly TInput[], OfBranch<TOutput>[]> & Background<Settled<OfBranch<TOutput>>[]>;
export function each<TInput, TResult, TOutput = TResult>(
  id: string,
  branch: Runnable<TInput, TResult>,
  options: EachOptions<TResult, TOutput> & GrowingOptions<TInput> & { readonly settled: true },
): Runnable<readonly TInput[], Settled<OfBranch<TOutput>>[]>;
export function each<TInput, TResult, TOutput = TResult>(
  id: string,
  branch: Runnable<TInput, TResult>,
  options?: EachOptions<TResult, TOutput> & GrowingOptions<TInput> & { readonly settled?: false | undefined },
): Runnable<readonly TInput[], OfBranch<TOutput>[]>;
export function each<TInput, TResult>(
  id: string,
  branch: Runnable<TInput, TResult>,
  { follow, items, maxItems, ...options }: EachOptions<TResult, unknown> & GrowingOptions<TInput> = {},
): never {
  const policy = gathering(options);
  return fanOut(id, options, {
    kind: "each",
    branches: follow === undefined ? [branch] : [branch, follow],
    follows: follow && true,
    ...policy,
    ...(items && { grows: { name: items.name, maxItems: maxItems ?? MAX_ITEMS, grow } }),
    told: { ...policy.told, grows: items === undefined ? undefined : true },
    join:
      options.first === undefined && options.enough === undefined
        ? (results) => results
        : inOrder(options.first),
    problems: function* () {
      yield* policy.problems!();
      yield* numberProblems(` of "${id}"`, COUNT, { maxItems });
      if (follow === undefined || follow.id !== branch.id) return;
      yield `What follows "${branch.id}" has its id: give it another, because both stand in the paths of "${id}".`;
    },
  }) as never;
}
