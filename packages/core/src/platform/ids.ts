/**
 * Fresh identities. An id sorts by the time it was made, because its first ten characters are the
 * time in Crockford base 32; the rest is chance (16 characters, 80 bits), as in a ULID.
 *
 * Source: https://github.com/ulid/spec
 */
import type { Random } from "./random.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Makes an id like `run_01JD3Z7V5E8Q4N0W6X2Y9T1K7M`. `now` is in milliseconds since the epoch. */
export function newId(prefix: string, now: number, random: Random): string {
  const chance = fourDigits(random) + fourDigits(random) + fourDigits(random) + fourDigits(random);
  return `${prefix}_${timeDigits(now)}${chance}`;
}

let last = { now: -1, digits: "" };

/** Many ids are made in one millisecond, so the last time that was written is kept. */
function timeDigits(now: number): string {
  if (last.now === now) return last.digits;
  let digits = "";
  for (let rest = now, digit = 0; digit < 10; digit++) {
    digits = ALPHABET.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  last = { now, digits };
  return digits;
}

function fourDigits(random: Random): string {
  const bits = Math.floor(random() * 2 ** 20);
  return String.fromCharCode(
    code(bits >> 15),
    code((bits >> 10) & 31),
    code((bits >> 5) & 31),
    code(bits & 31),
  );
}

function code(digit: number): number {
  return ALPHABET.charCodeAt(digit);
}
