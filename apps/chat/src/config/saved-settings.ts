/**
 * Settings of the user's own that commands of the chat wrote, like `/theme` and `/connect`. They stand in a file of their own beside the
 * one that the user writes, because a program does not rewrite what a person wrote. Only the user can read it: it may hold keys.
 */
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isOrchError, parseJson } from "@orch/core";
import { ConfigError } from "../errors/config-error.ts";
import { FileUnwrittenError } from "../errors/file-unwritten-error.ts";
import type { Config } from "./config.ts";
import { configFolder, type Home } from "./folders.ts";
import { put } from "./layers.ts";

/** What the chat keeps of the user's choices. */
export class SavedSettings {
  readonly file: string;
  readonly #keeps: boolean;
  readonly #now: Record<string, unknown> = {};
  /** The last write. Each waits for the one before. */
  #writing: Promise<unknown> = Promise.resolve();

  /** Where `keeps` is false, what is put holds until the program ends, and no file is written. */
  constructor(home: Home, keeps: boolean) {
    this.file = join(configFolder(home), "saved.json");
    this.#keeps = keeps;
  }

  /** What was put since the program began. */
  get now(): Config {
    return this.#now as Config;
  }

  /**
   * Sets the value at a path, like `["ui", "theme"]`, and resolves when it is on the disk.
   *
   * @throws ConfigError (`ORCH_CONFIG`) where the file cannot be read or written; the value holds for now all the same.
   */
  put(path: readonly string[], value: unknown): Promise<void> {
    put(this.#now, path, value);
    if (!this.#keeps) return Promise.resolve();
    const written = this.#writing.then(() => this.#write(path, value));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #write(path: readonly string[], value: unknown): Promise<void> {
    try {
      const settings = await this.#read();
      put(settings, path, value);
      const folder = dirname(this.file);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${this.file}.new`;
      await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
      // A draft that an earlier end left behind keeps its mode.
      await chmod(draft, 0o600);
      await rename(draft, this.file);
    } catch (cause) {
      if (isOrchError(cause, "ORCH_CONFIG")) throw cause;
      await rm(`${this.file}.new`, { force: true }).catch(() => undefined);
      const { code = "failed" } = cause as NodeJS.ErrnoException;
      const holds = "the choice holds until the chat ends";
      throw new FileUnwrittenError({ file: this.file, reason: code, holds }, { cause });
    }
  }

  async #read(): Promise<Record<string, unknown>> {
    const text = await readFile(this.file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "{}";
      throw error;
    });
    try {
      const settings = parseJson(text);
      if (typeof settings === "object" && settings !== null && !Array.isArray(settings))
        return { ...settings };
    } catch {
      // Said below.
    }
    throw new ConfigError({
      file: this.file,
      place: "",
      problem: "it is not JSON, so nothing is added to it",
    });
  }
}
