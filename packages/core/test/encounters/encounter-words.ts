/** What an encounter is, and how it went. */
import type { HeldCall } from "./held-store.ts";

/** What may happen to a run. */
export const COMMANDS = [
  "answer",
  "cancel",
  "close",
  "deadline",
  "delete",
  "fork",
  "look",
  "lose",
  "migrate",
  "resume",
  "retry",
  "signal",
  "start",
  "suspend",
] as const;

/** One of them. */
export type Command = (typeof COMMANDS)[number];

/** Where the run is before: parked, driven by the host of the first command, driven by the other one, or left by a process that crashed. */
export const PLACES = ["parked", "here", "there", "crashed", "ended"] as const;

/** Two commands, and where they meet. */
export interface Encounter {
  readonly flow: string;
  readonly place: (typeof PLACES)[number];
  readonly first: Command;
  readonly second: Command;
  /** Whether the second one comes to the same host. */
  readonly isOneHost: boolean;
  readonly level: "step" | "group" | "end";
  /** Whether the hosts keep a snapshot whenever they can. */
  readonly hasSnapshots?: boolean;
  /** Whether every call of the store gives a promise. */
  readonly isLate: boolean;
  /** The call at which the first one stops; absent: it stops after `turns` turns of the queue of microtasks instead. */
  readonly call?: HeldCall;
  /** The call at which the second one stops, until the first is let go. */
  readonly secondCall?: HeldCall;
  readonly turns?: number;
}

/** How it went. */
export interface Told {
  readonly problems: readonly string[];
  /** Whether the calls that were to be held came. */
  readonly isMet: boolean;
  readonly outcome: string;
}
