/** Holds of sessions: one store of one process may write a session until it releases it or the process ends. */
import type { DatabaseSync } from "node:sqlite";
import { SessionHeldError, SessionNotHeldError } from "@orch/chat-runtime/session-store";
import type { Owner, OwnerDoor } from "../database/owner.ts";

/**
 * Whether a process of another host still runs cannot be asked. A container that was started again has
 * another host name, so its old hold is taken over once it was not used for this long, in milliseconds.
 */
const FOREIGN_HOLD = 10 * 60_000;

interface HoldRow {
  readonly session_id: string;
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly process_started_at: string;
  readonly seen_at: number;
  readonly taken_at: number;
}

/** Who writes a session. */
export interface Holder {
  readonly holder: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
}

/** The holds of one database, seen by one store. Each method runs inside the caller's transaction. */
export class Holds {
  readonly #database: DatabaseSync;
  readonly #owner: OwnerDoor;
  readonly #now: () => number;

  constructor(database: DatabaseSync, owner: OwnerDoor, now: () => number) {
    this.#database = database;
    this.#owner = owner;
    this.#now = now;
  }

  /** Takes a session; the hold of a writer that has ended is taken over. @throws SessionHeldError. */
  take(sessionId: string): void {
    const holder = this.holder(sessionId);
    if (holder !== undefined) throw new SessionHeldError({ sessionId, ...holder });
    const { self, token } = this.#owner;
    const now = this.#now();
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO holds (session_id, token, pid, host, process_started_at, seen_at, taken_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(sessionId, token, self.pid, self.host, self.startedAt, now, now);
  }

  /** Makes sure that this store holds a session. @throws SessionNotHeldError. */
  confirm(sessionId: string): void {
    const { changes } = this.#database
      .prepare("UPDATE holds SET seen_at = ? WHERE session_id = ? AND token = ?")
      .run(this.#now(), sessionId, this.#owner.token);
    if (changes !== 1) throw new SessionNotHeldError({ sessionId });
  }

  /** Makes sure that no other store holds a session. @throws SessionHeldError. */
  allow(sessionId: string): void {
    const row = this.#row(sessionId);
    if (row === undefined || row.token === this.#owner.token || !this.#lives(row)) return;
    throw new SessionHeldError({ sessionId, holder: nameOf(row), since: row.taken_at });
  }

  /** The writing process, if it still runs. */
  holder(sessionId: string): Holder | undefined {
    const row = this.#row(sessionId);
    return row !== undefined && this.#lives(row) ? { holder: nameOf(row), since: row.taken_at } : undefined;
  }

  /** Releases one session, or all that this store holds. */
  release(sessionId?: string): void {
    const { token } = this.#owner;
    if (sessionId === undefined) this.#database.prepare("DELETE FROM holds WHERE token = ?").run(token);
    else {
      this.#database.prepare("DELETE FROM holds WHERE session_id = ? AND token = ?").run(sessionId, token);
    }
  }

  #row(sessionId: string): HoldRow | undefined {
    const row = this.#database.prepare("SELECT * FROM holds WHERE session_id = ?").get(sessionId);
    return row as HoldRow | undefined;
  }

  #lives(row: HoldRow): boolean {
    if (row.host !== this.#owner.self.host) return this.#now() - row.seen_at < FOREIGN_HOLD;
    return this.#owner.runs(ownerOf(row));
  }
}

function ownerOf(row: HoldRow): Owner {
  return { pid: row.pid, host: row.host, startedAt: row.process_started_at };
}

function nameOf(row: HoldRow): string {
  return `process ${row.pid} on ${row.host}`;
}
