/** What keys do where a tool call waits for a person's word. */
import { edit, fullText } from "../input/editor.ts";
import { EMPTY_EDITOR } from "../input/editor-state.ts";
import type { Intent } from "../input/keymap.ts";
import { editedText, textToEdit } from "./form-keys.ts";
import type { GrantScope } from "./grants.ts";
import { type FormPress, loaded, type PanelDraft, type PanelFacts } from "./panel-state.ts";

/** A key with what it does, in a few words and in fewer. */
export interface ApprovalKey {
  readonly key: string;
  /** The word that begins with the key, for who types the whole of it. */
  readonly word: string;
  readonly does: string;
  readonly short: string;
}

/** The keys, in the order in which they are shown. */
export const APPROVAL_KEYS: readonly ApprovalKey[] = [
  { key: "y", word: "yes", does: "yes, once", short: "yes" },
  { key: "n", word: "no", does: "no", short: "no" },
  { key: "r", word: "run", does: "yes, in this run", short: "this run" },
  { key: "w", word: "why", does: "no, and say why", short: "no, why" },
  { key: "a", word: "always", does: "always this tool", short: "always" },
  { key: "s", word: "same", does: "always with these arguments", short: "always so" },
  { key: "e", word: "edit", does: "edit the arguments", short: "edit" },
];

/** What a list of choices has: where there are no keys, other arguments are typed. */
export const LISTED: readonly ApprovalKey[] = APPROVAL_KEYS.filter(({ key }) => key !== "e");

const SCOPES: { readonly [key: string]: GrantScope } = { r: "run", a: "tool", s: "arguments" };

/** Applies a key; `line` is what a terminal without keys sent instead. */
export function pressApproval(
  draft: PanelDraft,
  intent: Intent,
  facts: PanelFacts,
  line?: string,
): FormPress {
  if (draft.refusing) return refuse(draft, intent, facts);
  if (line !== undefined) return byLine(draft, line);
  if (intent.type !== "edit" || intent.action.type !== "insert") return only(draft);
  const key = APPROVAL_KEYS.find(({ key }) => intent.action.type === "insert" && key === intent.action.text);
  if (key === undefined) return only(draft);
  const pressed = byKey(draft, key.key);
  // Who writes a reason may begin with any letter.
  return key.key === "w" || key.key === "e"
    ? pressed
    : { ...pressed, tail: { text: key.word.slice(1), ends: true } };
}

function byKey(draft: PanelDraft, key: string): FormPress {
  const { problem: _, ...calm } = draft;
  const { id } = draft.asked;
  switch (key) {
    case "n":
      return answered(calm, false);
    case "w":
      return only({ ...calm, refusing: true, editor: EMPTY_EDITOR });
    case "e":
      return { draft: calm, effects: [{ type: "edit-answer", id, text: textToEdit(calm) }] };
    default: {
      const scope = SCOPES[key];
      // What is allowed from now on is the call as the model made it, and not as it was edited.
      if (scope === "arguments" && draft.edited !== undefined)
        return only({ ...calm, problem: "The arguments were edited; y runs the call with them once." });
      const yes = answered(calm, draft.edited === undefined ? true : { input: draft.edited.value });
      return scope === undefined ? yes : { ...yes, effects: [{ type: "grant", id, scope }, ...yes.effects] };
    }
  }
}

/** A typed line: a number of the list, a key or its word, `no` with a reason, or other arguments as JSON. */
function byLine(draft: PanelDraft, line: string): FormPress {
  const text = line.trim();
  const word = text.toLowerCase();
  const at = /^\d$/.test(word) ? Number(word) - 1 : -1;
  const key = LISTED[at] ?? LISTED.find((one) => one.key === word || one.word === word);
  if (key !== undefined) return byKey(draft, key.key);
  const reason = /^no?[\s:,]+(.+)$/is.exec(text)?.[1];
  if (reason !== undefined) return answered(draft, { deny: reason });
  if (text.startsWith("{")) return only(editedLine(draft, text));
  return only({ ...draft, problem: `A number from 1 to ${LISTED.length}, yes or no.` });
}

/** Without keys, nothing opens an editor. */
function editedLine(draft: PanelDraft, text: string): PanelDraft {
  const { unread, ...edited } = editedText(draft, text);
  return unread === undefined
    ? edited
    : { ...edited, problem: "The arguments have to be JSON; they are as they were." };
}

/** The reason for a no is written. */
function refuse(draft: PanelDraft, intent: Intent, { width }: PanelFacts): FormPress {
  const { refusing: _, ...calm } = draft;
  if (intent.type === "escape") return only({ ...calm, editor: EMPTY_EDITOR });
  if (intent.type === "edit")
    return only({ ...draft, editor: edit(draft.editor, intent.action, { width, history: [] }).state });
  if (intent.type !== "enter") return only(draft);
  const reason = fullText(draft.editor).trim();
  return answered({ ...calm, editor: loaded("") }, reason === "" ? false : { deny: reason });
}

function answered(draft: PanelDraft, value: unknown): FormPress {
  return {
    draft: { ...draft, sent: true },
    effects: [{ type: "answer", id: draft.asked.id, values: [value] }],
  };
}

function only(draft: PanelDraft): FormPress {
  return { draft, effects: [] };
}
