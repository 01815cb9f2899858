import type { OrchestrationEvent } from "../words/events.ts";
import type { EventLog } from "./event-log.ts";

type Result = IteratorResult<OrchestrationEvent, void>;

const DONE: Result = { done: true, value: undefined };

/**
 * Reads the events of a run at its own pace. It is no generator, because a generator that waits for an event cannot be
 * ended: `return` settles at once, and a reader that was left holds nothing.
 */
export class EventReader implements AsyncGenerator<OrchestrationEvent, void, undefined> {
  readonly #log: EventLog;
  readonly #signal: AbortSignal | undefined;
  /** The number of the kept event that comes next. */
  #next: number;
  #place = 0;
  /** What was read from the journal, and the place of the next event in it. */
  #refilled: readonly OrchestrationEvent[] = [];
  #given = 0;
  #isFilling = false;
  #isOver = false;
  /** Calls of `next` that wait. */
  #asked: PromiseWithResolvers<Result>[] = [];
  readonly #abort = (): void => this.#end();

  constructor(log: EventLog, from: number, signal?: AbortSignal) {
    this.#log = log;
    this.#next = from;
    this.#signal = signal;
    if (signal?.aborted === true) this.#isOver = true;
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  next(): Promise<Result> {
    if (this.#isOver) return Promise.resolve(DONE);
    const asked = Promise.withResolvers<Result>();
    this.#asked.push(asked);
    this.serve();
    return asked.promise;
  }

  return(): Promise<Result> {
    this.#end();
    return Promise.resolve(DONE);
  }

  throw(error: unknown): Promise<Result> {
    this.#end();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  /** Gives events to the calls that wait, as long as there are any. */
  serve(): void {
    while (this.#asked.length > 0 && !this.#isFilling) {
      const value = this.#take();
      if (value !== undefined) this.#asked.shift()!.resolve({ done: false, value });
      else if (this.#next <= this.#log.before) void this.#fill(this.#log.before);
      else if (this.#log.isOver) this.#end();
      else {
        this.#log.wait(this);
        return;
      }
    }
  }

  /** The next event that is at hand. */
  #take(): OrchestrationEvent | undefined {
    const refilled = this.#refilled[this.#given];
    if (refilled !== undefined) {
      this.#given += 1;
      return refilled;
    }
    if (this.#next <= this.#log.before) return undefined;
    this.#place = this.#log.placeFrom(this.#place);
    for (let event = this.#log.at(this.#place); event !== undefined; event = this.#log.at(this.#place)) {
      this.#place += 1;
      // A live event has the number of the kept event before it.
      if (event.seq < this.#next - (event.part === undefined ? 0 : 1)) continue;
      if (event.part === undefined) this.#next = event.seq + 1;
      return event;
    }
    return undefined;
  }

  async #fill(to: number): Promise<void> {
    this.#isFilling = true;
    try {
      this.#refilled = await this.#log.refill(this.#next, to);
      this.#given = 0;
      this.#next = to + 1;
    } catch (error) {
      this.#asked.shift()?.reject(error);
      this.#end();
    }
    this.#isFilling = false;
    this.serve();
  }

  #end(): void {
    this.#isOver = true;
    this.#refilled = [];
    this.#log.forget(this);
    this.#signal?.removeEventListener("abort", this.#abort);
    for (const asked of this.#asked.splice(0)) asked.resolve(DONE);
  }
}
