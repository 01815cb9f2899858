/** Texts that nobody can guess. */

const BYTES = 32;

/** Gives 64 hexadecimal digits from the machine's own chance, which is not repeatable. */
export function secretText(): string {
  // biome-ignore lint/style/noRestrictedGlobals: this is the door; a secret must not come from a seed.
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
