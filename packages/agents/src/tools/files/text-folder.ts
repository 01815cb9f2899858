/** The text files of one folder, as they are now. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isOrchError } from "@orch/core";
import { PathRefusedError } from "../../errors/path-refused-error.ts";
import { type InsideFile, insidePath, readInside } from "./inside-path.ts";
import { IGNORE_FILES, type IgnoreRules, ignoreRules, isIgnored, isSkippedName } from "./skip-rules.ts";
import { decodeText, kindByName } from "./text-bytes.ts";

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
}

/** A text file that was found. */
export interface TextFile {
  /** Relative to the root, with `/` between its parts. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch. */
  readonly modified: number;
}

/** The files in order of their paths, and a note for the reader when a limit cut the list. */
export interface TextFileList {
  readonly files: readonly TextFile[];
  readonly note?: string;
}

/** Lists and reads the text files of a folder. */
export interface TextFolder {
  readonly list: (signal?: AbortSignal) => Promise<TextFileList>;
  /**
   * Reads a whole file.
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
}

/** A folder with more entries, text or not, is not looked through to its end: someone's home, or a whole disk. */
const MAX_ENTRIES = 50_000;

/**
 * Opens a folder for reading. Nothing is touched until something is asked of it. Only files whose
 * path `accepts` takes are listed, and only they count against the limits.
 */
export function textFolder(
  options: TextFolderOptions,
  accepts: (path: string) => boolean = () => true,
): TextFolder {
  const { root, paths, maxFileBytes = 1024 * 1024, maxFiles = 5000, maxBytes = 16 * 1024 * 1024 } = options;

  const isWanted = (path: string): boolean => kindByName(path) !== "binary" && accepts(path);

  const rulesOf = async (folder: string): Promise<readonly IgnoreRules[]> => {
    const found = IGNORE_FILES.map((name) =>
      readInside(root, folder + name, 1024 * 1024).then(
        (file) => [ignoreRules(folder, file.bytes.toString())],
        () => [],
      ),
    );
    return (await Promise.all(found)).flat();
  };

  const list = async (signal?: AbortSignal): Promise<TextFileList> => {
    const base = await insidePath(root, ".");
    const files: TextFile[] = [];
    let bytes = 0;
    let tooLarge = 0;
    let entriesSeen = 0;
    let cut: string | undefined;
    const missing: string[] = [];

    const take = async (path: string): Promise<void> => {
      const stats = await lstat(join(base, path)).catch(() => undefined);
      if (stats === undefined || !stats.isFile()) return;
      if (stats.size > maxFileBytes) {
        tooLarge++;
      } else if (files.length === maxFiles) {
        cut = `The list is cut at ${maxFiles} files.`;
      } else if (bytes + stats.size > maxBytes) {
        cut = `The list is cut at ${maxBytes} bytes.`;
      } else {
        bytes += stats.size;
        files.push({ path, size: stats.size, modified: stats.mtimeMs });
      }
    };

    const walk = async (folder: string, above: readonly IgnoreRules[]): Promise<void> => {
      const stack = [...above, ...(await rulesOf(folder))];
      // A folder that vanished or may not be read has no files for us.
      const entries = await readdir(join(base, folder), { withFileTypes: true }).catch(() => []);
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        if (++entriesSeen > MAX_ENTRIES) cut ??= `The list is cut after ${MAX_ENTRIES} entries.`;
        if (cut !== undefined || signal?.aborted) return;
        const path = folder + entry.name;
        if (isSkippedName(entry.name)) continue;
        // Links are not followed here, so that no circle is walked and each file comes once.
        if (entry.isDirectory() && !isIgnored(`${path}/`, stack)) await walk(`${path}/`, stack);
        else if (entry.isFile() && isWanted(path) && !isIgnored(path, stack)) await take(path);
      }
    };

    if (paths === undefined) await walk("", []);
    for (const path of paths ?? []) {
      const clean = path.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");
      const stats = await insidePath(root, path).then(lstat, () => undefined);
      if (clean === "" || clean === ".") await walk("", []);
      else if (stats?.isDirectory()) await walk(`${clean}/`, await rulesAbove(clean, rulesOf));
      else if (stats?.isFile()) await take(clean);
      else missing.push(path);
    }
    const unique = [...new Map(files.map((file) => [file.path, file])).values()];
    unique.sort((a, b) => (a.path < b.path ? -1 : 1));
    const note = [
      cut,
      tooLarge > 0 ? `${tooLarge} files over ${maxFileBytes} bytes are left out.` : undefined,
      missing.length > 0 ? `Not found: ${missing.join(", ")}.` : undefined,
    ]
      .filter((line) => line !== undefined)
      .join(" ");
    return note === "" ? { files: unique } : { files: unique, note };
  };

  return {
    list,
    read: async (path) => {
      const file = await readInside(root, path, maxFileBytes);
      if (await isLeftOut(file.name, rulesOf)) throw new PathRefusedError({ path, reason: "skipped" });
      return textOf(file);
    },
    readListed: async (file) => textOf(await readInside(root, file.path, maxFileBytes)),
  };
}

function textOf(file: InsideFile): string {
  const text = decodeText(file.bytes);
  if (text === undefined) throw new PathRefusedError({ path: file.name, reason: "binary" });
  return text;
}

type RulesOf = (folder: string) => Promise<readonly IgnoreRules[]>;

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
