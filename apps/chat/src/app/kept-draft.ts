import { fullText } from "../input/editor.ts";
import { remember } from "../input/history.ts";
import { DEAF_TIME, type PanelDraft } from "../questions/panel-state.ts";
import { safe } from "../terminal/safe-text.ts";
import { noticeEntry } from "../transcript/entry.ts";
import type { AppFacts } from "./app-facts.ts";
import type { AppAction, AppState, AppStep } from "./app-state.ts";

const KEPT = noticeEntry(safe`What you typed as an answer comes back with Up.`, "warning");

/** The step, with what was typed as an answer to a question that is gone now: its time was over, or somebody else answered it. */
export function keepDraft(
  before: AppState,
  step: AppStep,
  action: AppAction,
  { now, appends = false }: Pick<AppFacts, "now" | "appends">,
): AppStep {
  const { state, effects } = step;
  if (appends || before.panel.drafts === state.panel.drafts) return step;
  const open = new Set(state.panel.drafts.map(({ asked }) => asked.id));
  const gone = before.panel.drafts.filter(({ asked, sent }) => sent !== true && !open.has(asked.id));
  const texts = gone.flatMap(textsOf);
  if (texts.length === 0) return step;
  const kept = { ...state, history: texts.reduce(remember, state.history) };
  // Who stopped the run knows.
  if (action.type !== "panel") return { state: kept, effects };
  // What is still being typed was for the question: it is no message.
  const panel = { ...state.panel, gone: now + DEAF_TIME };
  return { state: { ...kept, panel }, effects: [...effects, { type: "say", entry: KEPT }] };
}

function textsOf({ texts, at, editor }: PanelDraft): readonly string[] {
  return [...texts.filter((_, index) => index !== at), fullText(editor)].filter((text) => text.trim() !== "");
}
