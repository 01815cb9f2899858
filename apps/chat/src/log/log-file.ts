/** The log in a file, which is renamed when it is full, so that two files of limited size are all there is. */
import { constants } from "node:fs";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { withoutSecrets } from "@orch/agents/files";
import type { Clock } from "@orch/core";
import { safeJson } from "../terminal/safe-text.ts";
import { failureFacts, isWritten, type Log, type LogFacts, type LogLevel } from "./log.ts";

/** How large the file may become, in bytes; the one before it may be as large. */
const MAX_BYTES = 2 ** 20;
/** Lines that wait for a slow disk; more are dropped. */
const MAX_WAITING = 1000;
/** The longest text in a line, in characters. */
const MAX_TEXT = 4000;
const MARK = "[secret left out]";

/** How a log is opened. */
export interface LogFileOptions {
  readonly file: string;
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Texts that must never be written, like the keys in the environment. Shorter ones than 8 characters are ignored. */
  readonly secrets: readonly string[];
  /** Default 1 MiB. */
  readonly maxBytes?: number;
}

/** Opens a log. The file and its folder are made with the first line, for this user only. */
export class LogFile implements Log {
  readonly file: string;
  level: LogLevel;
  problem: string | undefined;
  readonly #clock: Clock;
  readonly #secrets: readonly string[];
  readonly #maxBytes: number;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;

  constructor({ file, level, clock, secrets, maxBytes = MAX_BYTES }: LogFileOptions) {
    this.file = file;
    this.level = level;
    this.#clock = clock;
    this.#secrets = secrets.filter(({ length }) => length >= 8);
    this.#maxBytes = maxBytes;
  }

  readonly write = (level: Exclude<LogLevel, "off">, event: string, facts: LogFacts = {}): void => {
    if (!isWritten(level, this.level)) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.problem ??= "the disk is too slow";
      return;
    }
    const time = new Date(this.#clock.now()).toISOString();
    this.#waiting.push(`${time} ${level.padEnd(5)} ${event}${this.#told(facts)}\n`);
    this.#writing ??= this.#flush().finally(() => {
      this.#writing = undefined;
    });
  };

  readonly fail = (error: unknown): void => this.write("error", "failed", failureFacts(error));

  readonly use = (level: LogLevel): void => {
    this.level = level;
  };

  readonly tail = async (count: number): Promise<readonly string[]> => {
    await this.settled();
    const texts = await Promise.all(
      [`${this.file}.1`, this.file].map((file) => readFile(file, "utf8").catch(() => "")),
    );
    const lines = texts.join("").split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.slice(-count);
  };

  readonly settled = async (): Promise<void> => {
    while (this.#writing !== undefined) await this.#writing;
  };

  #told(facts: LogFacts): string {
    return Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) =>
          ` ${name}=${typeof value === "string" ? this.#text(value) : this.#text(value, true)}`,
      )
      .join("");
  }

  /** A text without keys and without anything that a terminal would obey. */
  #text(value: unknown, asJson = false): string {
    let text = asJson ? String(safeJson(value)) : String(value);
    // Cut before it is searched, so that a large text costs little.
    if (text.length > MAX_TEXT) text = `${text.slice(0, MAX_TEXT)} (cut of ${text.length} characters)`;
    for (const secret of this.#secrets) text = text.replaceAll(secret, MARK);
    text = withoutSecrets(text);
    return asJson ? text : safeJson(text);
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await this.#append(lines.join(""));
      } catch (error) {
        this.problem = (error as NodeJS.ErrnoException).code ?? "it cannot be written";
      }
    }
  }

  async #append(text: string): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    const size = await stat(this.file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0 && size + text.length > this.#maxBytes) await rename(this.file, `${this.file}.1`);
    // A link is not followed: nobody chooses where the log of somebody else is appended.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    const handle = await open(this.file, flags, 0o600);
    await handle.writeFile(text).finally(() => handle.close());
  }
}
