import type { RunContext } from "./context.ts";
import type { AnyRunnable } from "./fits.ts";
import { runToEnd } from "./run.ts";

/**
 * Runs a composite whose `invoke` is called by hand, inside another runnable or a test. Inside an
 * orchestration the engine opens composites up itself, and this is not used.
 */
export function runAlone<TOutput>(runnable: AnyRunnable, input: unknown, ctx: RunContext): Promise<TOutput> {
  const { signal, random } = ctx;
  return runToEnd<TOutput>(runnable, input, { signal, random }, []);
}
