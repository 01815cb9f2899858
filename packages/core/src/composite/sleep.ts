import { runAlone } from "../run-alone.ts";
import type { Runnable } from "../runnable.ts";
import type { CompositeOptions } from "./each.ts";
import { composite } from "./node.ts";

/**
 * Waits, and gives on what it was given. On a durable host the time it is due is kept, so a wait of
 * days survives restarts and goes on from where it was.
 *
 * @param delay in milliseconds, or a pure function of the input that gives them.
 *
 * @example
 * ```ts
 * const coolDown = sleep<Order>("coolDown", 60_000);
 * const untilRetry = sleep("untilRetry", (limit: RateLimit) => limit.retryAfter);
 * ```
 */
export function sleep<TInput = void>(
  id: string,
  delay: number | ((input: TInput) => number),
  options: CompositeOptions = {},
): Runnable<NoInfer<TInput>, NoInfer<TInput>> {
  const ms = typeof delay === "number" ? () => delay : (delay as (input: unknown) => number);
  return composite<TInput, TInput>({ id, ...options }, { kind: "sleep", delay: ms }, runAlone);
}
