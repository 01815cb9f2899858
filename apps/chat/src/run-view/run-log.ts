/** The runs of this process with their live output, as far as they are remembered. */
import type { ChatEvent } from "@orch/chat-runtime";
import { RunReader } from "./run-reader.ts";

/** Runs that are remembered; older ones are read from where they are kept, without what was only live. */
const MAX_RUNS = 8;

/** Reads every run from its events as they happen. */
export class RunLog {
  readonly #readers = new Map<string, RunReader>();

  /** Takes an event of a turn. */
  readonly hear = (event: ChatEvent): void => {
    const id = "turnId" in event ? event.turnId : event.runId;
    let reader = this.#readers.get(id);
    if (reader === undefined) {
      reader = new RunReader();
      this.#readers.set(id, reader);
      const [oldest] = this.#readers.keys();
      if (this.#readers.size > MAX_RUNS && oldest !== undefined) this.#readers.delete(oldest);
    }
    reader.take(event);
  };

  /** What is remembered of a run. A run has the id of its turn. */
  of(id: string): RunReader | undefined {
    return this.#readers.get(id);
  }

  /** The id of the newest run. */
  get newest(): string | undefined {
    return [...this.#readers.keys()].at(-1);
  }
}
