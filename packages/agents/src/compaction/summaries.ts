import type { Message } from "../words/message.ts";

/** A summary of the beginning of a conversation. */
export interface Summary {
  /** The messages it stands for, from the first on. */
  readonly covers: readonly Message[];
  readonly text: string;
  /** How many messages before those it stands for as well, which were not read. Default 0. */
  readonly earlier?: number;
}

/** Where summaries are found again. */
export interface KeptSummaries {
  /** The summary that covers the most of the beginning of these messages. */
  readonly find: (messages: readonly Message[]) => Summary | undefined;
  /** Keeps a summary for the next call. */
  readonly keep: (summary: Summary) => void;
}

/** The summaries that were made, each found by the last message it covers; they go when their conversations go. */
export class Summaries implements KeptSummaries {
  readonly #byLast: WeakMap<Message, Summary> = new WeakMap();

  /** The summary that covers the most of the beginning of these messages. */
  find(messages: readonly Message[]): Summary | undefined {
    for (let index = messages.length - 1; index >= 0; index--) {
      const summary = this.#byLast.get(messages[index]!);
      if (summary === undefined || summary.covers.length !== index + 1) continue;
      if (summary.covers.every((message, position) => message === messages[position])) return summary;
    }
    return undefined;
  }

  /** Keeps a summary for the next call. */
  keep(summary: Summary): void {
    const last = summary.covers.at(-1);
    if (last !== undefined) this.#byLast.set(last, summary);
  }
}
