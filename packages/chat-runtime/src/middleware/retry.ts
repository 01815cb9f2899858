/** Middleware that tries a turn again. */
import { COUNT, checkNumbers, DELAY } from "@orch/core/doors";
import type { RuntimeMiddleware, TurnContext } from "../configurations/runtime-configuration.ts";
import { attemptIn } from "./attempt.ts";
import { modelFailureOf } from "./model-failure.ts";
import { pause } from "./pause.ts";

/** How often and when a turn is tried again. */
export interface RetryOptions {
  /** How often at most, the first try included. Default 3. */
  readonly attempts?: number;
  /** The wait before the second try, in milliseconds; it doubles for each next one. What a provider asks for goes before. Default 1,000. */
  readonly delay?: number;
  /** Whether an error is worth another try. Default: one that comes from a model and may pass. */
  readonly when?: (error: unknown) => boolean;
  /** Told before each wait. */
  readonly onRetry?: (retry: {
    readonly attempt: number;
    readonly delay: number;
    readonly error: unknown;
  }) => void;
}

/**
 * Makes middleware that answers a turn again when it failed before a word of it was said or remembered: what was shown is
 * never shown twice, and no remembered tool call is made twice. A cancelled turn ends its wait. On a host that keeps runs
 * the run goes on where it failed.
 */
export function retry(options: RetryOptions = {}): RuntimeMiddleware {
  const { attempts = 3, delay = 1000, onRetry } = options;
  const { when = (error: unknown) => modelFailureOf(error)?.retryable === true } = options;
  checkNumbers(COUNT, { attempts });
  checkNumbers(DELAY, { delay });
  return async (turn, context, next) => {
    for (let attempt = 1; ; attempt++) {
      const { context: watched, isSilent } = attemptIn(attempt === 1 ? context : triedBefore(context));
      try {
        return await next(turn, watched);
      } catch (error) {
        if (attempt >= attempts || context.signal.aborted || !isSilent() || !when(error)) throw error;
        const wait = modelFailureOf(error)?.retryAfterMs ?? delay * 2 ** (attempt - 1);
        onRetry?.({ attempt: attempt + 1, delay: wait, error });
        await pause(context.clock, wait, context.signal);
      }
    }
  };
}

function triedBefore(context: TurnContext): TurnContext {
  return { ...context, before: "failed" };
}
