/**
 * Where conversations live. A store keeps whole turns: the user's message and everything that
 * answered it arrive together or not at all.
 */
import type { Message, Usage, UserMessage } from "@orch/agents";

/** How a turn ended. `unfinished`: the process ended before the turn did. */
export type TurnStatus = "completed" | "failed" | "cancelled" | "unfinished";

/** One turn as it is kept. */
export interface TurnRecord {
  readonly id: string;
  /** The configuration that answered. */
  readonly configuration: string;
  readonly status: TurnStatus;
  /** The user's message first, then what answered it; for a failed or cancelled turn what there is of it. */
  readonly messages: readonly Message[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly usage?: Usage;
  /** Why it failed, in a sentence. */
  readonly error?: string;
}

/** A session without its turns, for lists. */
export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly turnCount: number;
  /** Set while a process writes to it. */
  readonly heldBy?: string;
  readonly lastConfiguration?: string;
}

/** A session with all its turns, oldest first. */
export interface Session extends SessionSummary {
  readonly turns: readonly TurnRecord[];
}

/** What a new turn needs before it starts. */
export interface TurnStart {
  readonly id: string;
  readonly configuration: string;
  readonly message: UserMessage;
  readonly startedAt: number;
}

/** Keeps sessions. Implementations pass `sessionStoreConformance` of `@orch/testing`. */
export interface SessionStore {
  /**
   * Opens a session for writing, and makes it if it is new. Only one process may hold a session.
   *
   * @throws SessionHeldError (`ORCH_SESSION_HELD`), naming the holder.
   */
  readonly open: (id: string, now: number) => Promise<Session>;
  /** Reads a session without holding it; `undefined` if there is none. */
  readonly load: (id: string) => Promise<Session | undefined>;
  /** Newest first. */
  readonly list: () => Promise<readonly SessionSummary[]>;
  /** Writes down that a turn started, so that the user's message outlives a crash. */
  readonly begin: (sessionId: string, turn: TurnStart) => Promise<void>;
  /** Replaces the started turn by its end, in one transaction. */
  readonly finish: (sessionId: string, turn: TurnRecord) => Promise<void>;
  readonly rename: (id: string, title: string) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  /** Lets go of a session, so that another process may open it. */
  readonly release: (id: string) => Promise<void>;
  /** Lets go of everything. */
  readonly close: () => Promise<void>;
}
