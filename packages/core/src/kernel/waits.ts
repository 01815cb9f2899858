/** What a host offers to a state that waits: a sleep, or a question to a human. */

import type { Closed } from "../errors/question-closed-error.ts";
import type { Clock } from "../platform/clock.ts";
import type { JsonSchema, Schema } from "../words/schema.ts";
import type { Activation } from "./activation.ts";
import type { Completion } from "./transition.ts";

/** The part of a host that keeps waits. */
export interface Waits {
  readonly clock: Clock;
  /** Calls `fire` after `ms`, unless the operation has ended by then. */
  readonly alarm: (operation: Activation, ms: number, fire: () => void) => void;
  /** Notes something of an operation, so that it is there after a restart. */
  readonly note: (operation: Activation, name: string, value: unknown) => void;
  readonly deliver: (completion: Completion) => void;
  /** Something waits in this mailbox. */
  readonly awaits: (mailbox: Standing) => void;
  /** Asks a question. Returns the time at which it was first asked. */
  readonly put: (question: NewQuestion) => number;
  /** Takes a question back, because something else closed it. */
  readonly withdraw: (id: string, closed: Closed) => void;
}

/** What waits for something in its run, as its host sees it. */
export interface Standing {
  /** Whether this operation does. */
  readonly holds: (operation: Activation) => boolean;
  /** Whether nothing can end it where nothing else goes on, is asked, or is timed; then it ends soon, with an error. */
  readonly standsStill: (host: StandingHost) => boolean;
  /** Ends it, because nobody can. */
  readonly refuse: (host: Pick<Waits, "deliver">) => void;
}

/** The host of a run in which everything waits. */
export interface StandingHost extends Pick<Waits, "deliver"> {
  readonly questions: { readonly size: number };
  readonly hasTimers: boolean;
  /** Whether the run still waits. */
  readonly isWaiting: boolean;
}

/** A question to ask, unless it was asked before a restart. */
export interface NewQuestion {
  readonly operation: Activation;
  /** The name under which a running runnable asks; absent where the operation is the question. */
  readonly name?: string;
  readonly prompt: () => unknown;
  readonly schema: Schema;
  /** Takes the checked answer. */
  readonly settle: (answer: unknown) => void;
  /** Ends the question with an error. */
  readonly refuse: (error: unknown) => void;
}

/** A sleep: when it is due, in milliseconds since the epoch, and how long it was to last. Journals had only the first once, as a number. */
export interface Slept {
  readonly due: number;
  readonly ms: number;
}

/** A sleep as it was noted. */
export function asSlept(note: Slept | number): Slept {
  return typeof note === "number" ? { due: note, ms: Number.POSITIVE_INFINITY } : note;
}

/** What was asked, and when. */
export interface Asked {
  readonly prompt: unknown;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
  /** What an answer has to look like; absent where the schema of the question does not tell. */
  readonly schema?: JsonSchema;
}
