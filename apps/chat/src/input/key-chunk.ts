/** One place cuts what Ink hands over into keys, so that the same bytes mean the same, however they were cut into chunks. */
import type { PressedKey } from "./keymap.ts";

/** A key, or a run of plain text. */
export interface KeyPress {
  readonly input: string;
  readonly key: PressedKey;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the keys.
const CONTROL = /[\u0000-\u001f\u007f]/;

const ESCAPE: KeyPress = { input: "", key: { escape: true } };

/**
 * The keys of one event. Ink tells a control key by name when it comes alone, and hands it over as text when other text
 * comes with it: over ssh, from a key that is held down, and before the first paint.
 */
export function keysIn(input: string, key: PressedKey): readonly KeyPress[] {
  // Escape twice in one chunk comes as Alt+Escape, which is the same bytes.
  if (key.escape === true && key.meta === true) return [ESCAPE, ESCAPE];
  if (input.length < 2 || !CONTROL.test(input)) return [{ input, key }];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the keys.
  const parts = input.match(/[\u0000-\u001f\u007f]|[^\u0000-\u001f\u007f]+/g) ?? [];
  return parts.map((part) => (CONTROL.test(part) ? controlKey(part) : { input: part, key: {} }));
}

/** A control character as Ink tells it when it comes alone. */
function controlKey(character: string): KeyPress {
  switch (character) {
    case "\r":
      return { input: "\r", key: { return: true } };
    case "\n":
      return { input: "\n", key: {} };
    case "\t":
      return { input: "", key: { tab: true } };
    case "\b":
    case "\u007f":
      return { input: "", key: { backspace: true } };
    case "\0":
      return { input: " ", key: { ctrl: true } };
    default: {
      const code = character.charCodeAt(0);
      return { input: String.fromCharCode(code + (code <= 26 ? 96 : 64)), key: { ctrl: true } };
    }
  }
}
