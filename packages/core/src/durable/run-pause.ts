import type { DurableSpec } from "./durable-spec.ts";
import type { HeldEvents } from "./held-events.ts";
import { passes } from "./patience.ts";
import type { RunJournal } from "./run-journal.ts";

/** What could not be written of a run, and why. */
export interface Unwritten {
  readonly runId: string;
  readonly records: number;
  readonly cause: unknown;
}

/** The pause of one run: something of it waits to be written, because the store is locked or full. */
export class RunPause {
  readonly #spec: DurableSpec;
  readonly #journal: RunJournal;
  readonly #events: HeldEvents;
  #unwritten: Unwritten | undefined;
  #isOver = false;

  constructor(spec: DurableSpec, journal: RunJournal, events: HeldEvents) {
    this.#spec = spec;
    this.#journal = journal;
    this.#events = events;
  }

  /** Why the run waits; `undefined` when it does not. */
  get reason(): string | undefined {
    const { reason } = this.#spec.patience;
    return reason === undefined || this.#isOver || this.#journal.isOnDisk ? undefined : reason;
  }

  /** Whether the run waits for a write. At the other levels it goes on without its records, but not while the store takes none. */
  get holds(): boolean {
    const { level, run } = this.#spec;
    return level === "step" || run.ended !== undefined || this.reason !== undefined;
  }

  /** What was not written when this process stopped driving the run in a pause. */
  get unwritten(): Unwritten | undefined {
    return this.#unwritten;
  }

  /** A write could not be made: tells it, if it is one of this run. */
  tell(): void {
    const { reason } = this;
    const { doors, run } = this.#spec;
    if (reason !== undefined) this.#events.pause(doors.runId, run.root.path, reason, doors.clock.now());
  }

  /** All is written. */
  goOn(): void {
    this.#events.goOn(this.#spec.doors.clock.now());
  }

  /** This process stops driving the run, with what is not written because of `error`. */
  giveUp(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { records } = this.#journal;
    if (passes(error)) this.#unwritten = { runId: this.#spec.doors.runId, records, cause: error };
  }
}
