/** Conversations as a caller sees them: only those of its principal. */

import type { PublicError, PublicEvent } from "./public-event.ts";
import type { MessageWithFiles, PublicFile } from "./public-file.ts";
import type { EventReading, FollowOptions, PublicQuestion } from "./public-run.ts";

/** A chat as it is offered. */
export interface PublicChat {
  /** The name under which it is public. */
  readonly name: string;
  readonly description?: string;
}

/** A conversation in a list. */
export interface PublicSession {
  readonly session: string;
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly turns: number;
}

/** One turn as it was kept. */
export interface PublicTurn {
  readonly turn: string;
  /** `answering`: it goes on now. `unfinished`: its process ended before it did; who follows it lets it go on. */
  readonly status: "answering" | "completed" | "failed" | "cancelled" | "unfinished" | "dropped";
  /** The text of the message. */
  readonly message: string;
  /** What files came with it; their bytes are not told again. */
  readonly files?: readonly Pick<PublicFile, "mediaType" | "name">[];
  /** The text of the answer; of a turn that did not complete, the part that is there. */
  readonly answer?: string;
  /** Why it failed. */
  readonly error?: PublicError;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** A conversation with its turns, oldest first. */
export interface PublicHistory extends PublicSession {
  readonly history: readonly PublicTurn[];
  /** Set while a message is being answered. */
  readonly answering?: string;
  /** The questions of the turn that is being answered. */
  readonly questions: readonly PublicQuestion[];
}

/** Where a message went. */
export interface SentMessage {
  readonly session: string;
  readonly turn: string;
}

/**
 * The conversations of one principal. A session of another principal is not there (`ORCH_SERVER_UNKNOWN`, 404). A session is
 * made by its first message.
 */
export interface Conversations {
  readonly chats: readonly PublicChat[];
  /**
   * Sends a message; the turn goes on whether or not anybody follows it. Without a `session` a new one is made.
   *
   * @throws `ORCH_SERVER_UNKNOWN` for a chat that is not public, `ORCH_SERVER_FILE`, `ORCH_TURN_BUSY`, `ORCH_SESSION_HELD`, `ORCH_SERVER_LIMIT`.
   */
  readonly send: (
    chat: string,
    message: string | MessageWithFiles,
    options?: { readonly session?: string },
  ) => Promise<SentMessage>;
  /** The events of a turn until it has ended. A turn that a process left in the middle goes on. */
  readonly follow: (
    chat: string,
    session: string,
    turn: string,
    options?: FollowOptions,
  ) => Promise<EventReading>;
  /**
   * What happened in a turn until now, without waiting for more: after the event `after`, at most `limit` events. Where the turn waits
   * or has ended, all that led there is among them.
   */
  readonly happened: (
    chat: string,
    session: string,
    turn: string,
    options: { readonly after?: string; readonly limit: number },
  ) => Promise<readonly PublicEvent[]>;
  /** Answers a question of the turn that is being answered. @throws as `Runs.answer`. */
  readonly answer: (chat: string, session: string, question: string, value: unknown) => Promise<void>;
  /** Stops the turn that is being answered; resolves when it has ended. */
  readonly cancel: (chat: string, session: string, reason?: string) => Promise<void>;
  readonly history: (chat: string, session: string) => Promise<PublicHistory>;
  /** Newest first; at most `limit` (default 50, at most 200), without the first `skip`. */
  readonly list: (
    chat: string,
    query?: { readonly limit?: number; readonly skip?: number },
  ) => Promise<readonly PublicSession[]>;
}
