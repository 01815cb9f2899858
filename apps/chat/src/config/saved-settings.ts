/**
 * Settings of the user's own that commands of the chat wrote, like `/theme` and `/connect`. They stand in a file of their own beside the
 * one that the user writes, because a program does not rewrite what a person wrote. Only the user can read it: it may hold keys.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isOrchError, parseJson } from "@orch/core";
import { ConfigError } from "../errors/config-error.ts";
import { FileUnwrittenError } from "../errors/file-unwritten-error.ts";
import { replaceFile } from "../process/replace-file.ts";
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
      await replaceFile(this.file, async () => {
        const settings = await this.#read();
        put(settings, path, value);
        return `${JSON.stringify(settings, undefined, 2)}\n`;
      });
    } catch (cause) {
      if (isOrchError(cause, "ORCH_CONFIG")) throw cause;
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
