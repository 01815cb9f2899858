import { endOfTurn } from "../platform/clock.ts";
import type { JournalWriter } from "./journal-writer.ts";
import type { RunJournal } from "./run-journal.ts";
import type { StoredRuns } from "./stored-runs.ts";
import type { AnyOrchestration } from "./version-of.ts";

/** So many characters of a snapshot are read in the time in which one record is. */
const CHARACTERS = 64;

/** What the snapshots of a driven run need. */
export interface RunSnapshotsParts {
  readonly runId: string;
  readonly orchestration: AnyOrchestration;
  readonly journal: RunJournal;
  readonly writer: JournalWriter;
  readonly runs: StoredRuns;
  /** After how many records a run that rests gets another snapshot. */
  readonly after: number;
  /** How many records its snapshot has now; 0 where there is none. */
  readonly base: number;
}

/** Keeps snapshots of one run while it is driven: when it rests, and only when that saves more than it costs. */
export class RunSnapshots {
  readonly #parts: RunSnapshotsParts;
  /** How many records the journal has when the next one is due. */
  #next: number;
  #seen = 0;
  #keeping: Promise<void> | undefined;

  constructor(parts: RunSnapshotsParts) {
    this.#parts = parts;
    this.#next = parts.base + parts.after;
  }

  /** The run rests: a snapshot is kept soon, if one is due. Nothing waits for it. */
  rests(): void {
    if (this.#parts.journal.count < this.#next || this.#keeping !== undefined) return;
    this.#keeping = new Promise<void>(endOfTurn)
      .then(() => this.#keep())
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  /** Called now and then: a run of which nothing was written since the last call rests. */
  look(): void {
    const { count } = this.#parts.journal;
    if (count === this.#seen) this.rests();
    this.#seen = count;
  }

  /** Resolves when a snapshot that is due is kept, or could not be. */
  async settle(): Promise<void> {
    this.rests();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { runId, orchestration, journal, writer, runs, after } = this.#parts;
    const { count } = journal;
    // Where none can be kept, the next try is made when there is twice as much.
    this.#next = 2 * count + after;
    try {
      await writer.settle(runId);
      const length = await runs.keepSnapshot(orchestration, runId);
      if (length !== undefined) this.#next = count + Math.max(after, length / CHARACTERS);
    } catch {
      // A snapshot is never needed. What is wrong with the store is told by who needs it.
    }
  }
}
