/** What keys do in the form of a question. */
import { edit, fullText } from "../input/editor.ts";
import type { Intent } from "../input/keymap.ts";
import { answerOf, type Field, isWhole, type Option } from "./form.ts";
import { type FormPress, isKey, loaded, type PanelDraft, type PanelFacts } from "./panel-state.ts";
import { optionFor, type Reading, readField } from "./reading.ts";

/** Applies a key; `line` is what a terminal without keys sent instead. */
export function pressForm(draft: PanelDraft, intent: Intent, facts: PanelFacts, line?: string): FormPress {
  const field = draft.form.fields[draft.at];
  if (field === undefined) return only(draft);
  if (field.kind.type !== "choice") return pressText(draft, field, intent, facts);
  const { options } = field.kind;
  if (line === undefined) return pressChoice(draft, options, intent);
  const pick = line.trim() === "" ? -1 : optionFor(options, line);
  if (pick < 0 && line.trim() !== "") return only({ ...draft, problem: problemOf(readField(field, line)) });
  return advance(picked(draft, pick));
}

/** The text that the user's own editor begins with. */
export function textToEdit(draft: PanelDraft): string {
  const { call, id: _ } = draft.asked;
  if (call !== undefined && !draft.refusing)
    return draft.unread ?? JSON.stringify((draft.edited ?? { value: call.input }).value, undefined, 2);
  const typed = fullText(draft.editor);
  const kind = draft.form.fields[draft.at]?.kind;
  if (typed !== "" || kind?.type !== "json") return typed;
  return JSON.stringify(kind.example, undefined, 2) ?? "";
}

/** Takes the text that comes back from it. */
export function editedText(draft: PanelDraft, text: string): PanelDraft {
  const { problem: _, unread: __, ...rest } = draft;
  if (draft.asked.call === undefined || draft.refusing) return { ...rest, editor: loaded(text) };
  const field: Field = {
    path: [],
    label: "arguments",
    optional: false,
    kind: { type: "json", example: null, takes: [] },
  };
  const read = readField(field, text);
  if (!("value" in read))
    return {
      ...rest,
      unread: text,
      problem: "The arguments have to be JSON; e goes on with what you wrote.",
    };
  const isSame = JSON.stringify(read.value) === JSON.stringify(draft.asked.call.input);
  const { edited: ___, ...before } = rest;
  return isSame ? before : { ...before, edited: { value: read.value } };
}

function pressText(draft: PanelDraft, field: Field, intent: Intent, facts: PanelFacts): FormPress {
  const { problem: _, ...calm } = draft;
  const text = fullText(draft.editor);
  if (intent.type === "up" || intent.type === "down") return upOrDown(draft, intent.type, facts);
  if (intent.type === "edit") {
    // What did not fit is replaced by what is typed, unless it is changed.
    const isNew = draft.problem !== undefined && intent.action.type === "insert";
    const before = isNew ? edit(draft.editor, { type: "clear" }, editorFacts(facts)).state : draft.editor;
    return only({ ...calm, editor: edit(before, intent.action, editorFacts(facts)).state });
  }
  if (intent.type !== "enter") return only(draft);
  if (text.trim() === "" && field.kind.type === "json" && !field.optional)
    return {
      draft,
      effects: [{ type: "edit-answer", id: draft.asked.id, text: textToEdit(draft) }],
    };
  // A backslash before Enter begins a new line.
  const step = edit(draft.editor, { type: "enter" }, editorFacts(facts));
  if (text.trim() !== "" && step.send === undefined) return only({ ...calm, editor: step.state });
  return advance({ ...calm, texts: calm.texts.with(draft.at, step.send ?? "") });
}

function upOrDown(draft: PanelDraft, to: "up" | "down", facts: PanelFacts): FormPress {
  const { editor } = draft;
  if (draft.form.fields.length > 1 && !editor.text.includes("\n"))
    return only(moved(draft, draft.at + (to === "up" ? -1 : 1)));
  return only({ ...draft, editor: edit(editor, { type: "move", to }, editorFacts(facts)).state });
}

function editorFacts({ width }: PanelFacts): Parameters<typeof edit>[2] {
  return { width, history: [] };
}

function pressChoice(draft: PanelDraft, options: readonly Option[], intent: Intent): FormPress {
  const pick = draft.picks[draft.at] ?? -1;
  const whole = draft.form.fields.length === 1;
  const by = stepOf(intent, whole);
  if (by !== 0) {
    const first = by > 0 ? 0 : options.length - 1;
    return only(picked(draft, pick < 0 ? first : (pick + by + options.length) % options.length));
  }
  if (intent.type === "up" || intent.type === "down")
    return only(moved(draft, draft.at + (intent.type === "up" ? -1 : 1)));
  if (intent.type === "enter") return advance(draft);
  if (intent.type !== "edit") return only(draft);
  if (intent.action.type === "delete") return only(picked(draft, -1));
  if (intent.action.type !== "insert") return only(draft);
  return byLetter(draft, options, intent.action.text);
}

/** A digit is the place of an option; a letter is the first of its label, where only one begins with it. */
function byLetter(draft: PanelDraft, options: readonly Option[], key: string): FormPress {
  const at = /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
  if (at >= 0) return at < options.length ? advance(picked(draft, at)) : only(draft);
  const letter = key.toLowerCase();
  const meant = options.flatMap(({ label }, place) =>
    label.toLowerCase().startsWith(letter) ? [place] : [],
  );
  if (letter.trim() === "" || meant.length === 0) return only(draft);
  // Where several begin with it, the letter goes from one to the next, as in a list of files.
  const pick = draft.picks[draft.at] ?? -1;
  if (meant.length > 1) return only(picked(draft, meant.find((place) => place > pick) ?? meant[0]!));
  const tail = { text: options[meant[0]!]!.label.slice(1), ends: draft.form.fields.length === 1 };
  return { ...advance(picked(draft, meant[0]!)), tail };
}

/** Where an arrow leads among the options. Up and down lead to other fields where there are any. */
function stepOf(intent: Intent, whole: boolean): number {
  if (whole && intent.type === "up") return -1;
  if (whole && intent.type === "down") return 1;
  if (intent.type !== "edit" || intent.action.type !== "move") return isKey(intent, " ") ? 1 : 0;
  if (intent.action.to === "left") return -1;
  return intent.action.to === "right" ? 1 : 0;
}

function picked(draft: PanelDraft, pick: number): PanelDraft {
  const { problem: _, ...calm } = draft;
  return { ...calm, picks: calm.picks.with(draft.at, pick) };
}

/** The same question at another field; what was typed stays where it was. */
function moved(draft: PanelDraft, to: number): PanelDraft {
  const { fields } = draft.form;
  const at = Math.max(0, Math.min(fields.length - 1, to));
  if (at === draft.at) return draft;
  const { problem: _, ...calm } = draft;
  const isTyped = fields[draft.at]?.kind.type !== "choice";
  const texts = isTyped ? calm.texts.with(draft.at, fullText(draft.editor)) : calm.texts;
  return { ...calm, texts, at, editor: loaded(texts[at]!) };
}

/** The field is done: the next one has its turn, or the answer is given. */
function advance(draft: PanelDraft): FormPress {
  const read = readingAt(draft, draft.at);
  if ("problem" in read) return only({ ...draft, problem: read.problem });
  const next = draft.at + 1;
  if (next < draft.form.fields.length) return only(moved({ ...draft, editor: typedIn(draft) }, next));
  return finish(draft);
}

/** The editor with what the field holds, so that leaving the field keeps it. */
function typedIn(draft: PanelDraft): PanelDraft["editor"] {
  return loaded(draft.texts[draft.at]!);
}

function finish(draft: PanelDraft): FormPress {
  const readings = draft.form.fields.map((_, at) => readingAt(draft, at));
  const wrong = readings.findIndex((reading) => "problem" in reading);
  if (wrong >= 0)
    return only({
      ...moved({ ...draft, editor: typedIn(draft) }, wrong),
      problem: problemOf(readings[wrong]!),
    });
  const [first] = readings;
  const others = isWhole(draft.form) && first !== undefined && "value" in first ? (first.others ?? []) : [];
  const value = answerOf(
    draft.form,
    readings.map((reading) => ("value" in reading ? { value: reading.value } : undefined)),
  );
  return {
    draft: { ...draft, sent: true },
    effects: [{ type: "answer", id: draft.asked.id, values: [value, ...others] }],
  };
}

function readingAt(draft: PanelDraft, at: number): Reading {
  const field = draft.form.fields[at]!;
  if (field.kind.type !== "choice") return readField(field, draft.texts[at]!);
  const option = field.kind.options[draft.picks[at]!];
  return option === undefined ? readField(field, "") : { value: option.value };
}

function problemOf(reading: Reading): string {
  return "problem" in reading ? reading.problem : "";
}

function only(draft: PanelDraft): FormPress {
  return { draft, effects: [] };
}
