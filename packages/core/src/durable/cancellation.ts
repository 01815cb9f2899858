import { CancelledError } from "../errors/cancelled-error.ts";
import { checkReason } from "../errors/option-error.ts";
import { isOrchError } from "../errors/orch-error.ts";
import { RunEndedError } from "../errors/run-ended-error.ts";
import type { Clock } from "../platform/clock.ts";
import { isEnd, type JournalStore } from "./journal-store.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { Offers } from "./offers.ts";
import type { StoredRuns } from "./stored-runs.ts";
import type { TakeUp } from "./take-up.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** What cancelling needs of a host. */
export interface CancellationParts {
  readonly store: JournalStore;
  readonly live: LiveRuns;
  readonly runs: StoredRuns;
  readonly offers: Offers;
  readonly takeUp: TakeUp;
  readonly clock: Clock;
}

/** Cancels runs, whoever drives them. */
export class Cancellation {
  readonly #parts: CancellationParts;

  constructor(parts: CancellationParts) {
    this.#parts = parts;
  }

  /** Resolves when the run has ended as cancelled. What was tried again since is another life, and is left alone. */
  async cancel(orchestration: AnyOrchestration, runId: string, reason: string): Promise<void> {
    checkReason(reason);
    const { live, runs } = this.#parts;
    for (;;) {
      const { status, records } = await runs.of(orchestration, runId);
      if (status === "cancelled") return;
      if (isEnd(status)) throw new RunEndedError({ runId, status: status as "completed" | "failed" });
      const here = live.get(runId);
      if (here === undefined) {
        const undriven = await this.#cancelUndriven(orchestration, runId, reason);
        if (undriven ?? (await this.#cancelElsewhere(runId, reason, records))) return;
        continue;
      }
      here.cancel(reason);
      await here.over;
      if (here.ended === "cancelled") return;
    }
  }

  /** Takes the run up as cancelled, so that nothing of it begins. Gives whether that ended it; `undefined` when another process drives it. */
  async #cancelUndriven(
    orchestration: AnyOrchestration,
    runId: string,
    reason: string,
  ): Promise<boolean | undefined> {
    const { takeUp } = this.#parts;
    try {
      const claim = await takeUp.claim(runId);
      const signal = AbortSignal.abort(new CancelledError(reason));
      const run = await takeUp.goOn(orchestration, claim, { signal });
      await run.result.catch(() => {});
      return run.status === "cancelled";
    } catch (error) {
      if (isOrchError(error, "ORCH_RUN_HELD")) return undefined;
      throw error;
    }
  }

  /** Asks the process that drives the run to cancel it, and waits until the run has ended or that process has. Gives whether that ended it. */
  async #cancelElsewhere(runId: string, reason: string, records: number): Promise<boolean> {
    const { offers, clock } = this.#parts;
    const taken = await offers.make(runId, { type: "cancel", reason, at: clock.now() });
    return taken === "taken" && offers.over(runId, records);
  }
}
