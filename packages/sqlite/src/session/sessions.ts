/** The sessions of one open database. */
import type { DatabaseSync } from "node:sqlite";
import {
  addSpent,
  type FoundTurn,
  missingWords,
  NOTHING_SPENT,
  rangeOf,
  type Session,
  SessionExistsError,
  type SessionQuery,
  type SessionSummary,
  SessionUnknownError,
  searchWords,
  type TurnRange,
  type TurnRecord,
} from "@orch/chat-runtime/session-store";
import type { Clock } from "@orch/core";
import { FilePlace } from "../database/file-place.ts";
import { copyAside } from "../database/keep-aside.ts";
import { changing } from "../database/open-files.ts";
import type { OwnerDoor } from "../database/owner.ts";
import { judge } from "../database/store-problem.ts";
import { transaction } from "../database/transaction.ts";
import { StoreClosedError } from "../errors/store-closed-error.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { Holds } from "./holds.ts";
import { type SessionRow, sealSession, sessionHolds, summaryOf } from "./rows.ts";
import { SessionRuns } from "./session-runs.ts";
import { Turns } from "./turns.ts";
import { Usage } from "./usage.ts";

/** What the sessions of a file are kept with. */
export interface SessionsParts {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly owner: OwnerDoor;
  readonly clock: Clock;
}

/** Every method runs inside the `read` or `write` of its caller. */
export class Sessions {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #place: FilePlace;
  /** What a check found that was made while the file was in use. */
  #problem: string | undefined;
  readonly #holds: Holds;
  readonly #turns: Turns;
  readonly #usage: Usage;
  readonly #runs: SessionRuns;
  readonly #now: () => number;

  constructor({ file, database, owner, clock }: SessionsParts) {
    const damaged = (what: string): never => this.#damaged(what);
    this.#file = file;
    this.#database = database;
    this.#place = new FilePlace(file);
    this.#now = () => clock.now();
    this.#holds = new Holds(database, owner, this.#now);
    this.#turns = new Turns(database, damaged);
    this.#usage = new Usage(database, damaged);
    this.#runs = new SessionRuns({ database, owner, clock, damaged });
  }

  /** The file is damaged: nothing is written to it any more. */
  found(problem: string): void {
    this.#problem = problem;
  }

  /** One transaction that may write. */
  write<TResult>(work: () => TResult): TResult {
    return this.#guarded(() => {
      this.#place.look();
      this.#place.refuseGone();
      // A long log is copied into the file with it.
      return changing(this.#file, () => transaction(this.#database, work));
    });
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

  open(id: string, now: number, range: TurnRange | undefined): Session {
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
    return this.load(id, range)!;
  }

  load(id: string, range: TurnRange | undefined): Session | undefined {
    const row = this.#find(id);
    if (row === undefined) return undefined;
    const { start, end } = rangeOf(row.turn_count, range);
    const turns = this.#turns.read(row, start, end);
    return { ...this.#summary(row), turns, ...(start > 0 && { earlier: start }) };
  }

  list({ words = "", prefix = "", skip = 0, limit }: SessionQuery = {}): readonly SessionSummary[] {
    const wanted = searchWords(words);
    const rows = sessionRows(this.#file, this.#database).filter(({ id }) => id.startsWith(prefix));
    const found = wanted.length === 0 ? rows : rows.filter((row) => this.#hasWords(row, wanted));
    return found.slice(skip, limit === undefined ? undefined : skip + limit).map((row) => this.#summary(row));
  }

  findTurns(ids: readonly string[]): readonly FoundTurn[] {
    return this.#turns.find(ids);
  }

  add({ id, title, createdAt, updatedAt, turns }: Session): void {
    if (this.#find(id) !== undefined) throw new SessionExistsError({ sessionId: id });
    this.#save({
      id,
      title,
      created_at: createdAt,
      updated_at: updatedAt,
      turn_count: turns.length,
      last_configuration: turns.at(-1)?.configuration ?? null,
    });
    for (const [at, turn] of turns.entries()) this.#turns.add(id, at + 1, turn);
    this.#usage.save(
      id,
      turns.reduce((sum, turn) => addSpent(sum, turn), NOTHING_SPENT),
    );
  }

  put(id: string, turn: TurnRecord, title: string): void {
    this.#holds.confirm(id);
    const session = this.#find(id) ?? this.#damaged(`session "${id}", which is held and not there,`);
    const { position, before } = this.#turns.put(id, session.turn_count, turn);
    this.#usage.put(id, turn, before);
    this.#save({
      ...session,
      title: session.title || title,
      turn_count: Math.max(session.turn_count, position),
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
    this.#runs.letGo(this.#turns.ownedBy(id));
    this.#database.prepare("DELETE FROM holds WHERE session_id = ?").run(id);
    this.#turns.drop(id);
    this.#usage.drop(id);
    this.#database.prepare("DELETE FROM sessions WHERE id = ?").run(id);
  }

  release(id: string): void {
    this.#holds.release(id);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.#guarded(() =>
        changing(this.#file, () => {
          transaction(this.#database, () => this.#holds.release());
          this.#database.exec("PRAGMA wal_checkpoint(PASSIVE)");
        }),
      );
    } finally {
      this.#database.close();
    }
  }

  #summary(row: SessionRow): SessionSummary {
    return summaryOf(row, this.#holds.holder(row.id), this.#usage.of(row.id));
  }

  #hasWords({ id, title }: SessionRow, words: readonly string[]): boolean {
    const missing = missingWords(words, title);
    return missing.length === 0 || this.#turns.missing(id, missing).length === 0;
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
    if (this.#problem !== undefined) this.#damaged(this.#problem, this.#problem);
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

/** @throws StoreDamagedError (`ORCH_STORE_DAMAGED`) when a session is not what was written. */
export function verifySessions(file: string, database: DatabaseSync): void {
  sessionRows(file, database);
}
