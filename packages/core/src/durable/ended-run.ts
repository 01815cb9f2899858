import type { RunState } from "../kernel/transition.ts";
import type { History } from "../run/host.ts";
import { LocalDriver } from "../run/local-driver.ts";
import { LocalRun } from "../run/local-run.ts";

/** A run that had ended when it was resumed. */
export class EndedRun extends LocalRun {
  readonly history: History;
  readonly suspend: () => Promise<void> = async () => {};

  constructor(runId: string, run: RunState, history: History) {
    const driver = new LocalDriver(run, { runId }, undefined);
    super(run, driver, driver, undefined, true);
    this.history = history;
  }
}
