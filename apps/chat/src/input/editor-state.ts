/** What the editor holds, apart from how it changes. */
import type { EditorMemory } from "./editor-memory.ts";
import type { Pastes } from "./pastes.ts";

/** What the editor holds. */
export interface EditorState {
  /** With placeholders for large pastes. */
  readonly text: string;
  /** In UTF-16 units, always between two graphemes. */
  readonly cursor: number;
  readonly pastes: Pastes;
  /** The column that moves up and down keep to. */
  readonly column?: number;
  /** Set while a history entry is shown: its index, and the draft before it. */
  readonly recall?: { readonly index: number; readonly draft: EditorState };
  /** What undo and yank bring back; absent until something changed. */
  readonly memory?: EditorMemory;
}

/** An empty editor. */
export const EMPTY_EDITOR: EditorState = { text: "", cursor: 0, pastes: new Map() };
