import { endOfTurn } from "../platform/clock.ts";
import type { LiveShared, LiveSpec } from "./durable-run.ts";
import type { RunJournal } from "./run-journal.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** So many characters of a snapshot are read in the time in which one record is. */
const CHARACTERS = 64;
/** The default of `snapshotAfter`. */
const USUAL = 256;

/** Keeps snapshots of one run while it is driven: when it rests, and only when that saves more than it costs. */
export class RunSnapshots {
  readonly #journal: RunJournal;
  readonly #run: LiveSpec;
  readonly #shared: LiveShared;
  /** How many records the journal has when the next one is due. */
  #next: number;
  #seen = 0;
  #keeping: Promise<void> | undefined;

  constructor(journal: RunJournal, run: LiveSpec, shared: LiveShared) {
    this.#journal = journal;
    this.#run = run;
    this.#shared = shared;
    this.#next = (run.resume?.base ?? 0) + shared.snapshotAfter;
  }

  /** The run rests: a snapshot is kept soon, if one is due. Nothing waits for it. */
  rests(): void {
    if (this.#journal.count < this.#next || this.#keeping !== undefined) return;
    this.#keeping = new Promise<void>(endOfTurn)
      .then(() => this.#keep())
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  /** Called now and then: a run of which nothing was written since the last call rests. */
  look(): void {
    const { count } = this.#journal;
    if (count === this.#seen) this.rests();
    this.#seen = count;
  }

  /** Resolves when a snapshot that is due is kept, or could not be. */
  async settle(): Promise<void> {
    this.rests();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { writer, runs, snapshotAfter: after } = this.#shared;
    const { runId } = this.#run.doors;
    const { count } = this.#journal;
    // Where none can be kept, the next try is made when there is twice as much.
    this.#next = 2 * count + after;
    try {
      await writer.settle(runId);
      const orchestration = this.#run.run.root.runnable.source as AnyOrchestration;
      // Who wants them more often gets larger ones.
      const length = await runs.keepSnapshot(orchestration, runId, CHARACTERS * Math.max(1, USUAL / after));
      if (length !== undefined) this.#next = count + Math.max(after, length / CHARACTERS);
    } catch {
      // A snapshot is never needed. What is wrong with the store is told by who needs it.
    }
  }
}
