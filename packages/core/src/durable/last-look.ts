import type { StoredRun } from "./journal-store.ts";
import type { StoredJournal } from "./stored-runs.ts";
import type { AnyOrchestration } from "./version-of.ts";

/**
 * The run that was looked at last, so that who lists its questions, answers one and takes it up reads it once. It counts
 * while the store has no other record of it: records are only ever added.
 */
export class LastLook {
  #orchestration: AnyOrchestration | undefined;
  #read: StoredJournal | undefined;

  keep(orchestration: AnyOrchestration, read: StoredJournal): void {
    // What a migration makes of the records has to be written by who takes the run up.
    if (orchestration.migrate !== undefined) return;
    this.#orchestration = orchestration;
    this.#read = read;
  }

  /** What was read, for one who changes nothing in it. */
  find(orchestration: AnyOrchestration, stored: StoredRun): StoredJournal | undefined {
    const read = this.#of(orchestration, stored);
    if (read === undefined) return undefined;
    const isSame = stored.updatedAt === read.stored.updatedAt && stored.records === read.count;
    return isSame ? { ...read, stored } : undefined;
  }

  /** Gives away what was read when the run had fewer records, to one who goes on with it from there. */
  takeOlder(orchestration: AnyOrchestration, stored: StoredRun): StoredJournal | undefined {
    const read = this.#of(orchestration, stored);
    if (read === undefined || read.count >= stored.records) return undefined;
    this.#read = undefined;
    return read;
  }

  #of(orchestration: AnyOrchestration, stored: StoredRun): StoredJournal | undefined {
    const read = this.#read;
    if (read === undefined || this.#orchestration !== orchestration) return undefined;
    const { runId, createdAt, hash } = read.stored;
    const isSame = stored.runId === runId && stored.createdAt === createdAt && stored.hash === hash;
    return isSame ? read : undefined;
  }

  forget(): void {
    this.#read = undefined;
  }

  /** Gives what was read away, to one who goes on with it. */
  take(orchestration: AnyOrchestration, stored: StoredRun): StoredJournal | undefined {
    const read = this.find(orchestration, stored);
    if (read !== undefined) this.#read = undefined;
    return read;
  }
}
