/**
 * The events of one turn, for readers of any pace: a reader that reads all, half, nothing or throws
 * does not hold up the others, and no more than a fixed number of events waits for it.
 */
import type { ChatEvent } from "./chat-event.ts";

/** How the events of a turn wait for their readers. */
export interface TurnEventsOptions {
  /** How many events wait for a reader at most; then the oldest are dropped, and the reader is told. */
  readonly limit: number;
  /** Makes the event that tells a reader how many it missed. */
  readonly dropped: (count: number) => ChatEvent;
}

/**
 * An ordered stream with several readers. The first reader gets everything since the beginning;
 * a later reader gets the events from then on.
 */
export class TurnEvents implements AsyncIterable<ChatEvent> {
  readonly #options: TurnEventsOptions;
  readonly #readers = new Set<Reader>();
  #early: Reader | undefined;
  #drained: Reader | undefined;
  #ended = false;

  constructor(options: TurnEventsOptions) {
    this.#options = options;
    this.#early = this.#reader();
  }

  push(event: ChatEvent): void {
    if (this.#ended) return;
    for (const reader of this.#readers) reader.push(event);
  }

  /** Ends the stream. Queued events can still be read. */
  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<ChatEvent> {
    const reader = this.#early ?? this.#reader();
    this.#early = undefined;
    return reader;
  }

  /** Takes the events that wait for the first reader, without waiting for more. */
  drain(): readonly ChatEvent[] {
    this.#drained ??= this.#early ?? this.#reader();
    this.#early = undefined;
    return this.#drained.drain();
  }

  #reader(): Reader {
    const reader = new Reader(this.#options, () => this.#readers.delete(reader));
    this.#readers.add(reader);
    if (this.#ended) reader.end();
    return reader;
  }
}

type Result = IteratorResult<ChatEvent, undefined>;
const DONE: Result = { done: true, value: undefined };

class Reader implements AsyncIterator<ChatEvent, undefined> {
  readonly #options: TurnEventsOptions;
  readonly #leave: () => void;
  #waiting: ChatEvent[] = [];
  /** Where the next event stands in `#waiting`: shifting a long array would copy it each time. */
  #head = 0;
  #missed = 0;
  #ended = false;
  #asked: ((result: Result) => void)[] = [];

  constructor(options: TurnEventsOptions, leave: () => void) {
    this.#options = options;
    this.#leave = leave;
  }

  push(event: ChatEvent): void {
    if (this.#ended) return;
    const asked = this.#asked.shift();
    if (asked) {
      asked({ done: false, value: event });
      return;
    }
    if (this.#waiting.length - this.#head >= this.#options.limit) {
      this.#take();
      this.#missed += 1;
    }
    this.#waiting.push(event);
  }

  end(): void {
    this.#ended = true;
    for (const asked of this.#asked.splice(0)) asked(DONE);
  }

  next(): Promise<Result> {
    if (this.#missed > 0) {
      const value = this.#options.dropped(this.#missed);
      this.#missed = 0;
      return Promise.resolve({ done: false, value });
    }
    if (this.#head < this.#waiting.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve) => this.#asked.push(resolve));
  }

  drain(): readonly ChatEvent[] {
    const events = this.#waiting.slice(this.#head);
    if (this.#missed > 0) events.unshift(this.#options.dropped(this.#missed));
    this.#waiting = [];
    this.#head = 0;
    this.#missed = 0;
    return events;
  }

  return(): Promise<Result> {
    this.#waiting = [];
    this.#head = 0;
    this.#missed = 0;
    this.end();
    this.#leave();
    return Promise.resolve(DONE);
  }

  #take(): ChatEvent {
    const event = this.#waiting[this.#head]!;
    this.#head += 1;
    if (this.#head >= 1024 && this.#head * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return event;
  }
}
