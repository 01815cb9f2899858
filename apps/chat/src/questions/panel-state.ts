/** What the panel of questions holds, apart from how it changes. */
import { type EditorState, EMPTY_EDITOR } from "../input/editor-state.ts";
import type { Intent } from "../input/keymap.ts";
import type { Asked } from "./asked.ts";
import { type Form, formOf } from "./form.ts";
import type { GrantScope } from "./grants.ts";

/** How far a person got with one question. */
export interface PanelDraft {
  readonly asked: Asked;
  readonly form: Form;
  /** What stands in each field that is typed. */
  readonly texts: readonly string[];
  /** The option that is chosen in each field; -1 for none. */
  readonly picks: readonly number[];
  /** The field that has the keys. */
  readonly at: number;
  /** What is being typed into it, or the reason for a no. */
  readonly editor: EditorState;
  /** Set while the reason for a no is written. */
  readonly refusing?: true;
  /** Other arguments for a tool call. */
  readonly edited?: { readonly value: unknown };
  /** Other arguments that are no JSON yet. They are written on where the editor is opened again. */
  readonly unread?: string;
  /** What is wrong, in words. */
  readonly problem?: string;
  /** The answer is on its way. */
  readonly sent?: true;
}

/** The panel. */
export interface PanelState {
  /** The open questions, oldest first. */
  readonly drafts: readonly PanelDraft[];
  /** The id of the question that is shown. */
  readonly shown?: string;
  /** No key counts before this time, in milliseconds since the epoch. */
  readonly deaf: number;
  /** A question closed while its answer was typed: until then keys are for nobody, in milliseconds since the epoch. */
  readonly gone?: number;
  /** Set when the user left the questions for later. */
  readonly left?: true;
  /** The first row of what is asked about, while all of it is shown. */
  readonly view?: number;
  /** The rest of a word whose first letter answered: it is not for anybody else. */
  readonly tail?: {
    readonly text: string;
    readonly begun: boolean;
    readonly ends: boolean;
    /** From then on a letter is a key of its own, in milliseconds since the epoch. */
    readonly until: number;
  };
}

/** No questions. */
export const NO_QUESTIONS: PanelState = { drafts: [], deaf: 0 };

/** How long a question is shown before a key counts, in milliseconds: keys that were on their way are not answers. */
export const DEAF_TIME = 300;

/** Who types a word whole types its next letter within this time, in milliseconds. */
export const WORD_TIME = 1_000;

/** The questions that wait for an answer. */
export function waiting({ drafts }: PanelState): readonly PanelDraft[] {
  return drafts.filter(({ sent }) => sent !== true);
}

/** The question that is shown; `undefined` while none is, or the user left them. */
export function shownDraft(panel: PanelState): PanelDraft | undefined {
  if (panel.left) return undefined;
  const open = waiting(panel);
  return open.find(({ asked }) => asked.id === panel.shown) ?? open[0];
}

/** Whether a key counts as one for the shown question. */
export function hears(panel: PanelState, now: number): boolean {
  return shownDraft(panel) !== undefined && now >= panel.deaf;
}

/** Whether letters are written, and not keys. */
export function writes(draft: PanelDraft): boolean {
  if (draft.refusing) return true;
  return draft.asked.call === undefined && draft.form.fields[draft.at]?.kind.type !== "choice";
}

/** The text that the input line shows while a question is shown. */
export function panelEditor(panel: PanelState): EditorState {
  const draft = shownDraft(panel);
  return draft !== undefined && panel.view === undefined && writes(draft) ? draft.editor : EMPTY_EDITOR;
}

/** A question nobody has touched. */
export function newDraft(asked: Asked): PanelDraft {
  const form = formOf(asked.schema);
  return {
    asked,
    form,
    texts: form.fields.map(() => ""),
    picks: form.fields.map(() => -1),
    at: 0,
    editor: EMPTY_EDITOR,
  };
}

/** An editor with a text in it. */
export function loaded(text: string): EditorState {
  return { ...EMPTY_EDITOR, text, cursor: text.length };
}

/** Whether an intent is one typed character. */
export function isKey(intent: Intent, character: string): boolean {
  return intent.type === "edit" && intent.action.type === "insert" && intent.action.text === character;
}

/** What a key did to a question. */
export interface FormPress {
  readonly draft: PanelDraft;
  readonly effects: readonly PanelEffect[];
  /** The rest of the word whose first letter the key was. */
  readonly tail?: { readonly text: string; readonly ends: boolean };
}

/** What is to be done about it. */
export type PanelEffect =
  /** The readings are given one after the other, until one fits. */
  | { readonly type: "answer"; readonly id: string; readonly values: readonly unknown[] }
  /** From now on calls like the one that this question is about need no question. */
  | { readonly type: "grant"; readonly id: string; readonly scope: GrantScope }
  /** Let the user write in an editor of their own. */
  | { readonly type: "edit-answer"; readonly id: string; readonly text: string };

/** The facts that the panel needs. */
export interface PanelFacts {
  /** Cells of the input line. */
  readonly width: number;
  /** In milliseconds since the epoch. */
  readonly now: number;
  /** Whether the input is empty, that is the user is not writing a message. */
  readonly isCalm: boolean;
}
