/** Messages of people who do not wait: each has its way, also while another one is being answered. */
import { textOf, type UserMessage, userMessage } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { TurnBusyError } from "../errors/turn-busy-error.ts";
import type { TurnDescription } from "../turn/turn-description.ts";
import type { TurnStream } from "../turn/turn-stream.ts";
import { answerReadings } from "./answer-readings.ts";
import type { ChatRuntime } from "./chat-runtime.ts";
import { type InboxPolicy, inboxWay } from "./inbox-policy.ts";

/** A message that waits for its turn. */
export interface QueuedMessage {
  /** For `edit` and `remove`. */
  readonly id: string;
  readonly message: UserMessage;
}

/** What became of a message. */
export type Posted =
  /** It is being answered; `interrupted` says that another turn was stopped for it. */
  | { readonly type: "sent"; readonly turn: TurnStream; readonly interrupted: boolean }
  /** It was the answer to the one open question, as `value`. */
  | { readonly type: "answered"; readonly question: string; readonly value: unknown }
  /** Several questions are open: name one by `runtime.answer(question, value)`. Nothing was done. */
  | { readonly type: "which"; readonly questions: TurnDescription["questions"] }
  /** It waits for its turn. */
  | { readonly type: "queued"; readonly item: QueuedMessage };

/** How an inbox treats messages, and who is told. */
export interface InboxOptions extends InboxPolicy {
  /** Called with each turn that begins with a message of the queue. */
  readonly onTurn?: (turn: TurnStream, item: QueuedMessage) => void;
  /** Called when the queue changed, or whether it is held. */
  readonly onChange?: () => void;
}

/**
 * Takes the messages of a conversation as they come, by one stated policy. A message that comes while nothing is being answered is
 * sent. While the run waits for one answer, the message is that answer. While it is busy, the message waits in a queue that can be seen and edited. A turn that did not complete holds
 * the queue back until `release`, because what waits was written before anybody knew.
 *
 * @example
 * ```ts
 * const inbox = new Inbox(runtime, { busy: "queue" });
 * const posted = await inbox.post("and in schools?");
 * if (posted.type === "queued") show(`waits behind ${inbox.items.length - 1} others`);
 * ```
 */
export class Inbox {
  readonly #runtime: ChatRuntime;
  readonly #options: InboxOptions;
  readonly #stop: () => void;
  #items: readonly QueuedMessage[] = [];
  #held = false;
  #count = 0;

  constructor(runtime: ChatRuntime, options: InboxOptions = {}) {
    this.#runtime = runtime;
    this.#options = options;
    this.#stop = runtime.on("*", ({ type }) => {
      if (type === "turn.completed") this.#next();
      else if (type === "turn.failed" || type === "turn.cancelled" || type === "turn.suspended") this.#hold();
    });
  }

  /** What waits, the next one first. */
  get items(): readonly QueuedMessage[] {
    return this.#items;
  }

  /** Whether the queue is held back, because a turn did not complete. */
  get held(): boolean {
    return this.#held;
  }

  /**
   * Takes a message. As an answer it is read as it stands, else as a yes or a no, else as the JSON that it is.
   *
   * @throws TurnBusyError (`ORCH_TURN_BUSY`) where the policy is `reject`, InvalidAnswerError (`ORCH_INVALID_ANSWER`) when it does not fit
   * the open question, which stays open, and what `send` of the runtime throws.
   */
  async post(message: UserMessage | string): Promise<Posted> {
    const sent = typeof message === "string" ? userMessage(message) : message;
    const described = this.#runtime.describe();
    const questions = described?.questions ?? [];
    const way = inboxWay({ busy: described !== undefined, questions: questions.length }, this.#options);
    switch (way) {
      case "send":
        return { type: "sent", turn: this.#runtime.send(sent), interrupted: false };
      case "interrupt":
        return { type: "sent", turn: await this.#interrupt(sent), interrupted: true };
      case "which":
        return { type: "which", questions };
      case "queue":
        return { type: "queued", item: this.#queue(sent) };
      case "reject":
        throw new TurnBusyError({
          sessionId: this.#runtime.sessionId,
          turnId: described!.turnId,
        });
      case "answer": {
        const { question } = questions[0]!;
        return { type: "answered", question, value: await this.#answer(question, textOf(sent)) };
      }
    }
  }

  /** Changes a message that waits. Gives whether it still waited. */
  edit(id: string, message: UserMessage | string): boolean {
    const changed = typeof message === "string" ? userMessage(message) : message;
    const waits = this.#items.some((item) => item.id === id);
    this.#set(this.#items.map((item) => (item.id === id ? { id, message: changed } : item)));
    return waits;
  }

  /** Takes a message that waits out of the queue; `undefined` when it waits no more. */
  remove(id: string): QueuedMessage | undefined {
    const found = this.#items.find((item) => item.id === id);
    this.#set(this.#items.filter((item) => item !== found));
    return found;
  }

  /** Lets a queue go on that was held back. */
  release(): void {
    this.#held = false;
    if (this.#runtime.busy) this.#options.onChange?.();
    else this.#next();
  }

  /** Hears no more of the runtime. What waits stays in `items`. */
  close(): void {
    this.#stop();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #queue(message: UserMessage): QueuedMessage {
    this.#count += 1;
    const item = { id: `queued-${this.#count}`, message };
    this.#set([...this.#items, item]);
    return item;
  }

  /** Stops what is being answered, also what another message began meanwhile. */
  async #interrupt(message: UserMessage): Promise<TurnStream> {
    while (this.#runtime.busy) await this.#runtime.cancel("a new message came");
    return this.#runtime.send(message);
  }

  async #answer(question: string, text: string): Promise<unknown> {
    let refusal: unknown;
    for (const value of answerReadings(text)) {
      try {
        await this.#runtime.answer(question, value);
        return value;
      } catch (error) {
        if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  #next(): void {
    const [item, ...rest] = this.#items;
    // Who heard of the end before may have sent a message of their own.
    if (item === undefined || this.#held || this.#runtime.busy) return;
    this.#set(rest);
    const turn = this.#runtime.send(item.message);
    this.#options.onTurn?.(turn, item);
  }

  #hold(): void {
    if (this.#items.length === 0) return;
    this.#held = true;
    this.#options.onChange?.();
  }

  #set(items: readonly QueuedMessage[]): void {
    this.#items = items;
    if (items.length === 0) this.#held = false;
    this.#options.onChange?.();
  }
}
