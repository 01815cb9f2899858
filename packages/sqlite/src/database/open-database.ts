/**
 * Opens a database file, or makes it. Before a file is opened for writing it is checked by a
 * connection that cannot write, so a damaged file stays as it was found.
 */

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync as Database } from "node:sqlite";
import { isOrchError } from "@orch/core";
import { checkNumbers, DELAY } from "@orch/core/doors";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { identityOf } from "./file-place.ts";
import { copyAside, moveAside } from "./keep-aside.ts";
import { lostFrames } from "./lost-frames.ts";
import { APPLICATION_ID, FORMAT, MIGRATIONS, migrating } from "./migrations.ts";
import { missingPages } from "./missing-pages.ts";
import { DatabaseSync } from "./node-sqlite.ts";
import { countOpen, isOpenHere, readPast } from "./open-files.ts";
import { refuseNewer } from "./refuse-newer.ts";
import { schemaProblem } from "./schema.ts";
import { SNAPSHOTS } from "./snapshot-table.ts";
import { judge } from "./store-problem.ts";
import { transaction } from "./transaction.ts";

/**
 * The size of a page in a new file, in bytes; an existing file keeps its own. A commit of a small record writes one
 * page, and a smaller one is less to sum up and to write; large values take more pages, and checking a file at its
 * opening more reads.
 */
export const PAGE_SIZE = 1024;

/** How a database file is opened. */
export interface OpenOptions {
  readonly file: string;
  /** How long to wait for a lock of another process, in milliseconds. */
  readonly busyTimeout: number;
  readonly onDamage: "fail" | "start-new";
  /** Milliseconds since the epoch, for the name of a file kept aside. */
  readonly now: () => number;
  /** Distinguishes the files that several processes make at once. */
  readonly token: string;
  /** Looks at the rows, and throws StoreDamagedError for those that do not hold. */
  readonly verify: (database: Database) => void;
}

/** A damaged file was moved away, and a new one begun. */
export interface DamageNotice {
  readonly file: string;
  readonly problem: string;
  readonly keptAt: string;
}

/** An open database, and what happened to the damaged file in its place, if there was one. */
export interface OpenedDatabase {
  readonly database: Database;
  readonly notice?: DamageNotice;
}

/**
 * Opens a database file for writing.
 *
 * @throws StoreDamagedError (`ORCH_STORE_DAMAGED`), StoreNewerError (`ORCH_STORE_NEWER`), StoreBusyError
 * (`ORCH_STORE_BUSY`), StoreFailedError (`ORCH_STORE_FAILED`).
 */
export function openDatabase(options: OpenOptions): OpenedDatabase {
  const { file, onDamage, now, busyTimeout } = options;
  checkNumbers(DELAY, { busyTimeout });
  const found = identityOf(file);
  try {
    return { database: openWhole(options) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const { problem, hint } = error.facts;
    if (onDamage === "fail") {
      const facts = { file, problem, ...(hint === undefined ? {} : { hint }), ...keptCopy(file, now()) };
      throw new StoreDamagedError(facts, { cause: error });
    }
    // Another process that found the same damage may have begun a new file already.
    if (identityOf(file) !== found) return { database: openWhole(options) };
    const keptAt = moveAside(file, now());
    return { database: openWhole(options), notice: { file, problem, keptAt } };
  }
}

function keptCopy(file: string, now: number): { readonly keptAt?: string } {
  try {
    return { keptAt: copyAside(file, now) };
  } catch {
    // No room or no permission for a copy. The damage is what matters, and the file itself is untouched.
    return {};
  }
}

function isDamage(error: unknown): error is StoreDamagedError {
  return isOrchError(error, "ORCH_STORE_DAMAGED");
}

function openWhole(options: OpenOptions): Database {
  const { file } = options;
  let opened: Database | undefined;
  try {
    if (existsSync(file)) check(options);
    else create(options);
    opened = connect(file, options.busyTimeout, false);
    migrate(opened);
    countOpen(file, opened);
    return opened;
  } catch (error) {
    opened?.close();
    const verdict = judge(file, error);
    if (verdict.type === "ours") throw verdict.error;
    throw new StoreDamagedError({ file, problem: verdict.problem }, { cause: error });
  }
}

/** Makes the file under another name and links it to its own when it is whole, so a file that is there was whole once. */
function create(options: OpenOptions): void {
  const { file, busyTimeout, token } = options;
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  // Checks for the file again, because another process may just have made the file and its log.
  if (log !== undefined && log.size > 0 && !existsSync(file)) {
    const hint = `If you deleted the file yourself, delete ${file}-wal and ${file}-shm as well.`;
    throw new StoreDamagedError({
      file,
      problem: "the file is gone, and its write-ahead log is there",
      hint,
    });
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new-${token}`;
  closeSync(openSync(draft, "wx", 0o600));
  try {
    const database = connect(draft, busyTimeout, false);
    try {
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      migrate(database);
      database.exec(SNAPSHOTS);
      // Frees the pages of tables that later steps rebuilt.
      database.exec("VACUUM");
    } finally {
      database.close();
    }
    linkOnce(draft, file);
  } finally {
    for (const part of ["", "-wal", "-shm", "-journal"]) rmSync(draft + part, { force: true });
  }
}

/** Gives a whole draft its name, unless another process was faster: then that one's file is as good. */
function linkOnce(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (existsSync(file)) return;
    // Some file systems have no links (FAT). There the name was free at the last check.
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    renameSync(draft, file);
  }
  syncFolder(dirname(file));
}

const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Syncs the folder, so that the new name survives a power cut. Windows cannot open folders, so it is skipped there. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The file itself is on the disk.
  }
}

/** Looks at a file without changing it. */
function check({ file, busyTimeout, verify }: OpenOptions): void {
  const { size } = statSync(file);
  if (size === 0) throw new StoreDamagedError({ file, problem: "the file is empty" });
  // Who opened it here before has looked at all of it. What is left are the rows that only this door reads.
  const isChecked = isOpenHere(file);
  if (!isChecked) checkBytes(file);
  const database = connect(file, busyTimeout, true);
  try {
    // One state of the file: another process may bring it to a new format while this one looks.
    database.exec("BEGIN");
    if (read(database, "application_id") !== APPLICATION_ID) {
      throw new StoreDamagedError({ file, problem: "it is no database of Orch" });
    }
    const found = refuseNewer(file, database);
    if (found < 1) throw new StoreDamagedError({ file, problem: `its format ${found} does not exist` });
    const problem = isChecked
      ? undefined
      : (pageProblem(database) ?? endProblem(file, database) ?? schemaProblem(database, found));
    if (problem !== undefined) throw new StoreDamagedError({ file, problem });
    verify(database);
  } finally {
    database.close();
  }
}

/** What SQLite finds in the pages of a file: it reads all of them. */
function pageProblem(database: Database): string | undefined {
  const problems = database.prepare("PRAGMA quick_check(3)").all();
  const said = problems.map((row) => String(Object.values(row)[0]));
  return said.join() === "ok" ? undefined : withNames(database, said.join("; "));
}

function endProblem(file: string, database: Database): string | undefined {
  const missing = missingPages(file, database);
  return missing === 0 ? undefined : `it ends too early: ${missing} of its pages are missing`;
}

/** Looks at what SQLite itself would not tell. */
function checkBytes(file: string): void {
  // In another journal mode SQLite would ignore the log, or refuse to write.
  if (!inWalMode(file)) {
    throw new StoreDamagedError({
      file,
      problem: "its header is not that of an Orch database",
      hint: "If this is a file of something else, correct the path.",
    });
  }
  const lost = lostFrames(file);
  if (lost > 0) {
    throw new StoreDamagedError({ file, problem: `its write-ahead log has lost ${lost} committed pages` });
  }
}

/** SQLite names a table by the number of its first page; a reader wants to know which table that is. */
function withNames(database: Database, problem: string): string {
  try {
    const rows = database.prepare("SELECT name, rootpage FROM sqlite_schema").all();
    const names = new Map(rows.map(({ name, rootpage }) => [Number(rootpage), String(name)]));
    return problem.replaceAll(/\bTree (\d+)/g, (tree, page) => {
      const name = names.get(Number(page));
      return name === undefined ? tree : `${tree} (${name})`;
    });
  } catch {
    // Where the names are is damaged too.
    return problem;
  }
}

/** Whether the file's header says "SQLite, with a write-ahead log". Source: https://www.sqlite.org/fileformat.html, section 1.3. */
function inWalMode(file: string): boolean {
  const header = Buffer.alloc(20);
  readPast(file, "", (handle) => readSync(handle, header, 0, header.length, 0));
  return header.toString("latin1", 0, 16) === "SQLite format 3\0" && header[18] === 2 && header[19] === 2;
}

function connect(file: string, timeout: number, readOnly: boolean): Database {
  const database = new DatabaseSync(file, { timeout, readOnly });
  try {
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    if (readOnly) return database;
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    // FULL: a commit is on the disk when it returns, so that it outlives a power cut as well as a crash.
    database.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    // Old contents of a changed row are not left in its page.
    database.exec("PRAGMA secure_delete = FAST");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Brings an open file to the format of this version, in one transaction. */
export function migrate(database: Database): void {
  if (read(database, "user_version") === FORMAT) return;
  transaction(database, () => {
    // Read again under the lock: another process may have migrated meanwhile.
    for (let format = read(database, "user_version"); format < FORMAT; format++) {
      migrating(database).exec(MIGRATIONS[format]!);
      database.exec(`PRAGMA user_version = ${format + 1}`);
    }
  });
}

function read(database: Database, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
}
