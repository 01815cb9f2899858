/** The conversation of a run, which is the whole state of its loop. */
import type { Streak } from "../calls/loop-guard.ts";
import { wellFormed } from "../platform/well-formed.ts";
import type { Message } from "../words/message.ts";
import { isWholeMessage } from "./whole-message.ts";

/** Grows only at its end: what was sent to a provider once is never rewritten. */
export class Conversation {
  turn = 0;
  outputRetriesLeft: number;
  /** How often this run handed the conversation to another agent. */
  handoffs = 0;
  streaks: readonly Streak[] = [];
  readonly messages: Message[];
  readonly inputCount: number;
  readonly warnings: Set<string> = new Set();
  #opening: readonly Message[] = [];
  #from = 0;
  /** All that is sent: a copy of a list costs half of what two lists in one do. */
  #sent: Message[] | undefined;
  #system: readonly Message[] = [];
  #leftOut = 0;

  constructor(input: readonly Message[], outputRetries: number) {
    this.messages = input.map(wellFormed);
    this.inputCount = input.length;
    this.outputRetriesLeft = outputRetries;
  }

  /** Adds a message, without halves of characters, and gives it as it was added. */
  add<TMessage extends Message>(said: TMessage): TMessage {
    const message = isWholeMessage(said) ? said : wellFormed(said);
    this.messages.push(message);
    this.#sent?.push(message);
    return message;
  }

  /** What the active agent sees, with these system messages before it, as a list of its own. */
  toSend(system: readonly Message[]): Message[] {
    if (this.#sent === undefined || this.#system !== system) {
      this.#sent = [...system, ...this.seen()];
      this.#system = system;
    }
    return this.#sent.slice();
  }

  /** The messages that the active agent sees: all, unless a handoff filter removed some. */
  seen(): readonly Message[] {
    return this.#from === 0 ? this.messages : [...this.#opening, ...this.messages.slice(this.#from)];
  }

  /** From here on `opening` is seen instead of the messages before the position `from`. */
  showInstead(opening: readonly Message[], from: number): void {
    this.#opening = opening;
    this.#from = from;
    this.#sent = undefined;
  }

  /** Whether a compaction that leaves out so many messages does something that the one before did not. */
  isNewCompaction(leftOut: number): boolean {
    const isNew = leftOut !== this.#leftOut;
    this.#leftOut = leftOut;
    return isNew && leftOut > 0;
  }
}
