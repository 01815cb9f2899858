import type { Activation } from "../kernel/activation.ts";
import type { Random } from "../platform/random.ts";
import { delayAfter } from "../words/retry.ts";

/**
 * How long to wait after the failed attempt of an operation, in milliseconds; `undefined` when there is no other.
 *
 * @throws RetryConditionError when the condition of the policy threw.
 */
export function retryDelay(operation: Activation, failure: unknown, random: Random): number | undefined {
  const { runnable, path, attempt } = operation;
  try {
    return delayAfter(attempt, runnable.retry, failure, random);
  } catch (thrown) {
    throw runnable.errors.retryCondition({ runnable: runnable.id, path, attempt }, thrown, failure);
  }
}
