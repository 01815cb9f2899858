import type { OrchError } from "../errors/orch-error.ts";
import type { Runnable } from "../words/runnable.ts";
import type { Settled } from "../words/settled.ts";
import type { CompositeOptions } from "./composite.ts";
import { fanOut, gathering } from "./fan-out.ts";

/** How a fan-out is run. */
export interface FanOutOptions extends CompositeOptions {
  /** How many branches run at once. Default 8, because providers limit rates. */
  readonly concurrency?: number;
  /** Takes a failed branch as a result like any other, as `Promise.allSettled` does. Default false. */
  readonly settled?: boolean;
  /**
   * Whether the failure of a branch is terminal: the fan-out starts nothing more then, also with `settled`, and fails with
   * `ORCH_HALTED` once the branches that run have ended. What the branch threw is `failure.cause`. Default: the failure, or
   * one of its causes, says `retryable: false`, as `FatalError` does and errors of models without quota or with a wrong
   * key; not what concerns the branch alone, like an input that its schema refuses. Synchronous and pure.
   */
  readonly terminal?: (failure: OrchError) => boolean;
}

/**
 * Runs `branch` once for each item, and completes with the results in the items' order; `[]` gives `[]`.
 *
 * If one branch fails, the others are aborted and awaited, and the fan-out fails with that error;
 * with `settled`, every branch runs to its end and the results tell which failed.
 *
 * @example
 * ```ts
 * const searchAll = each("searchAll", search, { concurrency: 4 }); // Runnable<readonly Query[], Finding[]>
 * const tryAll = each("tryAll", search, { settled: true }); // Runnable<readonly Query[], Settled<Finding>[]>
 * ```
 */
export function each<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options: FanOutOptions & { readonly settled: true },
): Runnable<readonly TInput[], Settled<TOutput>[]>;
export function each<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options?: FanOutOptions & { readonly settled?: false },
): Runnable<readonly TInput[], TOutput[]>;
export function each<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options: FanOutOptions = {},
): Runnable<readonly TInput[], TOutput[] | Settled<TOutput>[]> {
  return fanOut(id, options, { kind: "each", branches: [branch], ...gathering(options) });
}
