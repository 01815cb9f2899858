/** A store's cache of the runs that it claimed itself, which saves reading the file again. */
import type { Claim } from "@orch/core/host";
import type { RunRow } from "./run-rows.ts";

/** A run that was claimed here. */
export interface ClaimedRun {
  readonly run: number;
  readonly epoch: number;
  /** Its row, if this store wrote it last and no other process has changed it since. */
  row?: RunRow | undefined;
  /**
   * The number of the next record, where this store wrote the one before it; otherwise `undefined`. While a claim holds,
   * records only come to its run.
   */
  next: number | undefined;
}

/** The runs that one store has claimed, by id. */
export class ClaimedRuns {
  readonly #runs = new Map<string, ClaimedRun>();

  /** Keeps a claim that was committed. A claim whose transaction failed is not kept, because another store may get the same epoch. */
  keep(runId: string, claimed: ClaimedRun): Claim {
    this.#runs.set(runId, claimed);
    return { runId, epoch: claimed.epoch };
  }

  /** The cached facts of a run, while this claim is the store's latest claim. */
  by({ runId, epoch }: Claim): ClaimedRun | undefined {
    const claimed = this.#runs.get(runId);
    return claimed?.epoch === epoch ? claimed : undefined;
  }

  forget({ runId, epoch }: Claim): void {
    if (this.#runs.get(runId)?.epoch === epoch) this.#runs.delete(runId);
  }

  /** Every claim. */
  claims(): readonly Claim[] {
    return [...this.#runs].map(([runId, { epoch }]) => ({ runId, epoch }));
  }

  clear(): void {
    this.#runs.clear();
  }
}
