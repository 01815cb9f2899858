/** Names of agents as the names of tools. */

/**
 * Makes a name that every provider takes: letters, digits, `_` and `-`, at most 64, the first one no
 * digit and no `-`. Empty when nothing of the name can be kept.
 */
export function legalName(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain
    .replace(/[^a-zA-Z0-9_-]+/g, "_")
    .replace(/^[_\d-]+|[_-]+$/g, "")
    .slice(0, 64);
}
