/** The events of one turn, for readers who come when they like: those that are kept, and the newest live ones. */
import type { ChatEvent } from "@orch/chat-runtime";
import type { EventPlace } from "../view/event-id.ts";
import type { PlacedEvent } from "../view/public-stream.ts";
import type { RunStanding } from "./caught-up.ts";

/** How many live events of a turn are kept for readers who come late. */
const LIVE = 10_000;

/** The number of the last event of every turn, so that who saw the end is told of none again. */
export const TURN_END = 1_000_000_000;

interface Link {
  readonly placed: PlacedEvent | undefined;
  next?: Link;
}

/** Gives events their places, and keeps them. Nothing is held of what all readers have left behind but what is kept. */
export class TurnLog {
  readonly turn: string;
  readonly life: string;
  /** Where the run was when the turn was taken up; absent for a new turn. */
  readonly left: RunStanding | undefined;
  readonly #first: Link = { placed: undefined };
  #last: Link = this.#first;
  #place: EventPlace = { number: 0, part: 0 };
  #live = 0;
  #isOver = false;
  #waiting: (() => void)[] = [];
  /** The questions that were ever told, and those of which it was told that the run waits for them. */
  readonly #asked = new Set<string>();
  readonly #waited = new Set<string>();
  readonly #questions = new Map<string, Extract<ChatEvent, { readonly type: "question.asked" }>>();

  constructor(turn: string, life: string, left?: RunStanding) {
    this.turn = turn;
    this.life = life;
    this.left = left;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The questions without an answer, oldest first. */
  get questions(): readonly Extract<ChatEvent, { readonly type: "question.asked" }>[] {
    return [...this.#questions.values()];
  }

  /** Takes in all events of a turn. It never rejects. */
  async take(events: AsyncIterable<ChatEvent>): Promise<void> {
    try {
      for await (const event of events) this.#add(event);
    } finally {
      this.#isOver = true;
      this.#wake();
    }
  }

  /** The events from the first one on, until the turn has ended or `signal` aborts. */
  async *read(signal?: AbortSignal): AsyncGenerator<PlacedEvent, void, undefined> {
    let at = this.#first;
    const stop = (): void => this.#wake();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      while (signal?.aborted !== true) {
        if (at.next !== undefined) {
          at = at.next;
          if (at.placed !== undefined) yield at.placed;
        } else if (this.#isOver) return;
        else await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** The events that are there now. */
  *soFar(): Generator<PlacedEvent, void, undefined> {
    for (let at = this.#first.next; at !== undefined; at = at.next) if (at.placed) yield at.placed;
  }

  /** Resolves when it was told where the run is: its questions, that it waits for them, its end. The end of the turn will do too. */
  async toldOf({ questions, isWaiting, isOver }: RunStanding): Promise<void> {
    const told = isWaiting ? this.#waited : this.#asked;
    while (!this.#isOver && (isOver || !questions.every((question) => told.has(question))))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #add(event: ChatEvent): void {
    this.#ask(event);
    this.#place = placeOf(event, this.#place);
    const link: Link = { placed: { event, place: this.#place } };
    this.#last.next = link;
    this.#last = link;
    if (this.#place.part > 0) this.#live += 1;
    if (this.#live > 2 * LIVE) this.#shed();
    this.#wake();
  }

  /** Leaves out the older half of the live events. A reader that stands on one of them goes on from there. */
  #shed(): void {
    let kept = this.#first;
    for (let at = this.#first.next; at !== undefined && this.#live > LIVE; at = at.next) {
      if (at.placed?.place.part === 0) {
        kept.next = at;
        kept = at;
      } else {
        this.#live -= 1;
        if (at.next !== undefined) kept.next = at.next;
      }
    }
  }

  #ask(event: ChatEvent): void {
    if (event.type === "question.asked") {
      this.#asked.add(event.question);
      this.#questions.set(event.question, event);
    } else if (event.type === "run.waiting")
      for (const question of event.questions) this.#waited.add(question);
    else if (event.type === "question.answered") this.#questions.delete(event.question);
    else if (event.type === "state.completed" || event.type === "state.failed") {
      for (const { question, path } of this.#questions.values())
        if (path === event.path) this.#questions.delete(question);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Where an event of a turn stands, after the one before. Its own events have no numbers; what is live is counted anew. */
function placeOf(event: ChatEvent, { number, part }: EventPlace): EventPlace {
  switch (event.type) {
    case "turn.started":
      return { number: 0, part: 0 };
    case "turn.completed":
    case "turn.failed":
    case "turn.cancelled":
      return { number: TURN_END, part: 0 };
    default:
      return "seq" in event && event.part === undefined
        ? { number: event.seq, part: 0 }
        : { number, part: part + 1 };
  }
}
