/**
 * The events of one run, for any number of readers. Each reader has its own place, so a slow one
 * does not hold up the others; the newest events are kept, so memory stays bounded in a run without end.
 */
import type { EventsMissed, OrchestrationEvent } from "../words/events.ts";
import { EventReader } from "./event-reader.ts";
import type { RunHandle } from "./host.ts";

/** How many events of a run are kept for readers who come late or read slowly. */
const KEPT_EVENTS = 10_000;

/** Keeps the newest events and wakes the readers that wait for more. */
export class EventLog {
  #events: OrchestrationEvent[] = [];
  /** How many events came before the first one kept. */
  #dropped = 0;
  /** The number of the last kept event before those here. */
  #before = 0;
  #ended = false;
  #handle: Pick<RunHandle, "id" | "history" | "describe"> | undefined;
  /** The readers that wait for the next event. */
  #waiting = new Set<EventReader>();

  /** The log is about this run, and begins after its history. */
  follow(handle: Pick<RunHandle, "id" | "history" | "describe">): void {
    this.#handle = handle;
    this.#before = Math.max(this.#before, handle.history?.until ?? 0);
  }

  /** How many readers wait for the next event. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether no more events come. */
  get isOver(): boolean {
    return this.#ended;
  }

  /** The number of the last event that is not here any more; 0 when none is missing. */
  get before(): number {
    return this.#before;
  }

  append(event: OrchestrationEvent): void {
    this.#events.push(event);
    if (this.#events.length > 2 * KEPT_EVENTS) {
      const dropped = this.#events.length - KEPT_EVENTS;
      this.#dropped += dropped;
      this.#before = this.#events[dropped - 1]!.seq;
      this.#events = this.#events.slice(dropped);
    }
    if (this.#waiting.size > 0) this.#wake();
  }

  /** Ends the log: no more events come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Every event from number `from` on. The reading ends with the run, or when `signal` is aborted. */
  read(from: number, signal?: AbortSignal): EventReader {
    return new EventReader(this, from, signal);
  }

  /** The place of the first event at or after `place`. */
  placeFrom(place: number): number {
    return Math.max(place, this.#dropped);
  }

  /** The event at a place; `undefined` when it has not happened yet. */
  at(place: number): OrchestrationEvent | undefined {
    return this.#events[place - this.#dropped];
  }

  /** The kept events from number `from` to number `to`, which are not here any more: read from the journal, or one event that says so. */
  async refill(from: number, to: number): Promise<readonly OrchestrationEvent[]> {
    const story = await this.#handle?.history?.load(from, to);
    const until = story?.until ?? from - 1;
    const events = (story?.events ?? []).filter(({ seq }) => seq >= from && seq <= to);
    return until >= to ? events : [...events, this.#missed(Math.max(from, until + 1), to)];
  }

  wait(reader: EventReader): void {
    this.#waiting.add(reader);
  }

  forget(reader: EventReader): void {
    this.#waiting.delete(reader);
  }

  #missed(from: number, to: number): EventsMissed {
    const [first] = this.#events;
    const runId = this.#handle?.id ?? "";
    const path = this.#handle?.describe("running").orchestration ?? "";
    return { type: "events.missed", from, to, seq: to, part: 0, time: first?.time ?? 0, runId, path };
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const reader of waiting) reader.serve();
  }
}
