/** Events as a caller reads them, counted while they are read. */
import { ServerLimitError } from "../errors/server-limit-error.ts";
import type { PublicEvent } from "../words/public-event.ts";
import type { EventReading } from "../words/public-run.ts";

/** Counts who reads how much at once, by what the ids of a principal begin with. */
export class OpenReadings {
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a reading until it is over or left. @throws ServerLimitError (`ORCH_SERVER_LIMIT`). */
  open(prefix: string, events: AsyncGenerator<PublicEvent, void, undefined>, isOver: boolean): EventReading {
    const count = this.#counts.get(prefix) ?? 0;
    if (count >= this.#limit)
      throw new ServerLimitError({ what: "streams", limit: this.#limit, retryAfter: 1000 });
    this.#counts.set(prefix, count + 1);
    let isOpen = true;
    const close = (): void => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.#counts.get(prefix) ?? 1) - 1;
      if (left === 0) this.#counts.delete(prefix);
      else this.#counts.set(prefix, left);
    };
    return new CountedReading(events, isOver, close);
  }
}

/** No generator, because one that was never asked for an event runs nothing when it is left. */
class CountedReading implements EventReading {
  readonly isOver: boolean;
  readonly #events: AsyncGenerator<PublicEvent, void, undefined>;
  readonly #close: () => void;

  constructor(events: AsyncGenerator<PublicEvent, void, undefined>, isOver: boolean, close: () => void) {
    this.#events = events;
    this.isOver = isOver;
    this.#close = close;
  }

  async next(): Promise<IteratorResult<PublicEvent, void>> {
    try {
      const result = await this.#events.next();
      if (result.done === true) this.#close();
      return result;
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  return(): Promise<IteratorResult<PublicEvent, void>> {
    this.#close();
    return this.#events.return();
  }

  throw(error: unknown): Promise<IteratorResult<PublicEvent, void>> {
    this.#close();
    return this.#events.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
