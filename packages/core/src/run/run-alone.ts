import type { RunContext } from "../words/context.ts";
import type { Runnable } from "../words/runnable.ts";
import { clockOf } from "./by-hand.ts";
import { memoryRun } from "./local-run.ts";
import { outputOf } from "./output-of.ts";

/**
 * Runs a composite whose `invoke` is called by hand, inside another runnable or a test. Inside an
 * orchestration the engine opens composites up itself, and this is not used. Questions and spending
 * go to the runnable that called; shared state does not: what is called by hand starts with its own. The runnable that called waits
 * meanwhile, and gives back its place at a gate.
 */
export async function runAlone<TInput, TOutput>(
  runnable: Runnable<TInput, TOutput>,
  input: TInput,
  ctx: RunContext,
): Promise<TOutput> {
  const { signal, random } = ctx;
  const clock = clockOf(ctx);
  const options = clock === undefined ? { signal, random } : { signal, random, clock };
  return outputOf(() => memoryRun({ runnable, input, options, write: undefined }, { around: ctx }));
}
