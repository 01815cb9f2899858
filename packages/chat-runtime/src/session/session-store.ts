/**
 * Where conversations live. A store keeps whole turns: the user's message and everything that
 * answered it arrive together or not at all.
 */
import type { Message, Usage, UserMessage } from "@orch/agents";
import type { TurnSummary } from "./turn-summary.ts";

/**
 * How a turn ended. `unfinished`: the process ended before the turn did. `dropped`: it had no answer, and was taken out of
 * the conversation.
 */
export type TurnStatus = "completed" | "failed" | "cancelled" | "unfinished" | "dropped";

/** One turn as it is kept. */
export interface TurnRecord {
  readonly id: string;
  /** The configuration that answered. */
  readonly configuration: string;
  readonly status: TurnStatus;
  /** The user's message first, then the messages that answered it; for a failed or cancelled turn the part that exists. */
  readonly messages: readonly Message[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly usage?: Usage;
  /** In US dollars; absent when the cost of a call is unknown: it has no price, or was stopped. */
  readonly cost?: number;
  /** In US dollars, the part of the cost that is known, where `cost` is absent. */
  readonly knownCost?: number;
  /** Why it failed, in a sentence. */
  readonly error?: string;
  /** The code of what it failed with, where that is an error of Orch's: the words of any other one are not its own. */
  readonly errorCode?: string;
  /** What the configuration is called by the program that chose it; see `labels` of a configuration. */
  readonly labels?: Readonly<Record<string, string>>;
  /** A summary of the conversation before it that was written for it, so that it is written once. */
  readonly summary?: TurnSummary;
}

/** A turn, and the session that it is in. */
export interface FoundTurn {
  readonly sessionId: string;
  readonly turn: TurnRecord;
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
  /** Since when, in milliseconds since the epoch; absent where that is not known. */
  readonly heldSince?: number;
  readonly lastConfiguration?: string;
  /** What its turns used together; absent where the store does not count it. */
  readonly spent?: SessionSpent;
}

/** What the turns of a session used together. */
export interface SessionSpent {
  /** Tokens read. */
  readonly input: number;
  /** Tokens written. */
  readonly output: number;
  /** In US dollars, as far as it is known. */
  readonly cost: number;
  /** Of how many turns the cost is not known, or not all of it. */
  readonly unpriced: number;
  /** The part of `input` that came from a provider's cache. Absent where the store does not count it. */
  readonly cached?: number;
  /** Of how many turns some tokens are estimated. Absent where the store does not count it. */
  readonly estimated?: number;
}

/** A session with its turns, oldest first. */
export interface Session extends SessionSummary {
  readonly turns: readonly TurnRecord[];
  /** How many older turns there are that were not read; absent when all were. */
  readonly earlier?: number;
}

/** Which turns of a session are read. Default: all. */
export interface TurnRange {
  /** At most this many, the newest ones. */
  readonly last?: number;
  /** Of the first so many turns of the session only. */
  readonly before?: number;
}

/** Which sessions are listed. Default: all. */
export interface SessionQuery {
  /** Only sessions in whose title or texts each of these words stands, in any case of its letters. */
  readonly words?: string;
  /** Only sessions whose id begins with this. */
  readonly prefix?: string;
  /** At most this many. */
  readonly limit?: number;
  /** Leaves out this many of the first ones. Default 0. */
  readonly skip?: number;
}

/** What a new turn needs before it starts. */
export interface TurnStart {
  readonly id: string;
  readonly configuration: string;
  readonly message: UserMessage;
  readonly startedAt: number;
  /** Becomes the session's title if it has none. */
  readonly title?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Keeps sessions. Implementations pass `sessionStoreConformance` of `@orch/testing`. */
export interface SessionStore {
  /**
   * Opens a session for writing, and makes it if it is new. Only one writer may hold a session. The
   * hold of a process that has ended is taken over at once.
   *
   * @throws SessionHeldError (`ORCH_SESSION_HELD`), naming the holder.
   */
  readonly open: (id: string, now: number, range?: TurnRange) => Promise<Session>;
  /** Reads a session without holding it; `undefined` if there is none. */
  readonly load: (id: string, range?: TurnRange) => Promise<Session | undefined>;
  /** Newest first. */
  readonly list: (query?: SessionQuery) => Promise<readonly SessionSummary[]>;
  /**
   * Adds a whole session, in one transaction: a copy or an import. It is not held afterwards.
   *
   * @throws SessionExistsError (`ORCH_SESSION_EXISTS`) when there is one of that id.
   */
  readonly add: (session: Session) => Promise<void>;
  /**
   * The turns of these ids, in whichever sessions they are. Ids that are not there are left out; a copied session has turns
   * of the same ids.
   */
  readonly findTurns: (ids: readonly string[]) => Promise<readonly FoundTurn[]>;
  /**
   * Writes down that a turn started, so that the user's message outlives a crash: until `finish` it
   * reads as `unfinished`.
   *
   * @throws SessionNotHeldError (`ORCH_SESSION_NOT_HELD`) when the session is not open here.
   */
  readonly begin: (sessionId: string, turn: TurnStart) => Promise<void>;
  /**
   * Replaces the started turn by its end, in one transaction; a turn that was never started is
   * added. When the promise resolves, the turn is safe.
   *
   * @throws SessionNotHeldError (`ORCH_SESSION_NOT_HELD`) when the session is not open here.
   */
  readonly finish: (sessionId: string, turn: TurnRecord) => Promise<void>;
  /** @throws SessionUnknownError (`ORCH_SESSION_UNKNOWN`). */
  readonly rename: (id: string, title: string) => Promise<void>;
  /**
   * Forgets a session for good, and the runs of its turns where the store keeps both; without one of that id it does nothing.
   *
   * @throws SessionHeldError (`ORCH_SESSION_HELD`) when another process holds it.
   */
  readonly remove: (id: string) => Promise<void>;
  /** Releases a session, so that another process may open it. */
  readonly release: (id: string) => Promise<void>;
  /** Releases every session it holds, and closes its file if it has one. */
  readonly close: () => Promise<void>;
}
