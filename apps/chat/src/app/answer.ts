/** One answer on its way: its events are collected as they come, and drawn by a clock. */
import type { ChatEvent, TurnStream } from "@orch/chat-runtime";
import type { Clock, Spending } from "@orch/core";
import { answeredEntry } from "../questions/answered-entry.ts";
import { LiveQuestions, type QuestionDoors } from "../questions/live-questions.ts";
import { onlyWaits } from "../rail/only-waits.ts";
import { innermostAgentEvent } from "../sessions/innermost-agent-event.ts";
import { answerWith } from "../sessions/open-questions.ts";
import { safe, safeText } from "../terminal/safe-text.ts";
import { EMPTY_LINE, type Entry, errorEntry, noticeEntry } from "../transcript/entry.ts";
import type { MarkdownStyle } from "../transcript/markdown.ts";
import { paceOf, TICK } from "./answer-pace.ts";
import { TurnNotes } from "./turn-notes.ts";
import type { TurnView } from "./turn-view.ts";

/** Said of a run that ends with the program. */
export const ENDED_HERE = safe`stopped: with --no-session a run ends with the program`;

/** The part of the chat that an answer uses. */
export interface AnswerDoors {
  readonly clock: Clock;
  readonly style: () => MarkdownStyle;
  readonly print: (entry: Entry) => void;
  /** Whether a run outlives the program. */
  readonly keeps: boolean;
  /** Called when the live region must be redrawn. */
  readonly changed: () => void;
  /** How questions are put, all but the answer to them. */
  readonly questions: Omit<QuestionDoors, "answer" | "failed">;
  /** Called with what each call used; with nothing for one that was stopped. */
  readonly spent: (spending: Spending, path?: string) => void;
  /** Told when the tokens of a call are an estimate. */
  readonly estimated?: () => void;
}

/** A turn that runs, until `follow` resolves. */
export class Answer {
  readonly view: TurnView;
  readonly #stream: TurnStream;
  /** What the run asks. */
  readonly questions: LiveQuestions;
  readonly #doors: AnswerDoors;
  readonly #notes = new TurnNotes();
  #tick: ReturnType<Clock["after"]> | undefined;
  readonly #since: number;
  /** When the last event came, in milliseconds since the epoch, and what was shown of the time. */
  #moved: number;
  #shown = 0;
  /** Whether a call was told without its cost. */
  #isUnpriced = false;
  /** Whether it was stopped here. */
  #isStopped = false;

  constructor(stream: TurnStream, view: TurnView, doors: AnswerDoors) {
    this.view = view;
    this.#stream = stream;
    this.#doors = doors;
    this.#since = doors.clock.now();
    this.#moved = this.#since;
    this.questions = new LiveQuestions({
      ...doors.questions,
      answer: (id, value) => this.#give(id, value),
      failed: (error) => doors.print(errorEntry(error)),
    });
  }

  /** The id of the turn. */
  get id(): string {
    return this.#stream.id;
  }

  /** The message that is being answered. */
  get message(): TurnStream["message"] {
    return this.#stream.message;
  }

  /** Draws the turn until it ends. Never rejects. */
  async follow(): Promise<void> {
    this.#schedule(TICK);
    const failure = await this.#stream.reply.then(
      () => undefined,
      (error: unknown) => error,
    );
    this.#tick?.();
    this.#tick = undefined;
    this.#finish(this.#take(), failure);
  }

  /** Answers a question with what was typed, where no panel is drawn; gives the answer. Rejects with what the run says to it. */
  async give(id: string, text: string): Promise<unknown> {
    let given: unknown;
    await answerWith(text, (value) => {
      given = value;
      return this.#give(id, value);
    });
    return given;
  }

  /** What follows from an answer is drawn at once, however slow the pace is that it ends. */
  async #give(id: string, value: unknown): Promise<void> {
    await this.#stream.answer(id, value);
    this.#wake();
  }

  #wake(): void {
    if (this.#tick === undefined) return;
    this.#tick();
    this.#schedule(0);
  }

  cancel(): void {
    this.#isStopped = true;
    this.#wake();
    // Its end is heard by `follow`.
    void this.#stream.cancel("stopped by the user");
  }

  /** How long it has taken, in milliseconds. */
  get duration(): number {
    return this.#doors.clock.now() - this.#since;
  }

  /** Takes the events that came since the last tick; gives the last one. */
  #take(): ChatEvent | undefined {
    const events = this.#stream.drain();
    let from = 0;
    for (const [at, event] of events.entries()) {
      const answered = this.questions.take(event);
      if (event.type === "state.usage" && event.spending.cost === undefined) this.#isUnpriced = true;
      // The story of an earlier life of the run stands above.
      if (event.time < this.#since) continue;
      if (event.type === "state.usage") this.#doors.spent(event.spending);
      if (isEstimate(event)) this.#doors.estimated?.();
      this.#notes.take(event);
      if (answered === undefined) continue;
      // Where lines are only appended, each that is printed puts the question again that is open by then.
      this.questions.settle();
      // What was said before an answer stands above it.
      this.view.take(events.slice(from, at + 1), this.#doors.style());
      from = at + 1;
      this.#doors.print(answeredEntry(answered));
    }
    this.view.take(events.slice(from), this.#doors.style());
    this.questions.settle();
    return events.at(-1);
  }

  #schedule(ms: number): void {
    const { clock, changed } = this.#doors;
    this.#tick = clock.after(ms, () => {
      const now = clock.now();
      const isMoved = this.#take() !== undefined;
      if (isMoved) this.#moved = now;
      const pace = paceOf(now - this.#moved, onlyWaits(this.view.rail), now, this.#since);
      if (isMoved || pace.shown !== this.#shown) changed();
      this.#shown = pace.shown;
      this.#schedule(pace.next);
    });
  }

  /** Where each call told its cost and the turn has none, a call was stopped, of which nobody knows what it cost. */
  #countStopped(end: ChatEvent | undefined): void {
    const hasUsage = end !== undefined && "usage" in end && end.usage !== undefined;
    if (hasUsage && end.cost === undefined && !this.#isUnpriced) this.#doors.spent({});
  }

  #finish(end: ChatEvent | undefined, failure: unknown): void {
    const { print, style } = this.#doors;
    if (end?.type === "turn.completed") this.view.complete(end.message, style());
    else this.view.abandon(style());
    const notes = this.#notes.entries;
    if (notes.length > 0 && this.view.spoke) print(EMPTY_LINE);
    for (const note of notes) print(note);
    this.#countStopped(end);
    if (end?.type === "turn.cancelled") {
      const how = this.#isStopped ? safe`stopped` : safe`stopped from elsewhere: ${safeText(end.reason)}`;
      const kept = this.view.spoke ? safe`${how}; what there is of the answer is kept` : how;
      if (this.view.spoke) print(EMPTY_LINE);
      print(noticeEntry(kept, "skipped"));
    } else if (end?.type === "turn.suspended")
      print(noticeEntry(this.#doors.keeps ? safe`left here; the run is kept` : ENDED_HERE, "skipped"));
    else if (end?.type === "turn.failed") {
      if (this.view.spoke) print(EMPTY_LINE);
      print(errorEntry(failure ?? end.error));
    }
  }
}

function isEstimate(event: ChatEvent): boolean {
  const told = innermostAgentEvent(event);
  return told?.type === "agent.turn.completed" && told.usage.estimated === true;
}
