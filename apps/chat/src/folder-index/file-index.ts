/** Which files hold which words, in one SQLite file: words only, no text and no places. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { quietSqlite } from "../process/quiet-sqlite.ts";
import { partsOf } from "./index-words.ts";

/** A file as it was when its words were read. */
export interface IndexedFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
  /** Its words, separated by spaces. */
  readonly words: string;
  /** The words of its path. */
  readonly name: string;
}

/** Changes when the tables do; an index of another format is made again. */
const FORMAT = 1;
/** A word that more files hold tells little, and is not followed. */
const MAX_HOLDERS = 20_000;
/** Files that were found by their words. */
const MAX_FOUND = 80;
/** Files that were changed last, which follow. */
const MAX_RECENT = 20;
/** How much a word in the name of a file counts, beside one in it. */
const NAME_WEIGHT = 2;
/** An index that was not opened for so long is deleted, in milliseconds. */
const UNUSED = 30 * 24 * 60 * 60 * 1000;

const TABLES = `
  pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 50; pragma cache_size = -4000;
  begin immediate;
  create table if not exists files (id integer primary key, path text not null unique, size integer not null, modified real not null);
  create index if not exists byTime on files (modified);
  create table if not exists facts (name text primary key, value integer not null);
  create virtual table if not exists held using fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");
  create virtual table if not exists named using fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 0");
  create virtual table if not exists heldWords using fts5vocab (held, row);
  create virtual table if not exists namedWords using fts5vocab (named, row);
  pragma user_version = ${FORMAT};
  commit;`;

/** The words of the files of one folder. Two processes may have it open at once; what each writes is whole. */
export class FileIndex {
  /** Whether it stays when the process ends. */
  readonly kept: boolean;
  /** Whether this program wrote it, and none of another format. */
  readonly fits: boolean;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Opens or makes the index in `file`, or in memory. */
  constructor(file?: string) {
    this.kept = file !== undefined;
    const { DatabaseSync: Database } = quietSqlite();
    this.#database = new Database(file ?? ":memory:");
    try {
      const format = this.#database.prepare("pragma user_version").get()?.["user_version"];
      this.fits = format === 0 || format === FORMAT;
      if (this.fits) this.#database.exec(TABLES);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All files whose words are kept. */
  files(): readonly { readonly path: string; readonly size: number; readonly modified: number }[] {
    const rows = this.#sql("select path, size, modified from files").all();
    return rows as { path: string; size: number; modified: number }[];
  }

  /** Whether the words of all files of the folder were kept once. */
  get complete(): boolean {
    return this.#sql("select value from facts where name = 'complete'").get()?.["value"] === 1;
  }

  /** How large the index is, in bytes. */
  get size(): number {
    const pages = Number(this.#sql("pragma page_count").get()!["page_count"]);
    return pages * Number(this.#sql("pragma page_size").get()!["page_size"]);
  }

  /** Says that they were. */
  completed(): void {
    this.#sql("insert or replace into facts values ('complete', 1)").run();
  }

  /** Replaces the words of `files`, and forgets those of `gone`. */
  change(files: readonly IndexedFile[], gone: readonly string[] = []): void {
    this.#database.exec("begin immediate");
    try {
      for (const path of [...gone, ...files.map(({ path }) => path)]) this.#forget(path);
      for (const { path, size, modified, words, name } of files) {
        const insert = this.#sql("insert into files (path, size, modified) values (?, ?, ?)");
        const { lastInsertRowid: id } = insert.run(path, size, modified);
        this.#sql("insert into held (rowid, words) values (?, ?)").run(id, words);
        this.#sql("insert into named (rowid, words) values (?, ?)").run(id, name);
      }
      this.#database.exec("commit");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("rollback");
      throw error;
    }
  }

  /** Paths of files that hold words which begin like those of `asked`, the rarest first; then those that changed last. */
  find(asked: readonly string[]): readonly string[] {
    const scores = new Map<number, number>();
    const all = Number(this.#sql("select count(*) as n from files").get()!["n"]);
    for (const word of new Set(asked.flatMap(partsOf))) {
      this.#score(word, { table: "held", all, weight: 1 }, scores);
      this.#score(word, { table: "named", all, weight: NAME_WEIGHT }, scores);
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MAX_FOUND);
    const pathOf = this.#sql("select path from files where id = ?");
    const found = best.map(([id]) => pathOf.get(id)?.["path"]);
    const recent = this.#sql("select path from files order by modified desc, path limit ?").all(MAX_RECENT);
    const paths = [...found, ...recent.map((row) => row["path"])];
    return [...new Set(paths.filter((path) => typeof path === "string"))];
  }

  /** Closes the file. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #score(
    word: string,
    { table, all, weight }: { table: "held" | "named"; all: number; weight: number },
    scores: Map<number, number>,
  ): void {
    const counted = this.#sql(`select sum(doc) as n from ${table}Words where term >= ? and term < ?`);
    const holders = Number(counted.get(word, `${word}\u{10ffff}`)?.["n"] ?? 0);
    if (holders === 0) return;
    const rows = this.#sql(`select rowid as id from ${table} where ${table} match ? limit ${MAX_HOLDERS}`);
    const tells = weight * Math.log(1 + all / holders);
    for (const { id } of rows.all(`"${word.replaceAll('"', "")}"*`) as { id: number }[])
      scores.set(id, (scores.get(id) ?? 0) + tells);
  }

  #forget(path: string): void {
    const id = this.#sql("select id from files where path = ?").get(path)?.["id"];
    if (id === undefined) return;
    for (const table of ["held where rowid", "named where rowid", "files where id"])
      this.#sql(`delete from ${table} = ?`).run(id);
  }

  #sql(text: string): StatementSync {
    const known = this.#statements.get(text) ?? this.#database.prepare(text);
    this.#statements.set(text, known);
    return known;
  }
}

/** Where the index of a folder is kept. */
export interface IndexPlace {
  /** The folder of all indexes; absent where nothing may be kept. */
  readonly folder: string | undefined;
  /** The folder that is searched. */
  readonly root: string;
}

/**
 * Opens the index of a folder; in memory where it may not or cannot be kept. A damaged or old one is deleted, and the next one
 * has another name: who has the deleted one open must not share a log with it.
 */
export function openFileIndex({ folder, root }: IndexPlace, now: number, damaged = false): FileIndex {
  if (folder === undefined) return new FileIndex();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    deleteUnused(folder, now);
    const stem = createHash("sha256").update(root).digest("hex").slice(0, 24);
    const numbers = readdirSync(folder).flatMap((name) => {
      const [, of, number] = /^([0-9a-f]{24})\.(\d{1,9})\.db$/.exec(name) ?? [];
      return of === stem ? [Number(number)] : [];
    });
    let last = Math.max(1, ...numbers);
    if (damaged) deleteIndex(join(folder, `${stem}.${last++}.db`));
    const file = join(folder, `${stem}.${last}.db`);
    const kept = opened(file, now);
    if (kept !== undefined) return kept;
    deleteIndex(file);
    return opened(join(folder, `${stem}.${last + 1}.db`), now) ?? new FileIndex();
  } catch {
    return new FileIndex();
  }
}

/** Tells whether another process was writing just then. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}

/** Tells whether what is kept cannot be read. */
export function isDamaged(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  // SQLITE_CORRUPT, SQLITE_NOTADB, and SQLITE_ERROR where a table is missing.
  return code === 11 || code === 26 || code === 1;
}

/** `undefined` for one that is damaged or has another format. */
function opened(file: string, now: number): FileIndex | undefined {
  let index: FileIndex;
  try {
    index = new FileIndex(file);
  } catch (error) {
    if (isDamaged(error)) return undefined;
    throw error;
  }
  if (!index.fits) {
    index.close();
    return undefined;
  }
  chmodSync(file, 0o600);
  utimesSync(file, now / 1000, now / 1000);
  return index;
}

function deleteIndex(file: string): void {
  for (const ending of ["", "-wal", "-shm"]) rmSync(`${file}${ending}`, { force: true });
}

function deleteUnused(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.endsWith(".db")) continue;
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats !== undefined && now - stats.mtimeMs > UNUSED) deleteIndex(file);
  }
}
