/** The panel of questions as a pure function: which key answers what. What it does not use is left to the app. */
import { edit } from "../input/editor.ts";
import type { Intent } from "../input/keymap.ts";
import { pressApproval } from "./approval-keys.ts";
import type { Asked } from "./asked.ts";
import { editedText, pressForm, textToEdit } from "./form-keys.ts";
import {
  DEAF_TIME,
  type FormPress,
  hears,
  isKey,
  loaded,
  newDraft,
  type PanelDraft,
  type PanelEffect,
  type PanelFacts,
  type PanelState,
  shownDraft,
  WORD_TIME,
  waiting,
  writes,
} from "./panel-state.ts";
import { viewLength } from "./panel-view.ts";

/** What changes the panel. */
export type PanelAction =
  /** These questions are open now. */
  | { readonly type: "questions"; readonly questions: readonly Asked[] }
  | { readonly type: "intent"; readonly intent: Intent }
  | { readonly type: "paste"; readonly text: string }
  /** A whole line, from a terminal that has no keys. */
  | { readonly type: "line"; readonly text: string }
  /** The run did not take the answer. */
  | {
      readonly type: "refused";
      readonly id: string;
      readonly problem: string;
      readonly path: readonly string[];
    }
  /** The text comes back from the user's own editor. */
  | { readonly type: "edited"; readonly id: string; readonly text: string };

/** The next state and what to do. */
export interface PanelStep {
  readonly panel: PanelState;
  readonly effects: readonly PanelEffect[];
}

/** Applies an action; `undefined` when it is not for the panel. */
export function reducePanel(
  panel: PanelState,
  action: PanelAction,
  facts: PanelFacts,
): PanelStep | undefined {
  switch (action.type) {
    case "questions":
      return quiet(withQuestions(panel, action.questions, facts.now));
    case "refused": {
      const { id, problem, path } = action;
      return quiet(
        shownNow(
          changed(panel, id, (draft) => refused(draft, problem, path)),
          id,
          facts.now,
        ),
      );
    }
    case "edited":
      return quiet(changed(panel, action.id, (draft) => editedText(draft, action.text)));
    case "paste":
      return paste(panel, action.text, facts);
    case "line":
      return line(panel, action.text, facts);
    case "intent":
      return press(panel, action.intent, facts);
  }
}

/** The text that the user's own editor begins with, with the question that it is for. */
export function composed(panel: PanelState): PanelEffect | undefined {
  const draft = shownDraft(panel);
  if (draft === undefined || panel.view !== undefined) return undefined;
  return { type: "edit-answer", id: draft.asked.id, text: textToEdit(draft) };
}

function withQuestions(panel: PanelState, questions: readonly Asked[], now: number): PanelState {
  const drafts = questions.map(
    (asked) => panel.drafts.find((draft) => draft.asked.id === asked.id) ?? newDraft(asked),
  );
  return settled(panel, { ...panel, drafts }, now);
}

/** Another question comes up, or the first one: it is read before a key counts. */
function settled(before: PanelState, after: PanelState, now: number): PanelState {
  const { shown: _, view, left, ...rest } = after;
  const open = waiting(after);
  if (open.length === 0) return rest;
  const draft = open.find(({ asked }) => asked.id === after.shown) ?? open[0]!;
  const isSame = before.shown === draft.asked.id && waiting(before).length > 0;
  return {
    ...rest,
    ...(left && { left }),
    ...(isSame && view !== undefined && { view }),
    shown: draft.asked.id,
    deaf: isSame ? after.deaf : now + DEAF_TIME,
  };
}

function shownNow(panel: PanelState, id: string, now: number): PanelState {
  if (panel.shown === id || panel.left) return panel;
  // Where nothing came between, it is the question that was answered just now, and is read already.
  const deaf = panel.shown === undefined ? panel.deaf : now + DEAF_TIME;
  return { ...without(panel, "view"), shown: id, deaf };
}

function refused(draft: PanelDraft, problem: string, path: readonly string[]): PanelDraft {
  const { sent: _, ...rest } = draft;
  const at = draft.form.fields.findIndex(
    (field) => path.length > 0 && field.path.every((key, depth) => key === path[depth]),
  );
  const moved = at < 0 || at === draft.at ? rest : { ...rest, at, editor: loaded(draft.texts[at] ?? "") };
  return { ...moved, problem };
}

function paste(panel: PanelState, text: string, facts: PanelFacts): PanelStep | undefined {
  const draft = shownDraft(panel);
  if (draft === undefined) return undefined;
  if (!hears(panel, facts.now)) return deaf(panel, facts);
  // What is pasted is no key.
  if (panel.view !== undefined || !writes(draft)) return quiet(panel);
  const { state } = edit(draft.editor, { type: "paste", text }, { width: facts.width, history: [] });
  return quiet(changed(panel, draft.asked.id, (one) => ({ ...one, editor: state })));
}

/** A key before its time: it goes on to the message that is being written, or nowhere. */
function deaf(panel: PanelState, facts: PanelFacts): PanelStep | undefined {
  return facts.isCalm ? quiet({ ...panel, deaf: facts.now + DEAF_TIME }) : undefined;
}

/** Whether a key comes before its time, so that a question only waits longer for its first. */
export function comesEarly(panel: PanelState, intent: Intent, now: number): boolean {
  return shownDraft(panel) !== undefined && now < panel.deaf && TYPED.has(intent.type);
}

const TYPED: ReadonlySet<Intent["type"]> = new Set(["edit", "enter", "complete", "up", "down", "expand"]);

function press(panel: PanelState, intent: Intent, facts: PanelFacts): PanelStep | undefined {
  const swallowed = swallow(panel, intent, facts.now);
  if (swallowed !== undefined) return quiet(swallowed);
  const calm = without(panel, "tail");
  const draft = shownDraft(calm);
  if (draft === undefined && isLate(calm, intent, facts))
    return quiet({ ...calm, gone: facts.now + DEAF_TIME });
  if (draft === undefined) return comeBack(calm, intent, facts);
  if (comesEarly(calm, intent, facts.now)) return deaf(calm, facts);
  // Keys of the program stay what they are.
  if (!TYPED.has(intent.type) && intent.type !== "escape") return undefined;
  if (calm.view !== undefined) return look(calm, draft, intent, facts);
  if (intent.type === "complete" && waiting(calm).length > 1)
    return quiet(following(calm, draft, facts.now, intent.back ? -1 : 1));
  if (intent.type === "expand" || (!writes(draft) && isKey(intent, "v") && !takesV(draft)))
    return quiet({ ...calm, view: 0 });
  if (intent.type === "escape" && draft.refusing !== true) return quiet({ ...calm, left: true });
  // A command is typed: the question waits.
  if (!writes(draft) && isKey(intent, "/")) return undefined;
  const pressed =
    draft.asked.call === undefined ? pressForm(draft, intent, facts) : pressApproval(draft, intent, facts);
  return taken(calm, pressed, facts.now);
}

/** Whether what is typed goes on, without a pause, with what was typed for a question that is gone. */
function isLate({ gone = 0 }: PanelState, intent: Intent, { now, isCalm }: PanelFacts): boolean {
  return isCalm && now < gone && (intent.type === "edit" || intent.type === "enter");
}

/** Whether `/` begins a command, so that the question is left for it. */
export function leavesFor(panel: PanelState, intent: Intent, now: number): boolean {
  const draft = shownDraft(panel);
  return draft !== undefined && hears(panel, now) && !writes(draft) && isKey(intent, "/");
}

function taken(panel: PanelState, { draft, effects, tail }: FormPress, now: number): PanelStep {
  const next = changed(panel, draft.asked.id, () => draft);
  return {
    panel: settled(
      panel,
      tail === undefined ? next : { ...next, tail: { ...tail, begun: false, until: now + WORD_TIME } },
      now,
    ),
    effects,
  };
}

function line(panel: PanelState, text: string, facts: PanelFacts): PanelStep | undefined {
  const draft = shownDraft(panel);
  if (draft === undefined) return undefined;
  if (!hears(panel, facts.now)) {
    const problem = "That line came before the question could be read.";
    return quiet(changed(panel, draft.asked.id, (one) => ({ ...one, problem })));
  }
  const typed = { ...draft, editor: loaded(text) };
  const pressed =
    draft.asked.call === undefined
      ? pressForm(typed, { type: "enter" }, facts, text)
      : pressApproval(typed, { type: "enter" }, facts, text);
  const { draft: after, effects } = pressed;
  return taken(panel, { draft: after, effects }, facts.now);
}

/** After Esc the question waits under the input, until Enter in an empty one opens it. */
function comeBack(panel: PanelState, intent: Intent, { now, isCalm }: PanelFacts): PanelStep | undefined {
  const opens = panel.left && isCalm && waiting(panel).length > 0;
  if (!opens || (intent.type !== "enter" && intent.type !== "complete")) return undefined;
  return quiet({ ...without(panel, "left"), deaf: now + DEAF_TIME });
}

function following(panel: PanelState, draft: PanelDraft, now: number, by: 1 | -1): PanelState {
  const open = waiting(panel);
  const next = open.at((open.indexOf(draft) + by) % open.length)!;
  return { ...panel, shown: next.asked.id, deaf: now + DEAF_TIME };
}

/** Keys while all of what is asked about is shown. */
function look(panel: PanelState, draft: PanelDraft, intent: Intent, facts: PanelFacts): PanelStep {
  const last = Math.max(0, viewLength(draft, facts.width) - 1);
  const to = (row: number): PanelStep => quiet({ ...panel, view: Math.max(0, Math.min(last, row)) });
  const from = panel.view ?? 0;
  if (intent.type === "up") return to(from - 1);
  if (intent.type === "down" || intent.type === "enter") return to(from + 1);
  if (isKey(intent, " ")) return to(from + PAGE);
  if (isKey(intent, "b")) return to(from - PAGE);
  if (isKey(intent, "g")) return to(0);
  if (isKey(intent, "G")) return to(last);
  const closes =
    intent.type === "escape" || intent.type === "expand" || isKey(intent, "v") || isKey(intent, "q");
  return quiet(closes ? without(panel, "view") : panel);
}

/** Rows that the space bar goes on. */
const PAGE = 6;

/** The rest of `yes` after its `y` has answered. */
function swallow(panel: PanelState, intent: Intent, now: number): PanelState | undefined {
  const { tail } = panel;
  // The letter that comes later may be the key that answers the next question.
  if (tail === undefined || now >= tail.until) return undefined;
  const { text, begun, ends } = tail;
  if (text !== "" && isKey(intent, text[0]!))
    return { ...panel, tail: { text: text.slice(1), begun: true, ends, until: now + WORD_TIME } };
  return intent.type === "enter" && begun && ends ? without(panel, "tail") : undefined;
}

/** Whether `v` chooses an option, so that it does not show what is asked about. */
export function takesV({ form, at }: PanelDraft): boolean {
  const kind = form.fields[at]?.kind;
  return kind?.type === "choice" && kind.options.some(({ label }) => /^v/i.test(label));
}

function changed(panel: PanelState, id: string, change: (draft: PanelDraft) => PanelDraft): PanelState {
  return { ...panel, drafts: panel.drafts.map((draft) => (draft.asked.id === id ? change(draft) : draft)) };
}

function without<TKey extends "left" | "view" | "tail">(panel: PanelState, key: TKey): PanelState {
  const { [key]: _, ...rest } = panel;
  return rest as PanelState;
}

function quiet(panel: PanelState): PanelStep {
  return { panel, effects: [] };
}

/** The panel after a key that was for somebody else. */
export function withoutTail(panel: PanelState): PanelState {
  return without(panel, "tail");
}
