/** What was said so far in a turn, kept while it goes on: a process that is killed loses half a second of it. */
import type { Clock } from "@orch/core";
import type { LiveTurn } from "../turn/live-turn.ts";
import { unfinishedRecordOf } from "../turn/turn-ending.ts";
import type { KeptSession } from "./kept-session.ts";

/** How often what is new is kept, in milliseconds. */
const DRAFT_EVERY = 500;

/** Keeps the drafts of one turn until it is stopped. Without a session it keeps none. */
export class Drafts {
  readonly #live: LiveTurn;
  readonly #session: KeptSession | undefined;
  readonly #clock: Clock;
  #stopTimer: (() => void) | undefined;
  #writing: Promise<void> = Promise.resolve();
  #kept = 0;

  constructor(live: LiveTurn, session: KeptSession | undefined, clock: Clock) {
    this.#live = live;
    this.#session = session;
    this.#clock = clock;
    if (session !== undefined) this.#schedule();
  }

  /** Resolves when nothing more is written. */
  async stop(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    await this.#writing;
  }

  #schedule(): void {
    this.#stopTimer = this.#clock.after(DRAFT_EVERY, () => {
      this.#keep();
      this.#schedule();
    });
  }

  #keep(): void {
    const { heard, summary } = this.#live;
    const session = this.#session;
    if (heard === this.#kept || session === undefined) return;
    this.#kept = heard;
    const record = session.withSummary(unfinishedRecordOf(this.#live), summary);
    // A draft that cannot be written costs the turn nothing: the next one, or its end, has all of it.
    this.#writing = this.#writing.then(() => session.draft(record).catch(() => undefined));
  }
}
