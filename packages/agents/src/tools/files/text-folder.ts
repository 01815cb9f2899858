/** The text files of one folder, as they are now. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { isOrchError } from "@orch/core";
import { PathRefusedError } from "../../errors/path-refused-error.ts";
import { type InsideFile, insidePath, readInside } from "./inside-path.ts";
import { isSecretPath } from "./secret-files.ts";
import { withoutSecrets } from "./secret-text.ts";
import { IGNORE_FILES, type IgnoreRules, ignoreRules, isIgnored, isSkippedName } from "./skip-rules.ts";
import { decodeText, kindByName } from "./text-bytes.ts";
import { type RulesOf, type TextFile, type TextFileList, TextFileListing } from "./text-file-listing.ts";

/** Where text is read, and how much of it. */
export interface TextFolderOptions {
  /** The folder; nothing outside it is ever opened. */
  readonly root: string;
  /** Files and folders in it that are read, relative to the root. Default all. */
  readonly paths?: readonly string[];
  /** Larger files are left out. In bytes, default 1 MiB. */
  readonly maxFileBytes?: number;
  /** Default 5,000. */
  readonly maxFiles?: number;
  /** All listed files together. In bytes, default 16 MiB. */
  readonly maxBytes?: number;
  /** A folder with more entries, text or not, is not looked through to its end: someone's home, or a whole disk. Default 50,000. */
  readonly maxEntries?: number;
  /** Finds files by what they hold, in a folder with more of them than are listed. */
  readonly find?: FindFiles;
}

/**
 * Gives paths of files that hold some of the words, those that hold the rarest first; `undefined` where it cannot tell. Words
 * are in lower case, and may be the beginning of one. Files that count for another reason may follow. What is named is judged like every other path.
 */
export type FindFiles = (
  words: readonly string[],
  signal?: AbortSignal,
) => Promise<readonly string[] | undefined>;

/** Lists and reads the text files of a folder. */
export interface TextFolder {
  readonly list: (signal?: AbortSignal) => Promise<TextFileList>;
  /**
   * Reads a whole file. What looks like a key in it is marked as left out.
   *
   * @throws PathRefusedError (`ORCH_PATH_REFUSED`)
   */
  readonly read: (path: string) => Promise<string>;
  /**
   * Reads a file of the list, whose name was judged there already.
   *
   * @throws PathRefusedError (`ORCH_PATH_REFUSED`)
   */
  readonly readListed: (file: TextFile) => Promise<string>;
  /** Those of `paths` that may be listed, as they are now. */
  readonly pick: (paths: readonly string[]) => Promise<readonly TextFile[]>;
  readonly find?: FindFiles;
}

/**
 * Opens a folder for reading. Nothing is touched until something is asked of it. Only files whose
 * path `accepts` takes are listed, and only they count against the limits.
 */
export function textFolder(
  options: TextFolderOptions,
  accepts: (path: string) => boolean = () => true,
): TextFolder {
  const { root, paths, maxFileBytes = 1024 * 1024, maxFiles = 5000, maxBytes = 16 * 1024 * 1024 } = options;
  const { maxEntries = 50_000 } = options;

  const limits = { maxFileBytes, maxFiles, maxBytes, maxEntries };
  const rulesOf: RulesOf = (folder) => rulesIn(root, folder);
  const list = async (signal?: AbortSignal): Promise<TextFileList> => {
    const base = await insidePath(root, ".");
    const listing = new TextFileListing({ base, limits, rulesOf, accepts, signal });
    if (paths === undefined) await listing.walk("", []);
    const missing: string[] = [];
    for (const path of paths ?? []) {
      const clean = path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
      const stats = await insidePath(root, path).then(lstat, () => undefined);
      if (clean === "" || clean === ".") await listing.walk("", []);
      else if (stats?.isDirectory()) await listing.walk(`${clean}/`, await rulesAbove(clean, rulesOf));
      else if (stats?.isFile()) await listing.take(clean);
      else missing.push(path);
    }
    return listing.result(missing);
  };

  return {
    list,
    read: async (path) => {
      const file = await readInside(root, path, maxFileBytes);
      if (isSecretPath(file.path) || (await isLeftOut(file.name, rulesOf)))
        throw new PathRefusedError({ path, reason: "skipped" });
      return textOf(file);
    },
    readListed: async (file) => textOf(await readInside(root, file.path, maxFileBytes)),
    pick: (paths) => pick(paths, { root, rulesOf: remembered(rulesOf), maxFileBytes, accepts }),
    ...(options.find && paths === undefined && { find: options.find }),
  };
}

function textOf(file: InsideFile): string {
  const text = decodeText(file.bytes);
  if (text === undefined) throw new PathRefusedError({ path: file.name, reason: "binary" });
  return withoutSecrets(text);
}

interface PickParts {
  readonly root: string;
  readonly rulesOf: RulesOf;
  readonly maxFileBytes: number;
  readonly accepts: (path: string) => boolean;
}

async function pick(paths: readonly string[], parts: PickParts): Promise<readonly TextFile[]> {
  const { root, rulesOf, maxFileBytes, accepts } = parts;
  const base = await insidePath(root, ".");
  const looked = paths.map(async (path): Promise<TextFile | undefined> => {
    if (kindByName(path) === "binary" || !accepts(path) || isSecretPath(join(base, path))) return undefined;
    if (await isLeftOut(path, rulesOf)) return undefined;
    const stats = await lstat(join(base, path)).catch(() => undefined);
    if (!stats?.isFile() || stats.size > maxFileBytes) return undefined;
    return { path, size: stats.size, modified: stats.mtimeMs };
  });
  return (await Promise.all(looked)).filter((file) => file !== undefined);
}

/** Each folder's rules are read once. */
function remembered(rulesOf: RulesOf): RulesOf {
  const known = new Map<string, ReturnType<RulesOf>>();
  return (folder) => {
    const rules = known.get(folder) ?? rulesOf(folder);
    known.set(folder, rules);
    return rules;
  };
}

/** The ignore rules in a folder's own files. */
async function rulesIn(root: string, folder: string): Promise<readonly IgnoreRules[]> {
  const found = IGNORE_FILES.map((name) =>
    readInside(root, folder + name, 1024 * 1024).then(
      (file) => [ignoreRules(folder, file.bytes.toString())],
      () => [],
    ),
  );
  return (await Promise.all(found)).flat();
}

/** The rules of the folders that `path` stands in, from the root down. */
async function rulesAbove(path: string, rulesOf: RulesOf): Promise<readonly IgnoreRules[]> {
  const stack: IgnoreRules[] = [];
  const parts = path.split("/");
  for (let depth = 0; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).map((part) => `${part}/`);
    stack.push(...(await rulesOf(folder.join(""))));
  }
  return stack;
}

/** A file that the list leaves out is not read by its name either. */
async function isLeftOut(path: string, rulesOf: RulesOf): Promise<boolean> {
  const parts = path.split("/");
  if (parts.some(isSkippedName)) return true;
  const stack = await rulesAbove(path, rulesOf);
  return parts.some((_, index) => {
    const upTo = parts.slice(0, index + 1).join("/");
    return isIgnored(
      index + 1 < parts.length ? `${upTo}/` : upTo,
      stack.filter((rules) => upTo.startsWith(rules.folder)),
    );
  });
}

/** Tells whether `error` means that one file cannot be had, so that a search goes on without it. */
export function isFileGone(error: unknown): boolean {
  return isOrchError(error, "ORCH_PATH_REFUSED");
}
