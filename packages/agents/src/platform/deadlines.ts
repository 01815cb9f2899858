/** Limits of time that mostly are not reached: one timer watches all of them, as a timer for each costs more than many a call that it limits. */
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { elapsedOn } from "./elapsed-on.ts";
import { endOfTurn } from "./end-of-turn.ts";

/** A limit that is watched. */
export interface Deadline {
  /** In milliseconds of the clock's `elapsed`. */
  readonly due: number;
  readonly act: () => void;
}

/** The limits of one run. */
export class Deadlines {
  readonly clock: Clock;
  #open: Deadline[] = [];
  /** When the timer fires; it is not touched when a limit is left, and looks then what is left to watch. */
  #due = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  /** Whether the machine's timer will be set at the end of this turn of the event loop. */
  #isSoon = false;
  #stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Calls `act` once at the moment `due`, unless it is left before. `now` is the present moment. */
  add(due: number, now: number, act: () => void): Deadline {
    const deadline = { due, act };
    this.watch(deadline, now);
    return deadline;
  }

  /** As {@link add}, for what is a limit itself. */
  watch(deadline: Deadline, now: number): void {
    this.#open.push(deadline);
    if (deadline.due < this.#due && !this.#stopped) this.#arm(deadline.due, now);
  }

  /** Watches a limit no more. */
  leave(deadline: Deadline): void {
    // Mostly the one that came last.
    if (this.#open.at(-1) === deadline) this.#open.pop();
    else this.#open = this.#open.filter((other) => other !== deadline);
  }

  /** Ends the timer: nothing is watched after that. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #arm(due: number, now: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due = due;
    if (this.clock !== systemClock) this.#set(now);
    else if (!this.#isSoon) {
      this.#isSoon = true;
      endOfTurn(() => this.#setLate());
    }
  }

  /** A timer of the machine costs more than a turn, and most of what is limited ends before the process has nothing else to do. */
  #setLate(): void {
    this.#isSoon = false;
    if (this.#stopped) return;
    if (this.#open.length > 0) this.#set(elapsedOn(this.clock));
    else this.#due = Number.POSITIVE_INFINITY;
  }

  #set(now: number): void {
    this.#cancel = this.clock.after(Math.max(0, this.#due - now), () => this.#fire());
  }

  #fire(): void {
    this.#due = Number.POSITIVE_INFINITY;
    this.#cancel = undefined;
    const now = elapsedOn(this.clock);
    const reached = this.#open.filter(({ due }) => due <= now);
    this.#open = this.#open.filter(({ due }) => due > now);
    for (const deadline of reached) deadline.act();
    const next = Math.min(...this.#open.map(({ due }) => due));
    if (next < this.#due) this.#arm(next, now);
  }
}
