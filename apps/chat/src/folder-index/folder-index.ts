/** The index of one folder: built file by file, and looked over before each answer. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TextFile, textFolder, withoutSecrets } from "@orch/agents/files";
import type { Clock } from "@orch/core";
import {
  FileIndex,
  type IndexedFile,
  type IndexPlace,
  isBusy,
  isDamaged,
  openFileIndex,
} from "./file-index.ts";
import { indexWords } from "./index-words.ts";

/** Files whose words are written together, and their bytes. */
const AT_ONCE = 200;
const BYTES_AT_ONCE = 2 * 1024 * 1024;
/** Larger files are not searched. In bytes. */
const MAX_FILE_BYTES = 1024 * 1024;
/** A folder with more files, or an index of more bytes, is not completed: git answers there, as before. */
const MAX_FILES = 300_000;
const MAX_KEPT = 384 * 1024 * 1024;
const MAX_IN_MEMORY = 64 * 1024 * 1024;
/** How long files are looked over before an answer, in milliseconds; the rest follows before the next one. */
const LOOK = 300;
/** An answer within so many milliseconds of a look needs no other. */
const FRESH = 1_000;
/** Files of each kind, changed, gone or new, that are taken before an answer; more of them are taken after it. */
const MAX_CHANGED = 200;
/** The whole folder is listed again after so many milliseconds, once an answer was given. */
const LISTED_AGAIN = 60_000;

/** Files whose rules decide about others. */
const RULES = /(?:^|\/)\.(?:git|orch)ignore$/;

/** The folders of what is known, with their files by name. */
interface KnownFolder {
  modified: number;
  /** When the last of its files changed. */
  newest: number;
  readonly files: Map<string, { readonly size: number; readonly modified: number }>;
}

/** Finds the files of one folder by their words. */
export class FolderIndex {
  readonly #place: IndexPlace;
  readonly #folder;
  readonly #clock: Clock;
  #index: FileIndex;
  readonly #known = new Map<string, KnownFolder>();
  /** What no index may hold: ignored, secret, binary, or a folder without text. */
  #refused = new Set<string>();
  #listedAt = Number.NEGATIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #ahead: string[] = [];
  #listing: Promise<void> | undefined;

  constructor(place: IndexPlace, clock: Clock) {
    this.#place = place;
    this.#clock = clock;
    this.#folder = textFolder({
      root: place.root,
      maxFiles: MAX_FILES,
      maxBytes: Number.MAX_SAFE_INTEGER,
      maxFileBytes: MAX_FILE_BYTES,
      maxEntries: 4 * MAX_FILES,
    });
    this.#index = openFileIndex(place, clock.now());
    this.#load();
  }

  /** Paths of files that hold some of the words; `undefined` until the index has been built. */
  async find(words: readonly string[]): Promise<readonly string[] | undefined> {
    return this.#whole(async () => {
      if (!this.#index.complete) return undefined;
      if (this.#clock.now() - this.#lookedAt > FRESH) await this.#look(LOOK);
      return this.#index.find(words);
    });
  }

  /** Builds the index, or ends the last look and lists the folder again when that was long ago. Only one listing runs. */
  async refresh(): Promise<void> {
    if (this.#ahead.length > 0) await this.#whole(() => this.#look(Number.POSITIVE_INFINITY));
    if (this.#listing === undefined && this.#clock.now() - this.#listedAt > LISTED_AGAIN)
      this.#listing = this.#whole(() => this.#list()).then(() => {
        this.#listing = undefined;
      });
    await this.#listing;
  }

  /** Closes what is kept. */
  close(): void {
    this.#index.close();
  }

  /** Does `work`; where the index turns out to be damaged, it is begun anew. */
  async #whole<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (isBusy(error)) return undefined;
      this.#index.close();
      // A full disk keeps nothing, and memory does.
      this.#index = isDamaged(error) ? openFileIndex(this.#place, this.#clock.now(), true) : new FileIndex();
      this.#load();
      this.#listedAt = Number.NEGATIVE_INFINITY;
      return undefined;
    }
  }

  #load(): void {
    this.#known.clear();
    for (const file of this.#index.files()) this.#know(file);
  }

  async #list(): Promise<void> {
    const { files, cut } = await this.#folder.list();
    const listed = new Set(files.map(({ path }) => path));
    const gone = [...this.#paths()].filter((path) => !listed.has(path));
    for (let at = 0; at < gone.length; at += AT_ONCE) {
      this.#take([], gone.slice(at, at + AT_ONCE));
      await this.#rest(1);
    }
    const changed = files.filter((file) => this.#isNew(file));
    const most = this.#index.kept ? MAX_KEPT : MAX_IN_MEMORY;
    let at = 0;
    while (at < changed.length && this.#index.size < most) {
      const some = together(changed, at);
      at += some.length;
      const began = this.#elapsed();
      this.#take(some, []);
      await this.#rest(this.#elapsed() - began);
    }
    this.#refused.clear();
    this.#listedAt = this.#clock.now();
    if (cut !== true && at >= changed.length && !this.#index.complete) this.#index.completed();
  }

  /** Looks over what is known: what changed, what is gone, and what is new beside it. */
  async #look(most: number): Promise<void> {
    const until = this.#elapsed() + most;
    const changed: TextFile[] = [];
    const gone: string[] = [];
    const met: string[] = [];
    // Where somebody worked last, something changes next.
    if (this.#ahead.length === 0)
      this.#ahead = [...this.#known].sort((a, b) => a[1].newest - b[1].newest).map(([folder]) => folder);
    while (this.#ahead.length > 0 && this.#elapsed() < until)
      this.#lookInto(this.#ahead.pop()!, { changed, gone, met });
    if (this.#ahead.length === 0) this.#lookedAt = this.#clock.now();
    const looked = met.slice(0, MAX_CHANGED);
    const found = await this.#folder.pick(looked);
    const taken = new Set(found.map(({ path }) => path));
    const refused = looked.filter((path) => !taken.has(path));
    for (const path of refused) this.#refused.add(path);
    const rules = [...gone, ...met, ...changed.map(({ path }) => path)].some((path) => RULES.test(path));
    const more = [[...changed, ...found], gone, met].some(({ length }) => length > MAX_CHANGED);
    // What is refused may be a folder, and only a listing looks into it.
    if (refused.length > 0 || rules || more) this.#listedAt = Number.NEGATIVE_INFINITY;
    this.#take(together([...changed.slice(0, MAX_CHANGED), ...found], 0), gone.slice(0, MAX_CHANGED));
  }

  #lookInto(
    folder: string,
    { changed, gone, met }: { changed: TextFile[]; gone: string[]; met: string[] },
  ): void {
    const known = this.#known.get(folder);
    if (known === undefined) return;
    const { root } = this.#place;
    for (const [name, before] of known.files) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
      if (!stats?.isFile()) gone.push(path);
      else if (stats.size !== before.size || stats.mtimeMs !== before.modified)
        changed.push({ path, size: stats.size, modified: stats.mtimeMs });
    }
    const modified = lstatSync(join(root, folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modified === known.modified || modified === 0) return;
    known.modified = modified;
    for (const name of namesIn(join(root, folder))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!known.files.has(name) && !this.#refused.has(path) && !this.#known.has(path)) met.push(path);
    }
  }

  /** Reads and keeps `files`, and forgets `gone`. */
  #take(files: readonly TextFile[], gone: readonly string[]): void {
    const read = files.flatMap((file): IndexedFile[] => {
      const text = textOf(join(this.#place.root, file.path));
      return text === undefined
        ? []
        : [{ ...file, words: indexWords(withoutSecrets(text)), name: indexWords(file.path) }];
    });
    if (read.length > 0 || gone.length > 0) this.#index.change(read, gone);
    for (const path of gone) this.#known.get(folderOf(path))?.files.delete(nameOf(path));
    for (const file of read) this.#know(file);
  }

  /** Leaves half of the time to others; answers are given meanwhile. */
  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }

  #elapsed(): number {
    return (this.#clock.elapsed ?? this.#clock.now)();
  }

  #know({ path, size, modified }: TextFile): void {
    const folder = folderOf(path);
    const known = this.#known.get(folder) ?? { modified: 0, newest: 0, files: new Map() };
    this.#known.set(folder, known);
    known.files.set(nameOf(path), { size, modified });
    known.newest = Math.max(known.newest, modified);
  }

  #isNew({ path, size, modified }: TextFile): boolean {
    const before = this.#known.get(folderOf(path))?.files.get(nameOf(path));
    return before?.size !== size || before.modified !== modified;
  }

  *#paths(): Iterable<string> {
    for (const [folder, { files }] of this.#known)
      for (const name of files.keys()) yield folder === "" ? name : `${folder}/${name}`;
  }
}

/** As many of `files` from `at` on as are read without letting anybody wait. */
function together(files: readonly TextFile[], at: number): readonly TextFile[] {
  let end = at;
  for (let bytes = 0; end < files.length && end - at < AT_ONCE && bytes < BYTES_AT_ONCE; end++)
    bytes += files[end]!.size;
  return files.slice(at, end);
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === "." ? "" : folder;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The text of a file; empty for a binary one, `undefined` for one that cannot be read. What is shown of it is read again, by the guard of the disk. */
function textOf(path: string): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(handle);
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES) return undefined;
    const bytes = Buffer.allocUnsafe(stats.size);
    const length = readSync(handle, bytes, 0, stats.size, 0);
    const read = bytes.subarray(0, length);
    return read.subarray(0, 8192).includes(0) ? "" : read.toString();
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
