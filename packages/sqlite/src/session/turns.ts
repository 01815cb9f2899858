/** The turns of sessions as rows of one database. What writes runs inside the caller's transaction. */
import type { DatabaseSync } from "node:sqlite";
import { type FoundTurn, missingWords, type TurnRecord, turnText } from "@orch/chat-runtime/session-store";
import { readTurn, type SessionRow, sealTurn, type TurnRow } from "./rows.ts";

const COLUMNS = "SELECT id, position, body, digest FROM turns";

/** Reads and writes the table `turns`. */
export class Turns {
  readonly #database: DatabaseSync;
  readonly #damaged: (what: string) => never;

  constructor(database: DatabaseSync, damaged: (what: string) => never) {
    this.#database = database;
    this.#damaged = damaged;
  }

  /** The turns of a session from index `start` on, and not `end`. */
  read({ id, turn_count }: SessionRow, start: number, end: number): readonly TurnRecord[] {
    const rows = this.#database
      .prepare(`${COLUMNS} WHERE session_id = ? AND position > ? AND position <= ? ORDER BY position`)
      .all(id, start, end === turn_count ? Number.MAX_SAFE_INTEGER : end) as unknown as TurnRow[];
    const turns = rows.map((row) => this.#checked(id, row));
    // Rows that are gone leave no digest to fail; the session knows how many there were.
    if (turns.length !== end - start)
      this.#damaged(`session "${id}", which has ${turns.length} of ${end - start} turns,`);
    return turns;
  }

  /** The turns of these ids in all sessions: one pass over the index of turns, however many ids. */
  find(ids: readonly string[]): readonly FoundTurn[] {
    const rows = this.#database
      .prepare(
        `SELECT session_id, id, position, body, digest FROM turns
         WHERE id IN (SELECT value FROM json_each(?)) ORDER BY session_id, position`,
      )
      .all(JSON.stringify(ids)) as unknown as (TurnRow & { readonly session_id: string })[];
    return rows.map((row) => ({ sessionId: row.session_id, turn: this.#checked(row.session_id, row) }));
  }

  /** Replaces the turn of that id, or adds it after the last one. Gives its place, and what was there. */
  put(
    sessionId: string,
    count: number,
    turn: TurnRecord,
  ): { readonly position: number; readonly before?: TurnRecord } {
    const there = this.#database
      .prepare(`${COLUMNS} WHERE session_id = ? AND id = ?`)
      .get(sessionId, turn.id) as TurnRow | undefined;
    const position = there?.position ?? count + 1;
    this.add(sessionId, position, turn);
    return { position, ...(there && { before: this.#checked(sessionId, there) }) };
  }

  add(sessionId: string, position: number, turn: TurnRecord): void {
    const row = sealTurn(sessionId, position, turn);
    this.#database
      .prepare(
        `INSERT INTO turns (session_id, position, id, body, digest) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (session_id, position) DO UPDATE SET body = excluded.body, digest = excluded.digest`,
      )
      .run(sessionId, row.position, row.id, row.body, row.digest);
  }

  /** Those of `words` that stand in no turn of a session. It reads from the newest turn on, and stops at the last word. */
  missing(sessionId: string, words: readonly string[]): readonly string[] {
    let missing = words;
    const rows = this.#database
      .prepare(`${COLUMNS} WHERE session_id = ? ORDER BY position DESC`)
      .iterate(sessionId) as Iterable<unknown>;
    for (const row of rows as Iterable<TurnRow>) {
      // Most turns have none of them, and need no reading.
      const low = row.body.toLowerCase();
      if (!missing.some((word) => low.includes(JSON.stringify(word).slice(1, -1)))) continue;
      missing = missingWords(missing, turnText(this.#checked(sessionId, row)));
      if (missing.length === 0) break;
    }
    return missing;
  }

  /** The ids of the turns of a session that no other one has. */
  ownedBy(sessionId: string): readonly string[] {
    const own = "SELECT id FROM turns WHERE session_id = ?1";
    const rows = this.#database
      .prepare(`${own} EXCEPT SELECT id FROM turns WHERE session_id <> ?1 AND id IN (${own})`)
      .all(sessionId);
    return rows.map(({ id }) => String(id));
  }

  drop(sessionId: string): void {
    this.#database.prepare("DELETE FROM turns WHERE session_id = ?").run(sessionId);
  }

  #checked(sessionId: string, row: TurnRow): TurnRecord {
    return readTurn(sessionId, row) ?? this.#damaged(`turn ${row.position} of session "${sessionId}"`);
  }
}
