/** A text by which an answer is bound to one exact call. */
import type { Json } from "@orch/core";
import { canonical } from "../platform/canonical.ts";
import { sha256 } from "../platform/sha256.ts";

/** Half of SHA-256: two calls with one hash cannot be found. */
const DIGITS = 32;

/** A short text that stands for one exact call: its tool and its arguments, whatever the order of their keys. */
export function callHash(call: { readonly name: string; readonly input: Json }): string {
  return sha256(`${call.name} ${canonical(call.input)}`).slice(0, DIGITS);
}
