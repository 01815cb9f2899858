/** What `orch doctor` found out. */
import { failureWords } from "../errors/failure-words.ts";

/** `broken` has to be repaired; `note` may be as it should. */
export type DiagnosisState = "ok" | "note" | "broken";

/** One thing that was looked at. Text of others stands in it as it is. */
export interface Diagnosis {
  /** For programs, like `store`. Several findings may be about one thing. */
  readonly about: string;
  readonly state: DiagnosisState;
  readonly says: string;
  /** The way out of what is broken, or what one may want to do about a note. */
  readonly fix?: string;
  /** The same for programs. */
  readonly facts?: { readonly [fact: string]: unknown };
}

/** A finding that is as it should be. */
export function fine(about: string, says: string, facts?: Diagnosis["facts"]): Diagnosis {
  return { about, state: "ok", says, ...(facts && { facts }) };
}

/** A finding that a reader may want to know. */
export function note(about: string, says: string, fix?: string, facts?: Diagnosis["facts"]): Diagnosis {
  return { about, state: "note", says, ...(fix !== undefined && { fix }), ...(facts && { facts }) };
}

/** A finding that has to be repaired. */
export function broken(about: string, says: string, fix: string, facts?: Diagnosis["facts"]): Diagnosis {
  return { about, state: "broken", says, fix, ...(facts && { facts }) };
}

/** What failed, as something to repair. `fix` holds where the error itself has no way out. */
export function failed(about: string, error: unknown, fix: string, facts?: Diagnosis["facts"]): Diagnosis {
  const words = failureWords(error);
  return broken(about, words.says, words.fix ?? fix, facts);
}

/** Bytes in words: `812 bytes`, `2.1 kB`, `3.4 GB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  for (const [unit, size] of [
    ["kB", 1e3],
    ["MB", 1e6],
    ["GB", 1e9],
  ] as const)
    if (bytes < size * 1000) return `${(bytes / size).toFixed(bytes < size * 10 ? 1 : 0)} ${unit}`;
  return `${(bytes / 1e12).toFixed(1)} TB`;
}
