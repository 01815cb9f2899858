/** What the program writes down about itself, to be read when something went wrong. */
import { isOrchError } from "@orch/core";

/** From silent to everything. */
export const LOG_LEVELS = ["off", "error", "warn", "info", "debug"] as const;

/** How much is written: each level includes those before it. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What one line says beside its event: texts, numbers and the like. */
export interface LogFacts {
  readonly [fact: string]: unknown;
}

/** The log of one start of the program. Writing never fails and never waits. */
export interface Log {
  /** Where it is written; `undefined` where nothing is kept. */
  readonly file: string | undefined;
  readonly level: LogLevel;
  /** Why lines were lost, like `ENOSPC`; `undefined` while none were. */
  readonly problem: string | undefined;
  /** Writes one line, without keys. */
  readonly write: (level: Exclude<LogLevel, "off">, event: string, facts?: LogFacts) => void;
  /** Writes what failed. */
  readonly fail: (error: unknown) => void;
  /** Writes more or less from now on. */
  readonly use: (level: LogLevel) => void;
  /** The last lines of the file, oldest first. */
  readonly tail: (count: number) => Promise<readonly string[]>;
  /** Resolves when everything is on the disk, or cannot get there. */
  readonly settled: () => Promise<void>;
}

/** An error as facts of a line. */
export function failureFacts(error: unknown): { readonly code?: string; readonly says: string } {
  if (isOrchError(error)) return { code: error.code, says: error.says };
  return { says: error instanceof Error ? error.message : String(error) };
}

/** Whether a line of `level` is written by a log of level `at`. */
export function isWritten(level: Exclude<LogLevel, "off">, at: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(at);
}

/** A log where nothing is kept. */
export const NO_LOG: Log = {
  file: undefined,
  level: "off",
  problem: undefined,
  write: () => undefined,
  fail: () => undefined,
  use: () => undefined,
  tail: () => Promise.resolve([]),
  settled: () => Promise.resolve(),
};
