/** What keys mean in vim mode. */

import { edit } from "../input/editor.ts";
import type { Intent } from "../input/keymap.ts";
import { type VimStep, vimEscape, vimType } from "../input/vim.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppState } from "./app-state.ts";

/** The editor and its vim mode after a key; `undefined` where the key means what it means without vim. */
export function vimStep(state: AppState, intent: Intent, { width }: AppFacts): VimStep | undefined {
  const { vim, editor, history } = state;
  if (vim === undefined || state.searching) return undefined;
  const facts = { width, history };
  const now: VimStep = { vim, editor };
  if (intent.type === "escape") {
    // Nothing was typed, so Escape is for what runs.
    const isForRun = state.phase === "running" && editor.text === "" && vim.mode === "insert";
    return isForRun ? undefined : vimEscape(now, facts);
  }
  if (vim.mode === "insert") return undefined;
  if (intent.type === "search") return { vim, editor: edit(editor, { type: "redo" }, facts).state };
  if (intent.type !== "edit") return undefined;
  const { action } = intent;
  if (action.type === "insert") return vimType(now, action.text, facts);
  const { type } = action;
  // Backspace moves, and Delete takes the character under the cursor.
  if (type === "delete" && action.to === "left") return vimType(now, "h", facts);
  if (type === "delete" && action.to === "right") return vimType(now, "x", facts);
  return undefined;
}
