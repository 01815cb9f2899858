/** What a host gives to those who wait on it: a sleep, or a question to a human. */
import type { Activation } from "./activation.ts";
import type { Clock } from "./clock.ts";
import type { RunContext } from "./context.ts";
import type { PendingQuestion } from "./questions.ts";
import type { Completion } from "./transition.ts";

/** The part of a host that keeps waits. */
export interface Waits {
  readonly clock: Clock;
  /** Calls `fire` after `ms`, unless the operation has ended by then. */
  readonly alarm: (operation: Activation, ms: number, fire: () => void) => void;
  /** Notes something of an operation, so that it is there after a restart. */
  readonly note: (operation: Activation, name: string, value: unknown) => void;
  readonly deliver: (completion: Completion) => void;
  /** Puts a question; one that is not new was put before a restart. */
  readonly put: (question: PendingQuestion, note: string, isNew: boolean) => void;
  readonly withdraw: (id: string) => void;
  /** Asks elsewhere; set in a composite that is called by hand. */
  readonly askAround: RunContext["ask"] | undefined;
}

/** What was asked, and when. */
export interface Asked {
  readonly prompt: unknown;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
}
