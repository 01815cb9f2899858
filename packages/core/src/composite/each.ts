import type { RunContext } from "../context.ts";
import { runAlone } from "../run-alone.ts";
import type { Runnable } from "../runnable.ts";
import { withNode } from "./node.ts";

/** How a fan-out is run. */
export interface FanOutOptions {
  /** How many branches run at once. Default 8, because providers limit rates. */
  readonly concurrency?: number;
}

/** How many branches run at once unless told otherwise. */
export const DEFAULT_CONCURRENCY = 8;

/**
 * Runs `branch` once for each item, and completes with the results in the items' order; `[]` gives `[]`.
 *
 * If one branch fails, the others are aborted and awaited, and the fan-out fails with that error.
 *
 * @example
 * ```ts
 * const searchAll = each("searchAll", search, { concurrency: 4 }); // Runnable<readonly Query[], Finding[]>
 * ```
 */
export function each<TInput, TOutput>(
  id: string,
  branch: Runnable<TInput, TOutput>,
  options: FanOutOptions = {},
): Runnable<readonly TInput[], TOutput[]> {
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const self: Runnable<readonly TInput[], TOutput[]> = {
    id,
    invoke: (input: readonly TInput[], ctx: RunContext) => runAlone(self, input, ctx),
  };
  return Object.freeze(withNode(self, { kind: "each", branch, concurrency }));
}
