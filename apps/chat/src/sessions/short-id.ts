/** Ids that a person can type: as much of them as tells them apart. */
import { createHash } from "node:crypto";

/** Fewer characters are a coincidence waiting to happen. */
const LEAST = 4;
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A name for a question: the same in every process and after a restart, whatever else is asked. Its own id is the path of a
 * state, which other runs have too.
 */
export function questionName(runId: string, question: string): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([runId, question]))
    .digest()
    .subarray(0, 12);
  return Array.from(bytes, (byte) => DIGITS[byte & 31]).join("");
}

/** As much of it as is shown where no other question is listed: enough for any folder. */
export function shortQuestionName(runId: string, question: string): string {
  return questionName(runId, question).slice(0, 8);
}

/** The shortest start of `name` that no other name begins with. */
export function shortStart(name: string, all: readonly string[]): string {
  return shortest(name, all, (length) => name.slice(0, length), "startsWith");
}

/** The shortest end of `id` that no other id ends with: the start of an id is its time. */
export function shortEnd(id: string, all: readonly string[]): string {
  return shortest(id, all, (length) => id.slice(-length), "endsWith");
}

function shortest(
  id: string,
  all: readonly string[],
  part: (length: number) => string,
  fits: "startsWith" | "endsWith",
): string {
  for (let length = LEAST; length < id.length; length++) {
    const short = part(length);
    if (all.every((other) => other === id || !other[fits](short))) return short;
  }
  return id;
}
