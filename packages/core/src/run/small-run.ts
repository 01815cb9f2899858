import type { Compiled } from "../kernel/compiled.ts";
import { runOf } from "../kernel/new-run.ts";
import { outputOf } from "./output-of.ts";
import { Pump } from "./pump.ts";
import type { RunOptions } from "./run.ts";
import { SmallDriver } from "./small-driver.ts";
import { startUnder } from "./under-signal.ts";

/** How a run of the small door is started. */
export type SmallRunOptions = Pick<RunOptions, "signal" | "runId" | "clock" | "random" | "grace">;

/** Runs `runnable` in the memory of this process and gives its output. */
export function smallRun<TOutput>(
  runnable: Compiled,
  input: unknown,
  options: SmallRunOptions,
): Promise<TOutput> {
  return outputOf(() => {
    const run = runOf(runnable, input);
    const driver = new SmallDriver(run, options);
    const { signal } = options;
    const cancel = (reason: string): void => driver.deliver({ kind: "cancel", reason });
    return {
      start: (ending) =>
        signal === undefined
          ? new Pump(run, driver, ending).start(false)
          : startUnder(signal, { run, driver, isResumed: false, cancel }, ending),
    };
  });
}
