import { SessionUnknownError } from "../errors/session-unknown-error.ts";
import type { Session, SessionStore } from "./session-store.ts";

/** What a fork is called, and where it leaves the conversation that it begins as. */
export interface ForkOptions {
  /** The id of the new session. */
  readonly as: string;
  /** How many of the first turns both share. Default: all that have ended. */
  readonly turns?: number;
  /** Default: that of the session. */
  readonly title?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes a session that begins as a copy of another one and goes its own way: neither changes when the other is continued
 * or removed. The turns keep their ids. The store does not hold the new one.
 *
 * @throws SessionUnknownError (`ORCH_SESSION_UNKNOWN`), SessionExistsError (`ORCH_SESSION_EXISTS`).
 */
export async function forkSession(
  store: SessionStore,
  id: string,
  { as, turns, title, now }: ForkOptions,
): Promise<Session> {
  const from = await store.load(id, turns === undefined ? {} : { before: turns });
  if (from === undefined) throw new SessionUnknownError({ sessionId: id });
  // A turn that is on its way belongs to the session that it was sent in.
  const shared = from.turns.filter(({ status }) => status !== "unfinished" && status !== "dropped");
  const last = shared.at(-1);
  const fork: Session = {
    id: as,
    title: title ?? from.title,
    createdAt: now,
    updatedAt: now,
    turnCount: shared.length,
    turns: shared,
    ...(last && { lastConfiguration: last.configuration }),
  };
  await store.add(fork);
  return fork;
}
