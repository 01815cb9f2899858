/** The state of the screen's input side, as a pure reducer: what is typed, queued, offered and about to be stopped. */
import type { Completion } from "../input/completion.ts";
import { type EditorAction, edit, fullText } from "../input/editor.ts";
import { type EditorState, EMPTY_EDITOR } from "../input/editor-state.ts";
import { wantsFiles } from "../input/file-completion.ts";
import type { Intent } from "../input/keymap.ts";
import { VIM_INSERT, type VimState, vimRested } from "../input/vim.ts";
import type { PanelAction } from "../questions/panel.ts";
import { NO_QUESTIONS, type PanelEffect, type PanelState } from "../questions/panel-state.ts";
import type { Entry } from "../transcript/entry.ts";
import type { AppFacts } from "./app-facts.ts";
import { asked, type DialogState, dialogPaste, dialogStep } from "./dialog-input.ts";
import { keepDraft } from "./kept-draft.ts";
import { isAnswering, isLineEnd, throughPanel } from "./panel-door.ts";
import { choose, closed, search, withCompletion, without } from "./popup.ts";
import { ended, next, requeue, send } from "./queue.ts";
import { typed, typedIn } from "./typed-text.ts";
import { vimStep } from "./vim-input.ts";

/** What the program is doing: nothing, something short that must end first, answering, or stopping to answer. */
export type Phase = "idle" | "busy" | "running" | "stopping";

/** What a second press does: of the same key, or after Ctrl-X of Ctrl-E, which opens an editor. */
export type Armed = "stop" | "clear" | "quit" | "compose";

/** Everything that keys change. */
export interface AppState {
  readonly phase: Phase;
  readonly editor: EditorState;
  readonly history: readonly string[];
  /** The popup, while it is open, and which of its lines is chosen. */
  readonly completion?: Completion;
  readonly chosen: number;
  /** Whether a line was chosen with the arrows: Enter then takes it. */
  readonly picked?: true;
  /** Set while a command asks something. */
  readonly dialog?: DialogState;
  /** Set in vim mode. */
  readonly vim?: VimState;
  /** Set while the history is searched for what is typed. */
  readonly searching?: true;
  /** The files of the folder, as soon as one was mentioned with an `@`. */
  readonly files?: readonly string[];
  /** Messages and commands that wait for their turn, oldest first. */
  readonly queue: readonly string[];
  /** Set after a stop: the queue waits until Enter in an empty input lets it go on. */
  readonly held?: true;
  /** Set while a turn is stopped for the first item of the queue. */
  readonly interrupting?: true;
  readonly armed?: Armed;
  /** What the run asks. */
  readonly panel: PanelState;
}

/** The actions that change the state. */
export type AppAction =
  | { readonly type: "intent"; readonly intent: Intent }
  | { readonly type: "paste"; readonly text: string }
  /** The time for the second press is over. */
  | { readonly type: "disarm" }
  | { readonly type: "phase"; readonly phase: "busy" | "running" }
  | { readonly type: "panel"; readonly action: PanelAction }
  /** A whole line, from a terminal without keys. */
  | { readonly type: "line"; readonly text: string }
  /** A turn or something short ended; `stopped` by the user holds the queue back. */
  | { readonly type: "ended"; readonly stopped: boolean }
  /** Other items wait in place of those before; `text` goes into the input. */
  | { readonly type: "queue"; readonly queue: readonly string[]; readonly text?: string }
  | { readonly type: "history"; readonly entries: readonly string[] }
  | { readonly type: "files"; readonly files: readonly string[] }
  /** A command asks something. */
  | { readonly type: "ask"; readonly hidden: boolean }
  /** Vim mode begins or ends. */
  | { readonly type: "vim"; readonly on: boolean };

/** The effects that the owner of the state must perform. */
export type Effect =
  /** A message or a command to carry out now. */
  | { readonly type: "submit"; readonly text: string }
  | Exclude<PanelEffect, ScreenEffect>
  /** An answer to what a command asks; without a text the user left. */
  | { readonly type: "reply"; readonly text?: string }
  /** A new entry for the history file. */
  | { readonly type: "remember"; readonly text: string }
  | { readonly type: "cancel" }
  | { readonly type: "say"; readonly entry: Entry }
  /** Carry a command out, as if it had been typed. `retry` goes on with the turn that was left in the middle. */
  | { readonly type: "command"; readonly name: "retry" | "keys" | "expand" }
  /** Look into the run that is on its way, or the last one. */
  | { readonly type: "open-run" }
  | ScreenEffect
  /** Disarm after `ms` milliseconds. */
  | { readonly type: "arm"; readonly ms: number };

/** The effects that only the screen can carry out. */
export type ScreenEffect =
  | { readonly type: "quit" }
  | { readonly type: "repaint" }
  /** Find out which files there are. */
  | { readonly type: "list-files" }
  /** Stop the program, until the shell lets it go on. */
  | { readonly type: "suspend" }
  /** Let the user write on in an editor of their own. */
  | { readonly type: "compose"; readonly text: string }
  | Extract<PanelEffect, { readonly type: "edit-answer" }>;

/** The next state and what to do. */
export interface AppStep {
  readonly state: AppState;
  readonly effects: readonly Effect[];
}

/** How long a second Esc counts, in milliseconds. */
const ESCAPE_WINDOW = 1500;
/** How long a second Ctrl-C counts, in milliseconds. */
const INTERRUPT_WINDOW = 1000;

/** The state before the session is open: messages are queued. */
export const START: AppState = {
  phase: "busy",
  editor: EMPTY_EDITOR,
  history: [],
  chosen: 0,
  queue: [],
  panel: NO_QUESTIONS,
};

/** Applies one action. */
export function reduceApp(state: AppState, action: AppAction, facts: AppFacts): AppStep {
  return keepDraft(state, throughPanel(state, action, facts, reduceInput), action, facts);
}

function reduceInput(state: AppState, action: AppAction, facts: AppFacts): AppStep {
  switch (action.type) {
    case "intent":
      return press(state, action.intent, facts);
    case "ask":
      return quiet(asked(state, action.hidden));
    case "paste":
      if (state.dialog !== undefined) return quiet(dialogPaste(state, action.text, facts));
      return change(state, { type: "paste", text: action.text }, facts);
    case "disarm":
      return quiet(without(state, "armed"));
    case "phase":
      return quiet({ ...state, phase: action.phase });
    case "panel":
    case "line":
      return quiet(state);
    case "ended":
      return ended(state, action.stopped);
    case "queue":
      return quiet(requeue(state, action.queue, action.text, facts));
    case "history":
      return quiet({ ...state, history: [...action.entries, ...state.history] });
    case "files":
      return quiet(withCompletion({ ...state, files: action.files }, facts));
    case "vim":
      return quiet(action.on ? { ...state, vim: VIM_INSERT } : without(state, "vim"));
  }
}

function press(state: AppState, intent: Intent, facts: AppFacts): AppStep {
  const calm = without(state, "armed");
  if (state.armed === "compose" && isLineEnd(intent))
    return { state: calm, effects: [{ type: "compose", text: fullText(state.editor) }] };
  const dialog = dialogStep(calm, intent, facts);
  if (dialog !== undefined) return dialog;
  const [first, ...rest] = typedIn(intent);
  const asksKeys = first === "?" && isUntyped(calm, facts);
  // Each is a key of its own: the next one may be text, or another command.
  if (first !== undefined && rest.length > 0 && (asksKeys || state.vim?.mode === "normal")) {
    const step = press(state, typed(first), facts);
    const next = press(step.state, typed(rest.join("")), facts);
    return { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  if (asksKeys) return { state: calm, effects: [{ type: "command", name: "keys" }] };
  const vim = vimStep(calm, intent, facts);
  if (vim !== undefined) return settle({ ...calm, vim: vim.vim }, vim.editor, facts);
  switch (intent.type) {
    case "edit":
      return change(calm, intent.action, facts);
    case "enter":
      return enter(calm, facts);
    case "complete":
      return quiet(accept(calm, facts, intent.back) ?? calm);
    case "up":
      return up(calm, facts);
    case "down":
      return calm.completion ? quiet(choose(calm, 1)) : change(calm, { type: "move", to: "down" }, facts);
    case "escape":
      return pressEscape(state, facts);
    case "interrupt":
      return interrupt(state, facts);
    case "end":
      if (state.editor.text !== "") return change(calm, { type: "delete", to: "right" }, facts);
      return { state: calm, effects: state.phase === "running" ? [] : [{ type: "quit" }] };
    case "prefix":
      return quiet({ ...calm, armed: "compose" });
    case "search":
      return quiet(calm.searching ? choose(calm, 1) : search(calm));
    case "expand":
      return { state: calm, effects: [{ type: "command", name: "expand" }] };
    case "open-run":
    case "repaint":
    case "suspend":
      return { state: calm, effects: [{ type: intent.type }] };
  }
}

/** Whether nothing is typed, and what is typed now would be no answer. */
function isUntyped(state: AppState, { now }: AppFacts): boolean {
  return state.editor.text === "" && !isAnswering(state, now) && !state.searching;
}

/** Applies an action of the editor, and sends the message that the editor hands over, if any. */
function change(state: AppState, action: EditorAction, facts: AppFacts): AppStep {
  const step = edit(state.editor, action, { width: facts.width, history: state.history });
  if (step.send === undefined) return settle(state, step.state, facts);
  const sent = { ...state, editor: step.state, ...(state.vim && { vim: VIM_INSERT }) };
  return send(withCompletion(sent, facts), step.send, facts);
}

/** The state with another editor, and with the popup that fits it. */
function settle(state: AppState, changed: EditorState, facts: AppFacts): AppStep {
  const editor = state.vim === undefined ? changed : vimRested({ editor: changed, vim: state.vim }).editor;
  const opened = withCompletion({ ...state, editor }, facts);
  const { text, cursor } = editor;
  if (!wantsFiles(text, cursor, state.files !== undefined)) return quiet(opened);
  return { state: { files: [], ...opened }, effects: [{ type: "list-files" }] };
}

/** Inserts the chosen completion, or chooses the one before; `undefined` when there is none. */
function accept(state: AppState, facts: AppFacts, back = false): AppState | undefined {
  const { completion, chosen, editor } = state;
  const item = completion?.items[chosen];
  if (completion === undefined || item === undefined) return undefined;
  if (back) return choose(state, -1);
  const { start, end } = completion;
  return change(
    { ...without(state, "searching"), editor },
    { type: "replace", start, end, text: item.insert },
    facts,
  ).state;
}

/** Enter sends what stands there. A line that was chosen with the arrows is first put there, to be seen. */
function enter(state: AppState, facts: AppFacts): AppStep {
  // A search that found nothing ends, and what is typed stays.
  if (state.picked || state.searching)
    return quiet(accept(state, facts) ?? withCompletion(without(state, "searching"), facts));
  if (state.held && state.editor.text === "") return next(without(state, "held"));
  if (state.phase === "idle" && facts.isStopped && state.editor.text === "")
    return { state, effects: [{ type: "command", name: "retry" }] };
  return change(state, { type: "enter" }, facts);
}

function up(state: AppState, facts: AppFacts): AppStep {
  if (state.completion) return quiet(choose(state, -1));
  const newest = state.queue.at(-1);
  if (newest === undefined || state.editor.text !== "")
    return change(state, { type: "move", to: "up" }, facts);
  return change({ ...state, queue: state.queue.slice(0, -1) }, { type: "load", text: newest }, facts);
}

function pressEscape(state: AppState, facts: AppFacts): AppStep {
  if (state.completion || state.searching) return quiet(without(closed(state), "searching"));
  if (state.phase === "running")
    return state.armed === "stop" ? stop(without(state, "armed")) : arm(state, "stop", ESCAPE_WINDOW);
  if (state.editor.text === "") return quiet(without(state, "armed"));
  return state.armed === "clear" ? quiet(cleared(state, facts)) : arm(state, "clear", ESCAPE_WINDOW);
}

function interrupt(state: AppState, facts: AppFacts): AppStep {
  if (state.armed === "quit") return { state, effects: [{ type: "quit" }] };
  if (state.searching) return quiet(without(closed(state), "searching"));
  if (state.phase === "running") {
    const stopped = stop(state);
    const armed = arm(stopped.state, "quit", INTERRUPT_WINDOW);
    return { state: armed.state, effects: [...stopped.effects, ...armed.effects] };
  }
  if (state.editor.text !== "") return quiet(cleared(state, facts));
  return arm(state, "quit", INTERRUPT_WINDOW);
}

function stop(state: AppState): AppStep {
  return { state: { ...state, phase: "stopping", panel: NO_QUESTIONS }, effects: [{ type: "cancel" }] };
}

function arm(state: AppState, armed: Armed, ms: number): AppStep {
  return { state: { ...state, armed }, effects: [{ type: "arm", ms }] };
}

/** Undo brings the text back. */
function cleared(state: AppState, facts: AppFacts): AppState {
  return change(without(without(state, "armed"), "searching"), { type: "clear" }, facts).state;
}

function quiet(state: AppState): AppStep {
  return { state, effects: [] };
}
