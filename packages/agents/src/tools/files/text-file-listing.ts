/** The text files of a folder, as they are found one by one, until a limit cuts the list. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSecretPath } from "./secret-files.ts";
import { type IgnoreRules, isIgnored, isSkippedName } from "./skip-rules.ts";
import { kindByName } from "./text-bytes.ts";

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
  /** Whether a limit ended the list before all files were seen. */
  readonly cut?: true;
}

/** Reads the ignore rules of a folder. */
export type RulesOf = (folder: string) => Promise<readonly IgnoreRules[]>;

/** How much is listed. */
export interface ListingLimits {
  readonly maxFileBytes: number;
  readonly maxFiles: number;
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** What a listing works with. */
export interface ListingParts {
  /** The real path of the folder. */
  readonly base: string;
  readonly limits: ListingLimits;
  readonly rulesOf: RulesOf;
  readonly accepts: (path: string) => boolean;
  readonly signal: AbortSignal | undefined;
}

/** One list in the making. */
export class TextFileListing {
  readonly #parts: ListingParts;
  readonly #files: TextFile[] = [];
  #bytes = 0;
  #tooLarge = 0;
  #entriesSeen = 0;
  #cut: string | undefined;

  constructor(parts: ListingParts) {
    this.#parts = parts;
  }

  /** Adds `path` if it is a file and within the limits. */
  async take(path: string): Promise<void> {
    const { base, limits } = this.#parts;
    const { maxFileBytes, maxFiles, maxBytes } = limits;
    const stats = await lstat(join(base, path)).catch(() => undefined);
    if (stats === undefined || !stats.isFile()) return;
    if (stats.size > maxFileBytes) {
      this.#tooLarge++;
    } else if (this.#files.length === maxFiles) {
      this.#cut = `The list is cut at ${maxFiles} files.`;
    } else if (this.#bytes + stats.size > maxBytes) {
      this.#cut = `The list is cut at ${maxBytes} bytes.`;
    } else {
      this.#bytes += stats.size;
      this.#files.push({ path, size: stats.size, modified: stats.mtimeMs });
    }
  }

  /** Adds the files of a folder and of those in it; `above` are the rules of the folders it stands in. */
  async walk(folder: string, above: readonly IgnoreRules[]): Promise<void> {
    const { base, limits, rulesOf, signal } = this.#parts;
    const { maxEntries } = limits;
    const stack = [...above, ...(await rulesOf(folder))];
    // A folder that vanished or may not be read has no files for us.
    const entries = await readdir(join(base, folder), { withFileTypes: true }).catch(() => []);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (++this.#entriesSeen > maxEntries) this.#cut ??= `The list is cut after ${maxEntries} entries.`;
      if (this.#cut !== undefined || signal?.aborted) return;
      const path = folder + entry.name;
      if (isSkippedName(entry.name) || isSecretPath(join(base, path))) continue;
      // Links are not followed here, so that no circle is walked and each file comes once.
      if (entry.isDirectory() && !isIgnored(`${path}/`, stack)) await this.walk(`${path}/`, stack);
      else if (entry.isFile() && this.#isWanted(path) && !isIgnored(path, stack)) await this.take(path);
    }
  }

  /** The list, with a note about what is not in it. */
  result(missing: readonly string[]): TextFileList {
    const files = [...new Map(this.#files.map((file) => [file.path, file])).values()];
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const { maxFileBytes } = this.#parts.limits;
    const note = [
      this.#cut,
      this.#tooLarge > 0 ? `${this.#tooLarge} files over ${maxFileBytes} bytes are left out.` : undefined,
      missing.length > 0 ? `Not found: ${missing.join(", ")}.` : undefined,
    ]
      .filter((line) => line !== undefined)
      .join(" ");
    return { files, ...(note !== "" && { note }), ...(this.#cut !== undefined && { cut: true }) };
  }

  #isWanted(path: string): boolean {
    return kindByName(path) !== "binary" && this.#parts.accepts(path);
  }
}
