/** The file of the input history, shared by all projects and only appended to. */
import { readFileSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { historyLine, readHistory } from "./history.ts";

/** The input's history of one project. A file that cannot be read or written costs the history, not the chat. */
export class HistoryFile {
  readonly #folder: string;
  readonly #project: string;
  /** The last append. Each append waits for the one before, so that the file keeps their order. */
  #writing: Promise<void> = Promise.resolve();

  readonly #keeps: boolean;

  /** Where `keeps` is false, the history is read and nothing is added to it. */
  constructor(folder: string, project: string, keeps: boolean) {
    this.#folder = folder;
    this.#project = project;
    this.#keeps = keeps;
  }

  get #path(): string {
    return join(this.#folder, "history.jsonl");
  }

  /** Reads the entries, oldest first. Synchronous, because the very first key press may ask for the history. */
  read(): readonly string[] {
    try {
      return readHistory(readFileSync(this.#path, "utf8"), this.#project);
    } catch {
      return [];
    }
  }

  /** Adds an entry; an empty one is none. */
  append(text: string): void {
    if (!this.#keeps || text === "") return;
    this.#writing = this.#writing.then(() => this.#append(text)).catch(() => undefined);
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #append(text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await appendFile(this.#path, historyLine(this.#project, text), { mode: 0o600 });
  }
}
