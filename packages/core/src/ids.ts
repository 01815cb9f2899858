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
  let time = "";
  for (let rest = now, digit = 0; digit < 10; digit++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let chance = "";
  for (let digit = 0; digit < 16; digit++) chance += ALPHABET.charAt(Math.floor(random() * 32));
  return `${prefix}_${time}${chance}`;
}
