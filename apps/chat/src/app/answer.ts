/** One answer on its way: its events are collected as they come, and drawn by a clock. */
import type { ChatEvent, TurnStream } from "@orch/chat-runtime";
import type { Clock } from "@orch/core";
import { safe } from "../terminal/safe-text.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import { type Entry, errorEntry, noticeEntry } from "./entry.ts";
import type { TurnView } from "./turn-view.ts";

/** How often it is drawn, in milliseconds. */
const TICK = 80;

/** What an answer needs of the chat. */
export interface AnswerDoors {
  readonly clock: Clock;
  readonly style: () => MarkdownStyle;
  readonly print: (entry: Entry) => void;
  /** Something live is to be drawn anew. */
  readonly changed: () => void;
  /** `cost` is in US dollars. */
  readonly spent: (tokens: number, cost: number) => void;
}

/** A turn that runs, until `follow` resolves. */
export class Answer {
  readonly view: TurnView;
  readonly #stream: TurnStream;
  readonly #doors: AnswerDoors;
  #tick: ReturnType<Clock["after"]> | undefined;

  constructor(stream: TurnStream, view: TurnView, doors: AnswerDoors) {
    this.view = view;
    this.#stream = stream;
    this.#doors = doors;
  }

  /** Reads the turn to its end and draws it. Never rejects. */
  async follow(): Promise<void> {
    this.#schedule();
    const failure = this.#stream.reply.then(
      () => undefined,
      (error: unknown) => error,
    );
    let end: ChatEvent | undefined;
    for await (const event of this.#stream) {
      if (event.type === "state.usage") {
        const { inputTokens = 0, outputTokens = 0, cost = 0 } = event.spending;
        this.#doors.spent(inputTokens + outputTokens, cost);
      }
      this.view.take(event);
      end = event;
    }
    this.#tick?.();
    this.#finish(end, await failure);
  }

  cancel(): void {
    // Its end is heard by `follow`.
    void this.#stream.cancel("stopped by the user");
  }

  #schedule(): void {
    const { clock, style, changed } = this.#doors;
    this.#tick = clock.after(TICK, () => {
      this.view.flush(style());
      changed();
      this.#schedule();
    });
  }

  #finish(end: ChatEvent | undefined, failure: unknown): void {
    const { print, style } = this.#doors;
    if (end?.type === "turn.completed") this.view.complete(end.message, style());
    else this.view.abandon(style());
    if (end?.type === "turn.cancelled") {
      const kept = this.view.spoke ? safe`stopped; what there is of the answer is kept` : safe`stopped`;
      print(noticeEntry(kept, "waiting"));
    } else if (end?.type === "turn.failed") print(errorEntry(failure ?? end.error.message));
  }
}
