/**
 * The events of one run, for any number of readers. Each reader has its own place, so a slow one
 * holds up nobody; the newest events are kept, so memory stays bounded in a run without end.
 */
import type { OrchestrationEvent } from "./events.ts";

/** How many events of a run are kept for readers who come late or read slowly. */
const KEPT_EVENTS = 10_000;

/** Keeps the newest events and wakes those who wait for more. */
export class EventLog {
  #events: OrchestrationEvent[] = [];
  /** The `seq` of the first event kept. */
  #first = 1;
  #ended = false;
  #more = Promise.withResolvers<void>();

  append(event: OrchestrationEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * KEPT_EVENTS) {
      this.#events = this.#events.slice(-KEPT_EVENTS);
      this.#first = this.#events[0]!.seq;
    }
    this.#wake();
  }

  /** No more events come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Every event from number `from` on, or from the oldest kept; ends with the run. */
  async *read(from: number): AsyncGenerator<OrchestrationEvent, void, undefined> {
    let seq = from;
    for (;;) {
      seq = Math.max(seq, this.#first);
      const event = this.#events[seq - this.#first];
      if (event !== undefined) {
        seq += 1;
        yield event;
      } else if (this.#ended) {
        return;
      } else {
        await this.#more.promise;
      }
    }
  }

  #wake(): void {
    const { resolve } = this.#more;
    this.#more = Promise.withResolvers<void>();
    resolve();
  }
}
