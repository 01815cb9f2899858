/** Large pastes stand in the editor as a placeholder, and are put back when the text is sent. */

/** A paste with more lines than this is collapsed. */
const MAX_LINES = 10;
/** A paste with more characters than this is collapsed. */
const MAX_LENGTH = 1000;

/** Placeholders and what they stand for. */
export type Pastes = ReadonlyMap<string, string>;

/** Line feeds for every kind of line end; nothing else is changed. */
export function normaliseLines(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

/** Tells whether a paste is too large to be edited in place. */
export function isLarge(text: string): boolean {
  return text.length > MAX_LENGTH || lineCount(text) > MAX_LINES;
}

/** A placeholder that no other paste of this text has, and that the text itself does not contain. */
export function placeholder(pasted: string, pastes: Pastes, text: string): string {
  // The line feed that ends the last line begins no other.
  const lines = lineCount(pasted.endsWith("\n") ? pasted.slice(0, -1) : pasted);
  const size = lines > 1 ? `${lines} lines` : `${pasted.length} characters`;
  for (let number = pastes.size + 1; ; number++) {
    const label = `[Pasted text #${number}, ${size}]`;
    if (!pastes.has(label) && !text.includes(label)) return label;
  }
}

/**
 * The text with every placeholder replaced by what it stands for. A placeholder inside a paste stays:
 * what was pasted is sent as it was.
 */
export function expandPastes(text: string, pastes: Pastes): string {
  let expanded = "";
  let at = 0;
  while (at < text.length) {
    let next = text.length;
    let found: string | undefined;
    for (const label of pastes.keys()) {
      const start = text.indexOf(label, at);
      if (start >= 0 && start < next) {
        next = start;
        found = label;
      }
    }
    expanded += text.slice(at, next);
    if (found === undefined) break;
    expanded += pastes.get(found)!;
    at = next + found.length;
  }
  return expanded;
}

function lineCount(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
