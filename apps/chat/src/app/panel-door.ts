/** The questions of a run before the rest of the input: they see each action first, and pass on what is not theirs. */
import { fullText } from "../input/editor.ts";
import type { EditorState } from "../input/editor-state.ts";
import type { Intent } from "../input/keymap.ts";
import { composed, leavesFor, reducePanel, withoutTail } from "../questions/panel.ts";
import {
  hears,
  loaded,
  type PanelFacts,
  type PanelState,
  panelEditor,
  shownDraft,
  writes,
} from "../questions/panel-state.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppAction, AppState, AppStep } from "./app-state.ts";
import { drawnEditor } from "./dialog-input.ts";

/** The reducer of everything else. */
type Reduce = (state: AppState, action: AppAction, facts: AppFacts) => AppStep;

/** Applies an action to the questions, and what they leave of it to the rest. */
export function throughPanel(state: AppState, action: AppAction, facts: AppFacts, rest: Reduce): AppStep {
  // What a command asks goes first: it was called just now.
  if (state.dialog !== undefined && action.type !== "panel") {
    if (action.type !== "line") return rest(state, action, facts);
    const enter: AppAction = { type: "intent", intent: { type: "enter" } };
    return rest({ ...state, editor: loaded(action.text) }, enter, facts);
  }
  switch (action.type) {
    case "panel":
      // A run that is being stopped takes no answer any more.
      if (state.phase === "stopping") return { state, effects: [] };
      return toPanel(state, action.action, facts) ?? { state, effects: [] };
    case "line":
      return (
        (facts.isCommand(action.text) ? undefined : toPanel(state, action, facts)) ??
        sent(state, action.text, facts, rest)
      );
    case "paste":
      return toPanel(state, action, facts) ?? rest(state, action, facts);
    case "intent":
      return press(state, action.intent, facts, rest);
    default:
      return rest(state, action, facts);
  }
}

/** What stands in the input line: the answer that is written, or the message. */
export function lineEditor(state: AppState, now: number): EditorState {
  return isAnswering(state, now) ? panelEditor(state.panel) : drawnEditor(state);
}

/** Whether the input line belongs to a question. Until it hears, a message that was begun stays in sight. */
export function isAnswering({ panel, editor, dialog }: AppState, now: number): boolean {
  if (dialog !== undefined) return false;
  return shownDraft(panel) !== undefined && (hears(panel, now) || editor.text === "");
}

function press(state: AppState, intent: Intent, facts: AppFacts, rest: Reduce): AppStep {
  const { panel } = state;
  const keys = keysOf(intent, panel, facts);
  if (keys.length > 1) return inOrder(state, keys, facts, rest);
  if (leavesFor(panel, intent, facts.now))
    return rest({ ...state, panel: { ...panel, left: true } }, { type: "intent", intent }, facts);
  const draft = shownDraft(panel);
  if (draft !== undefined && hears(panel, facts.now)) {
    const effect = state.armed === "compose" && isLineEnd(intent) ? composed(panel) : undefined;
    if (effect !== undefined) return { state: calm(state), effects: [effect] };
    // A command stays a command, also where a text is asked for.
    const text = fullText(draft.editor);
    if (intent.type === "enter" && writes(draft) && panel.view === undefined && facts.isCommand(text)) {
      const emptied = toPanel(state, { type: "edited", id: draft.asked.id, text: "" }, facts);
      return sent(emptied?.state ?? state, text, facts, rest);
    }
  }
  return (
    toPanel(state, { type: "intent", intent }, facts) ??
    rest({ ...state, panel: withoutTail(panel) }, { type: "intent", intent }, facts)
  );
}

/** Letters that came in one piece are keys one after the other, where letters are keys. */
function keysOf(intent: Intent, panel: PanelState, { now }: AppFacts): readonly Intent[] {
  const draft = shownDraft(panel);
  const areKeys = panel.tail !== undefined || (draft !== undefined && hears(panel, now) && !writes(draft));
  if (!areKeys || intent.type !== "edit" || intent.action.type !== "insert") return [intent];
  const [first = "", ...more] = intent.action.text;
  const letter = (text: string): Intent => ({ type: "edit", action: { type: "insert", text } });
  return more.length === 0 ? [intent] : [letter(first), letter(more.join(""))];
}

function inOrder(state: AppState, intents: readonly Intent[], facts: AppFacts, rest: Reduce): AppStep {
  let step: AppStep = { state, effects: [] };
  for (const intent of intents) {
    const next = press(step.state, intent, facts, rest);
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

/** Sends a line as if it had been typed into the empty input; a message that was begun stays. */
function sent(state: AppState, text: string, facts: AppFacts, rest: Reduce): AppStep {
  const { completion: _, ...typed } = { ...state, editor: loaded(text) };
  const step = rest(typed, { type: "intent", intent: { type: "enter" } }, facts);
  return { ...step, state: { ...step.state, editor: state.editor } };
}

function toPanel(
  state: AppState,
  action: Parameters<typeof reducePanel>[1],
  { width, now }: AppFacts,
): AppStep | undefined {
  const facts: PanelFacts = { width, now, isCalm: state.editor.text === "" };
  const step = reducePanel(state.panel, action, facts);
  return step && { state: calm({ ...state, panel: step.panel }), effects: step.effects };
}

function calm(state: AppState): AppState {
  const { armed: _, ...rest } = state;
  return rest;
}

/** Ctrl-E, which ends a line when no Ctrl-X came before it. */
export function isLineEnd(intent: Intent): boolean {
  return intent.type === "edit" && intent.action.type === "move" && intent.action.to === "line-end";
}
