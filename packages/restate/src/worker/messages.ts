import type { RestatePromise } from "@restatedev/restate-sdk";
import type { SentMessage } from "../words/run-message.ts";
import { messageSignal, type Resting, type SegmentRest } from "./inbox.ts";
import type { News } from "./segment.ts";
import type { SegmentParts } from "./segment-parts.ts";
import { callService } from "./service-call.ts";

/** The messages for a run, as its segment hears of them: each once, in the order of their numbers. */
export class Messages {
  readonly #parts: SegmentParts;
  #waiting: SentMessage[] = [];
  /** The number of the last message that was received. */
  #last: number;
  /** The number of the last message that was taken. */
  #seen = 0;
  #listening: { readonly number: number; readonly news: RestatePromise<News> } | undefined;

  constructor(parts: SegmentParts) {
    this.#parts = parts;
    const { messages, count } = parts.given;
    // What is not given was taken before.
    this.#last = 0;
    this.receive(messages);
    this.#last = count;
    this.#seen = messages.length === 0 ? count : messages[0]!.number - 1;
  }

  /** The number of the last message that was taken. */
  get seen(): number {
    return this.#seen;
  }

  /** Takes messages to be read; those that are known already are left out. */
  receive(messages: readonly SentMessage[]): void {
    for (const sent of messages) {
      if (sent.number <= this.#last) continue;
      this.#last = sent.number;
      this.#waiting.push(sent);
    }
  }

  /** The next message to be read. */
  next(): SentMessage | undefined {
    return this.#waiting.shift();
  }

  /** Remembers that a message was taken. It is not read again. */
  taken(number: number): void {
    this.#seen = Math.max(this.#seen, number);
    this.#waiting = this.#waiting.filter((sent) => sent.number > number);
  }

  /** Hears of the next message that comes. */
  open(): RestatePromise<News> {
    const number = this.#last + 1;
    if (this.#listening?.number !== number) {
      const signal = this.#parts.ctx.signal<SentMessage>(messageSignal(number));
      const news = signal.map<News>((sent) => ({ kind: "message", sent: sent! }));
      this.#listening = { number, news };
    }
    return this.#listening.news;
  }

  /** Tells the inbox that the run rests; `undefined` when it does, and messages when some have come. */
  async rest(wakeIn: number | undefined): Promise<readonly SentMessage[] | undefined> {
    const { ctx, names, sdk, given } = this.#parts;
    const parameter: SegmentRest = {
      segment: given.segment,
      seen: this.#seen,
      ...(wakeIn !== undefined && { wakeIn }),
    };
    const call = { service: names.inbox, method: "rest", key: ctx.key, parameter };
    const resting = await callService<Resting>(ctx, sdk, call);
    return resting.kind === "rests" ? undefined : resting.messages;
  }
}
