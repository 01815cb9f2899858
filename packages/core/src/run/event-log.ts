/**
 * The events of one run, for any number of readers. Each reader has its own place, so a slow one
 * does not hold up the others; the newest events are kept, so memory stays bounded in a run without end.
 */
import type { OrchestrationEvent } from "../words/events.ts";

/** How many events of a run are kept for readers who come late or read slowly. */
const KEPT_EVENTS = 10_000;

/** Keeps the newest events and wakes the readers that wait for more. */
export class EventLog {
  #events: OrchestrationEvent[] = [];
  /** How many events came before the first one kept. */
  #dropped = 0;
  #ended = false;
  /** Made by the first reader that waits: a promise for each event would be most of what an event costs. */
  #more: PromiseWithResolvers<void> | undefined;

  append(event: OrchestrationEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * KEPT_EVENTS) {
      this.#dropped += this.#events.length - KEPT_EVENTS;
      this.#events = this.#events.slice(-KEPT_EVENTS);
    }
    this.#wake();
  }

  /** Ends the log: no more events come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Every event from number `from` on, or from the oldest kept; ends with the run. */
  async *read(from: number): AsyncGenerator<OrchestrationEvent, void, undefined> {
    let place = 0;
    for (;;) {
      place = Math.max(place, this.#dropped);
      const event = this.#events[place - this.#dropped];
      if (event !== undefined) {
        place += 1;
        if (event.seq >= from) yield event;
      } else if (this.#ended) {
        return;
      } else {
        this.#more ??= Promise.withResolvers();
        await this.#more.promise;
      }
    }
  }

  #wake(): void {
    const more = this.#more;
    this.#more = undefined;
    more?.resolve();
  }
}
