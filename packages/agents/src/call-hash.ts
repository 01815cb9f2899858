import type { Json } from "@orch/core";
import { canonical } from "./canonical.ts";

/** Half of SHA-256: nobody finds two calls of one hash. */
const BYTES = 16;

/** A short text that stands for one exact call: its tool and its arguments, whatever the order of their keys. */
export async function callHash(call: { readonly name: string; readonly input: Json }): Promise<string> {
  const bytes = new TextEncoder().encode(`${call.name} ${canonical(call.input)}`);
  // biome-ignore lint/style/noRestrictedGlobals: a digest is no chance.
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest, 0, BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
