import type { Clock, Random } from "@orch/core";
import type { RunHost } from "../configurations/runtime-configuration.ts";
import type { SessionStore } from "../session/session-store.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import type { RecentTurns } from "./recent-turns.ts";

/** Where a runtime keeps its conversation, and its doors to time and chance. */
export interface ChatRuntimeOptions {
  /** Where the session lives; the caller closes it. Default: memory, until the runtime is closed. */
  readonly store?: SessionStore;
  /** The session to go on with, or to make. Default: a fresh id. */
  readonly sessionId?: string;
  /**
   * Where the runs live that answer. On a host that keeps runs, `retry()` goes on with a turn where it stopped. The caller
   * closes it. Default: the memory of this process.
   */
  readonly host?: RunHost;
  readonly clock?: Clock;
  readonly random?: Random;
  /**
   * How much of a session is read when it is opened: its newest turns. The history then begins with them, and the session
   * says by `earlier` how many were not read. Default: all of it.
   */
  readonly recent?: RecentTurns;
  /** How long a cancelled configuration may take to stop, in milliseconds; then its turn ends without it. Default 5,000. */
  readonly cancelGrace?: number;
  /** How many events wait for a slow reader of a turn; then the oldest are dropped and counted. Default 10,000. */
  readonly maxWaitingEvents?: number;
  /** Told when a listener given to `on` throws; the turn and the other listeners go on. */
  readonly onListenerError?: (error: unknown, event: ChatEvent) => void;
}

/** The options that a runtime goes by, with their defaults. */
export type SetRuntimeOptions = Required<
  Pick<ChatRuntimeOptions, "clock" | "random" | "cancelGrace" | "maxWaitingEvents">
>;
