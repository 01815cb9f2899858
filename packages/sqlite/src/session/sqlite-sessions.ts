/** Sessions in an embedded database: the default of programs that run on one machine. */
import type { DatabaseSync } from "node:sqlite";
import {
  type FoundTurn,
  type Session,
  type SessionStore,
  type SessionSummary,
  SessionUnknownError,
  type TurnRecord,
} from "@orch/chat-runtime/session-store";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { fileOf } from "../database/file-of.ts";
import { copyAside } from "../database/keep-aside.ts";
import { type DamageNotice, openDatabase } from "../database/open-database.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { judge } from "../database/store-problem.ts";
import { transaction } from "../database/transaction.ts";
import { StoreClosedError } from "../errors/store-closed-error.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { Holds } from "./holds.ts";
import {
  readTurn,
  type SessionRow,
  sealSession,
  sealTurn,
  sessionHolds,
  summaryOf,
  type TurnRow,
} from "./rows.ts";

/** Where sessions are kept, and how. */
export interface SqliteSessionsOptions {
  /** The database file; it and its folder are made if they are missing, for this user only. */
  readonly file: string;
  /**
   * What to do with a damaged file: `fail` copies it aside and throws; `start-new` moves it aside and
   * begins an empty one, which `notice` tells. Default `fail`.
   */
  readonly onDamage?: "fail" | "start-new";
  /** How long to wait for a lock of another process, in milliseconds. Default 5,000. */
  readonly busyTimeout?: number;
  readonly clock?: Clock;
  /** Who writes. Default: this process. */
  readonly owner?: OwnerDoor;
}

/** A session store on a file. */
export interface SqliteSessionStore extends SessionStore {
  /** The file as an absolute path. */
  readonly file: string;
  /** Set when a damaged file was moved aside and a new one begun. */
  readonly notice?: DamageNotice;
}

/**
 * Opens the sessions in a database file. Several processes may use one file at the same time.
 *
 * @throws StoreDamagedError (`ORCH_STORE_DAMAGED`), StoreNewerError (`ORCH_STORE_NEWER`), StoreBusyError
 * (`ORCH_STORE_BUSY`), StoreFailedError (`ORCH_STORE_FAILED`).
 *
 * @example
 * ```ts
 * const store = sqliteSessions({ file: join(dataFolder, "orch.db") });
 * const runtime = new ChatRuntime(configuration, { store, sessionId });
 * ```
 */
export function sqliteSessions(options: SqliteSessionsOptions): SqliteSessionStore {
  const { onDamage = "fail", busyTimeout = 5000, clock = systemClock, owner = processOwner() } = options;
  const file = fileOf(options.file);
  const { database, notice } = openDatabase({
    file,
    onDamage,
    busyTimeout,
    now: () => clock.now(),
    token: owner.token,
    verify: (checked) => void sessionRows(file, checked),
  });
  const sessions = new Sessions(file, database, new Holds(database, owner, clock.now), clock.now);
  return {
    file,
    ...(notice ? { notice } : {}),
    open: async (id, now) => sessions.write(() => sessions.open(id, now)),
    load: async (id) => sessions.read(() => sessions.load(id)),
    list: async () => sessions.read(() => sessions.list()),
    findTurns: async (ids) => sessions.read(() => sessions.findTurns(ids)),
    begin: async (id, { title = "", message, ...turn }) =>
      sessions.write(() => sessions.put(id, { ...turn, status: "unfinished", messages: [message] }, title)),
    finish: async (id, turn) => sessions.write(() => sessions.put(id, turn, "")),
    rename: async (id, title) => sessions.write(() => sessions.rename(id, title)),
    remove: async (id) => sessions.write(() => sessions.remove(id)),
    release: async (id) => sessions.write(() => sessions.release(id)),
    close: async () => sessions.close(),
  };
}

class Sessions {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #holds: Holds;
  readonly #now: () => number;

  constructor(file: string, database: DatabaseSync, holds: Holds, now: () => number) {
    this.#file = file;
    this.#database = database;
    this.#holds = holds;
    this.#now = now;
  }

  /** One transaction that may write. */
  write<TResult>(work: () => TResult): TResult {
    return this.#guarded(() => transaction(this.#database, work));
  }

  /** One transaction that sees a single state of the file. */
  read<TResult>(work: () => TResult): TResult {
    return this.#guarded(() => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        if (this.#database.isTransaction) this.#database.exec("COMMIT");
      }
    });
  }

  open(id: string, now: number): Session {
    this.#holds.take(id);
    if (this.#find(id) === undefined) {
      this.#save({
        id,
        title: "",
        created_at: now,
        updated_at: now,
        turn_count: 0,
        last_configuration: null,
      });
    }
    return this.load(id)!;
  }

  load(id: string): Session | undefined {
    const row = this.#find(id);
    if (row === undefined) return undefined;
    const rows = this.#database
      .prepare("SELECT id, position, body, digest FROM turns WHERE session_id = ? ORDER BY position")
      .all(id) as unknown as TurnRow[];
    const turns = rows.map(
      (one) => readTurn(id, one) ?? this.#damaged(`turn ${one.position} of session "${id}"`),
    );
    // Rows that are gone leave no digest to fail; the session knows how many there were.
    if (turns.length !== row.turn_count) {
      this.#damaged(`session "${id}", which has ${turns.length} of its ${row.turn_count} turns,`);
    }
    return { ...summaryOf(row, this.#holds.holder(id)), turns };
  }

  list(): readonly SessionSummary[] {
    return sessionRows(this.#file, this.#database).map((row) => summaryOf(row, this.#holds.holder(row.id)));
  }

  /** One pass over the index of turns, however many ids. */
  findTurns(ids: readonly string[]): readonly FoundTurn[] {
    const rows = this.#database
      .prepare(
        `SELECT session_id, id, position, body, digest FROM turns
         WHERE id IN (SELECT value FROM json_each(?)) ORDER BY session_id, position`,
      )
      .all(JSON.stringify(ids)) as unknown as (TurnRow & { readonly session_id: string })[];
    return rows.map((row) => {
      const turn = readTurn(row.session_id, row);
      return {
        sessionId: row.session_id,
        turn: turn ?? this.#damaged(`turn ${row.position} of session "${row.session_id}"`),
      };
    });
  }

  put(id: string, turn: TurnRecord, title: string): void {
    this.#holds.confirm(id);
    const session = this.#find(id) ?? this.#damaged(`session "${id}", which is held and not there,`);
    const at = this.#database
      .prepare("SELECT position FROM turns WHERE session_id = ? AND id = ?")
      .get(id, turn.id) as { readonly position: number } | undefined;
    const row = sealTurn(id, at?.position ?? session.turn_count + 1, turn);
    this.#database
      .prepare(
        `INSERT INTO turns (session_id, position, id, body, digest) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (session_id, position) DO UPDATE SET body = excluded.body, digest = excluded.digest`,
      )
      .run(id, row.position, row.id, row.body, row.digest);
    this.#save({
      ...session,
      title: session.title || title,
      turn_count: Math.max(session.turn_count, row.position),
      updated_at: Math.max(session.updated_at, turn.endedAt ?? turn.startedAt),
      last_configuration: turn.configuration,
    });
  }

  rename(id: string, title: string): void {
    const session = this.#find(id);
    if (session === undefined) throw new SessionUnknownError({ sessionId: id });
    this.#save({ ...session, title });
  }

  remove(id: string): void {
    this.#holds.allow(id);
    this.#database.prepare("DELETE FROM holds WHERE session_id = ?").run(id);
    this.#database.prepare("DELETE FROM turns WHERE session_id = ?").run(id);
    this.#database.prepare("DELETE FROM sessions WHERE id = ?").run(id);
  }

  release(id: string): void {
    this.#holds.release(id);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.write(() => this.#holds.release());
    } finally {
      this.#database.close();
    }
  }

  #find(id: string): SessionRow | undefined {
    const row = this.#database.prepare("SELECT * FROM sessions WHERE id = ?").get(id) as
      | SessionRow
      | undefined;
    if (row !== undefined && !sessionHolds(row)) this.#damaged(`session "${id}"`);
    return row;
  }

  #save(session: Omit<SessionRow, "digest">): void {
    const row = sealSession(session);
    this.#database
      .prepare(
        `INSERT INTO sessions (id, title, created_at, updated_at, turn_count, last_configuration, digest)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at,
           turn_count = excluded.turn_count, last_configuration = excluded.last_configuration, digest = excluded.digest`,
      )
      .run(
        row.id,
        row.title,
        row.created_at,
        row.updated_at,
        row.turn_count,
        row.last_configuration,
        row.digest,
      );
  }

  #guarded<TResult>(work: () => TResult): TResult {
    if (!this.#database.isOpen) throw new StoreClosedError({ file: this.#file });
    try {
      return work();
    } catch (error) {
      const verdict = judge(this.#file, error);
      if (verdict.type === "ours") throw verdict.error;
      this.#damaged(verdict.problem, error);
    }
  }

  /** Names what is damaged, and copies the file aside as it is now. */
  #damaged(what: string, cause?: unknown): never {
    const problem = cause === undefined ? `${what} is not what was written` : what;
    let keptAt: string | undefined;
    try {
      keptAt = copyAside(this.#file, this.#now());
    } catch {
      // No room for a copy: the file itself is left as it is.
    }
    const facts = { file: this.#file, problem, ...(keptAt === undefined ? {} : { keptAt }) };
    throw new StoreDamagedError(facts, { cause });
  }
}

/** All sessions, the one changed last first. @throws StoreDamagedError when one is not what was written. */
function sessionRows(file: string, database: DatabaseSync): readonly SessionRow[] {
  const rows = database.prepare("SELECT * FROM sessions ORDER BY updated_at DESC, id DESC").all();
  for (const row of rows as unknown as SessionRow[]) {
    if (!sessionHolds(row)) {
      throw new StoreDamagedError({ file, problem: `session "${row.id}" is not what was written` });
    }
  }
  return rows as unknown as SessionRow[];
}
