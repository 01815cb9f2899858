/**
 * Opens a database file, or makes it. Before a file is opened for writing it is checked by a
 * connection that cannot write, so a damaged file stays as it was found.
 */

import { dirname } from "node:path";
import type { DatabaseSync as Database } from "node:sqlite";
import { isOrchError } from "@orch/core";
import { checkNumbers, DELAY } from "@orch/core/doors";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { checkDatabase } from "./check-database.ts";
import { checkLater } from "./check-later.ts";
import { connect, migrate } from "./connect.ts";
import { identityOf } from "./file-place.ts";
import { copyAside, moveAside } from "./keep-aside.ts";
import { APPLICATION_ID } from "./migrations.ts";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "./node-fs.ts";
import { checked, countOpen, doubted, isOpenHere, type Known } from "./open-files.ts";
import { type Door, printOf, sealOf } from "./seal.ts";
import { SNAPSHOTS } from "./snapshot-table.ts";
import { judge } from "./store-problem.ts";

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
  /** Whose rows `verify` looks at; absent where the file is checked whatever its seal says. */
  readonly door?: Door;
  /** Told what a check found that was made after the file was opened. */
  readonly found?: (problem: string) => void;
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
    const sealed = sealedAs(options);
    const known = sealed ?? (existsSync(file) ? checkDatabase(options) : create(options));
    opened = connect(file, options.busyTimeout, false);
    migrate(opened);
    countOpen(file, opened, known);
    if (options.door !== undefined) checked(file, { door: options.door });
    if (sealed !== undefined) checkMeanwhile(options, opened, sealed);
    return opened;
  } catch (error) {
    opened?.close();
    const verdict = judge(file, error);
    if (verdict.type === "ours") throw verdict.error;
    throw new StoreDamagedError({ file, problem: verdict.problem }, { cause: error });
  }
}

/** How long a file is opened by its seal without a check of all of it, in milliseconds. */
const LONGEST = 7 * 86_400_000;

/** What is known of a file that is as it was when it was last closed. */
function sealedAs({ file, door, now }: OpenOptions): Known | undefined {
  if (door === undefined || isOpenHere(file)) return undefined;
  const found = sealOf(file);
  if (found?.doors.includes(door) !== true) return undefined;
  // Processes that are too short for a check beside their work would put it off for ever.
  const age = now() - found.checkedAt;
  return age >= 0 && age < LONGEST ? found : undefined;
}

/** Reads all of a file now and then, while it is in use. */
function checkMeanwhile(
  { file, now, found: told }: OpenOptions,
  database: Database,
  { checkedAt }: Known,
): void {
  const at = now();
  const whole = (): void => checked(file, { at });
  const found = (problem: string): void => {
    doubted(file);
    told?.(problem);
  };
  const end = checkLater({ file, checkedAt, now: at, whole, found });
  const close = database.close.bind(database);
  database.close = () => {
    end();
    close();
  };
}

/** Makes the file under another name and links it to its own when it is whole, so a file that is there was whole once. */
function create(options: OpenOptions): Known | undefined {
  const { file, busyTimeout, token, now, door } = options;
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
  const print = printOf(file);
  return print === undefined || door === undefined
    ? undefined
    : { print, doors: ["runs", "sessions"], checkedAt: now() };
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
