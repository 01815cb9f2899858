/** Middleware that lets another configuration answer when the first cannot. */
import { isOrchError } from "@orch/core";
import type { RuntimeConfiguration, RuntimeMiddleware } from "../configurations/runtime-configuration.ts";
import { ProvidersFailedError } from "../errors/providers-failed-error.ts";
import { attemptIn } from "./attempt.ts";
import { modelFailureOf } from "./model-failure.ts";

/** When it switches. */
export interface ProviderSwitchOptions {
  /** Answer in this order after the wrapped one; each may be wrapped itself. */
  readonly others: readonly RuntimeConfiguration[];
  /** Whether an error is worth asking the next one. Default: any failure of a model, but for a request that it calls wrong. */
  readonly when?: (error: unknown) => boolean;
  /** Told at each switch. */
  readonly onSwitch?: (to: RuntimeConfiguration, error: unknown) => void;
}

/**
 * Makes middleware that asks the next configuration when one failed before a word was said or remembered.
 *
 * A turn fails with ProvidersFailedError (`ORCH_PROVIDERS_FAILED`) when none of them could answer.
 */
export function providerSwitch(options: ProviderSwitchOptions): RuntimeMiddleware {
  const { others, when = isProvidersFault, onSwitch } = options;
  return async (turn, context, next) => {
    const tried: { at: number; code: string }[] = [];
    for (let at = 0; ; at++) {
      const { context: watched, isSilent } = attemptIn(context);
      // Each has a run of its own on a host that keeps runs.
      const turnId = runIdOf(context.turnId, at);
      try {
        return await next(turn, { ...watched, turnId }, others[at - 1]);
      } catch (error) {
        const mayGoOn = !context.signal.aborted && isSilent() && when(error);
        if (!mayGoOn) throw error;
        tried.push({ at, code: codeOf(error) });
        const other = others[at];
        if (other === undefined) throw new ProvidersFailedError({ tried }, error);
        onSwitch?.(other, error);
      }
    }
  };
}

function runIdOf(turnId: string, at: number): string {
  return at === 0 ? turnId : `${turnId}-${at + 1}`;
}

function codeOf(error: unknown): string {
  return isOrchError(error) ? error.code : "ORCH_TURN_FAILED";
}

function isProvidersFault(error: unknown): boolean {
  const failure = modelFailureOf(error);
  return failure !== undefined && failure.kind !== "bad-request" && failure.kind !== "aborted";
}
