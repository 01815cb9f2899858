/** Sessions in an embedded database: the default of programs that run on one machine. */
import type { SessionStore } from "@orch/chat-runtime/session-store";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { fileOf } from "../database/file-of.ts";
import { type DamageNotice, openDatabase } from "../database/open-database.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { Sessions, verifySessions } from "./sessions.ts";

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
    door: "sessions",
    found: (problem) => sessions.found(problem),
    verify: (checked) => verifySessions(file, checked),
  });
  const sessions = new Sessions({ file, database, owner, clock });
  return {
    file,
    ...(notice ? { notice } : {}),
    open: async (id, now, range) => sessions.write(() => sessions.open(kept(id), now, range)),
    load: async (id, range) => sessions.read(() => sessions.load(kept(id), range)),
    list: async (query) => sessions.read(() => sessions.list(query)),
    add: async (session) => sessions.write(() => sessions.add({ ...session, id: kept(session.id) })),
    findTurns: async (ids) => sessions.read(() => sessions.findTurns(ids)),
    begin: async (id, { title = "", message, ...turn }) =>
      sessions.write(() =>
        sessions.put(kept(id), { ...turn, status: "unfinished", messages: [message] }, title),
      ),
    finish: async (id, turn) => sessions.write(() => sessions.put(kept(id), turn, "")),
    rename: async (id, title) => sessions.write(() => sessions.rename(kept(id), title)),
    remove: async (id) => sessions.write(() => sessions.remove(kept(id))),
    release: async (id) => sessions.write(() => sessions.release(kept(id))),
    close: async () => sessions.close(),
  };
}

/** A column holds UTF-8, which has no half of a surrogate pair: a digest of one would never match what is read. */
function kept(id: string): string {
  return id.toWellFormed();
}
