/** Names for tools of servers, which may be called anything, that every provider accepts. */

const LONGEST = 64;

/**
 * Gives `prefix__name` in letters, digits, `_` and `-`, of at most 64 characters. A name that had to be
 * changed ends with a mark made of the whole of it, so that two tools never get one name by chance.
 */
export function toolName(prefix: string | false, name: string): string {
  const whole = prefix === false || prefix === "" ? name : `${prefix}__${name}`;
  const legal = whole.replaceAll(/[^a-zA-Z0-9_-]/g, "_");
  if (legal === whole && whole.length <= LONGEST && whole !== "") return whole;
  const mark = `_${fingerprint(whole)}`;
  return legal.slice(0, LONGEST - mark.length) + mark;
}

/** FNV-1a over UTF-16 code units, 32 bits, in base 36: enough to tell the tools of one server apart. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
