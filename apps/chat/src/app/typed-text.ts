/** Typed text among the intents of keys. */
import type { Intent } from "../input/keymap.ts";

/** The characters that were typed; none for another intent. */
export function typedIn(intent: Intent): readonly string[] {
  return intent.type === "edit" && intent.action.type === "insert" ? [...intent.action.text] : [];
}

/** The intent of typing a text. */
export function typed(text: string): Intent {
  return { type: "edit", action: { type: "insert", text } };
}
