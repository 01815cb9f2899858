import { expect, test } from "vitest";
import type { Intent } from "../input/keymap.ts";
import type { Asked } from "./asked.ts";
import { type PanelAction, reducePanel } from "./panel.ts";
import {
  DEAF_TIME,
  NO_QUESTIONS,
  type PanelEffect,
  type PanelState,
  shownDraft,
  WORD_TIME,
} from "./panel-state.ts";

const DOWN: Intent = { type: "down" };
const UP: Intent = { type: "up" };
const ENTER: Intent = { type: "enter" };
const ESC: Intent = { type: "escape" };
const key = (text: string): Intent => ({ type: "edit", action: { type: "insert", text } });

const call: Asked = {
  id: "call",
  path: "flow/a#1",
  state: "a",
  prompt: {},
  schema: {},
  call: { agent: "a", tool: "edit", input: { path: "x" } },
} as unknown as Asked;
const form = (id: string, schema: object): Asked =>
  ({ id, path: `flow/${id}#1`, state: id, prompt: id, schema }) as unknown as Asked;
const boolean = { type: "boolean" };
const note = { type: "object", required: ["to", "ok"], properties: { to: { type: "string" }, ok: boolean } };

/** A panel and the hands before it. */
class Hands {
  panel: PanelState = NO_QUESTIONS;
  now = 0;
  readonly effects: PanelEffect[] = [];

  /** Gives whether the action was for the panel. */
  do(action: PanelAction): boolean {
    const step = reducePanel(this.panel, action, { width: 80, now: this.now, isCalm: true });
    if (step === undefined) return false;
    this.panel = step.panel;
    this.effects.push(...step.effects);
    return true;
  }

  asks(...questions: readonly Asked[]): void {
    this.do({ type: "questions", questions });
  }

  press(...intents: readonly Intent[]): void {
    this.now += DEAF_TIME;
    for (const intent of intents) this.do({ type: "intent", intent });
  }

  get problem(): string | undefined {
    return shownDraft(this.panel)?.problem;
  }
}

test.each([
  ["y", [{ type: "answer", id: "call", values: [true] }]],
  ["n", [{ type: "answer", id: "call", values: [false] }]],
  [
    "r",
    [
      { type: "grant", id: "call", scope: "run" },
      { type: "answer", id: "call", values: [true] },
    ],
  ],
  [
    "a",
    [
      { type: "grant", id: "call", scope: "tool" },
      { type: "answer", id: "call", values: [true] },
    ],
  ],
  [
    "s",
    [
      { type: "grant", id: "call", scope: "arguments" },
      { type: "answer", id: "call", values: [true] },
    ],
  ],
  ["x", []],
  ["Y", []],
  ["1", []],
] as const)("T21: at a tool call, the key %s does %j", (letter, effects) => {
  const hands = new Hands();
  hands.asks(call);
  // Before its time no key counts.
  hands.do({ type: "intent", intent: key(letter) });
  hands.do({ type: "paste", text: letter });
  expect(hands.effects).toEqual([]);
  hands.press(key(letter));
  expect(hands.effects).toEqual(effects);
  // Once is enough.
  hands.press(key(letter), ENTER);
  expect(hands.effects).toEqual(effects);
});

test("T21: who types a word whole answers one question; a letter that comes later is a key of the next", () => {
  const hands = new Hands();
  hands.asks(call);
  hands.press(key("y"));
  const next: Asked = { ...call, id: "next" };
  hands.asks(next);
  hands.press(key("e"));
  hands.now += WORD_TIME - DEAF_TIME - 1;
  hands.press(key("s"), ENTER);
  expect(hands.effects).toEqual([{ type: "answer", id: "call", values: [true] }]);
  hands.press(key("s"));
  expect(hands.effects.slice(1)).toEqual([
    { type: "grant", id: "next", scope: "arguments" },
    { type: "answer", id: "next", values: [true] },
  ]);
  hands.asks({ ...call, id: "last" });
  hands.now += WORD_TIME;
  hands.press(key("a"));
  expect(hands.effects.slice(3)).toEqual([
    { type: "grant", id: "last", scope: "tool" },
    { type: "answer", id: "last", values: [true] },
  ]);
});

test("T21: edited arguments are run with, once; what is no JSON is written on", () => {
  const hands = new Hands();
  hands.asks(call);
  hands.press(key("e"));
  expect(hands.effects.pop()).toEqual({ type: "edit-answer", id: "call", text: '{\n  "path": "x"\n}' });
  hands.do({ type: "edited", id: "call", text: '{ "path": "y", ' });
  expect(hands.problem).toBe("The arguments have to be JSON; e goes on with what you wrote.");
  hands.press(key("e"));
  expect(hands.effects.pop()).toMatchObject({ text: '{ "path": "y", ' });
  hands.do({ type: "edited", id: "call", text: '{ "path": "y" }' });
  expect(hands.problem).toBeUndefined();
  hands.press(key("s"));
  expect(hands.effects).toEqual([]);
  expect(hands.problem).toContain("The arguments were edited");
  hands.press(key("y"));
  expect(hands.effects).toEqual([{ type: "answer", id: "call", values: [{ input: { path: "y" } }] }]);
});

test("T21: arguments that are edited to what they were are no edit", () => {
  const hands = new Hands();
  hands.asks(call);
  hands.do({ type: "edited", id: "call", text: '{"path":"x"}' });
  hands.press(key("y"));
  expect(hands.effects).toEqual([{ type: "answer", id: "call", values: [true] }]);
});

test("T21: the fields of a form are gone through both ways, and nothing typed is lost", () => {
  const hands = new Hands();
  hands.asks(form("note", note));
  hands.press(key("Ada"), DOWN, UP, key("!"), DOWN, DOWN);
  expect(shownDraft(hands.panel)).toMatchObject({ at: 1, texts: ["Ada!", ""] });
  hands.press(ENTER);
  expect(hands.problem).toBe("ok: yes or no");
  hands.press(key("y"));
  expect(hands.effects).toEqual([{ type: "answer", id: "note", values: [{ to: "Ada!", ok: true }] }]);
});

test("T21: another question that opens meanwhile takes nothing from a form that is half filled", () => {
  const hands = new Hands();
  const first = form("note", note);
  hands.asks(first);
  hands.press(key("Ada"));
  hands.asks(first, call);
  hands.press(key(" Lovelace"), ENTER);
  expect(shownDraft(hands.panel)).toMatchObject({
    asked: { id: "note" },
    at: 1,
    texts: ["Ada Lovelace", ""],
  });
  hands.press({ type: "complete" });
  expect(shownDraft(hands.panel)?.asked.id).toBe("call");
  // The key that comes with the change is no answer.
  hands.do({ type: "intent", intent: key("y") });
  expect(hands.effects).toEqual([]);
  hands.press({ type: "complete", back: true });
  expect(shownDraft(hands.panel)).toMatchObject({
    asked: { id: "note" },
    at: 1,
    texts: ["Ada Lovelace", ""],
  });
});

test("T21: a question that is answered elsewhere or whose time is over closes, and the next is read first", () => {
  const hands = new Hands();
  hands.asks(call, form("ok", boolean));
  hands.press(key("w"), key("bec"));
  hands.asks(form("ok", boolean));
  // The rest of the reason is on its way: it is no answer to the next question.
  hands.do({ type: "intent", intent: key("y") });
  expect(hands.effects).toEqual([]);
  hands.asks();
  expect(shownDraft(hands.panel)).toBeUndefined();
  expect(hands.do({ type: "intent", intent: key("y") })).toBe(false);
  // What comes back for it is for nobody.
  hands.do({ type: "edited", id: "call", text: "{}" });
  hands.do({ type: "refused", id: "call", problem: "no", path: [] });
  expect(hands.effects).toEqual([]);
  expect(shownDraft(hands.panel)).toBeUndefined();
});

test("T21: an answer that the run refuses stands again, at the field it is about", () => {
  const hands = new Hands();
  hands.asks(form("note", note));
  hands.press(key("Ada"), ENTER, key("y"));
  expect(shownDraft(hands.panel)).toBeUndefined();
  hands.do({ type: "refused", id: "note", problem: "to: nobody of that name", path: ["to"] });
  expect(shownDraft(hands.panel)).toMatchObject({ at: 0, problem: "to: nobody of that name" });
  expect(shownDraft(hands.panel)?.editor.text).toBe("Ada");
});

test("T21: Esc answers nothing, in every place", () => {
  for (const before of [[], [key("w")], [key("w"), key("y")], [key("v")]]) {
    const hands = new Hands();
    hands.asks(call);
    hands.press(...before, ESC, ESC);
    expect(hands.effects).toEqual([]);
    expect(hands.panel.left).toBe(true);
    hands.press(ENTER);
    expect(shownDraft(hands.panel)?.asked.id).toBe("call");
    expect(hands.effects).toEqual([]);
  }
});

test.each([
  ["1", [true]],
  ["yes", [true]],
  ["NO", [false]],
  ["no, not now", [{ deny: "not now" }]],
])("T21: a line without keys: %j", (text, values) => {
  const hands = new Hands();
  hands.asks(call);
  hands.do({ type: "line", text });
  expect(hands.effects).toEqual([]);
  hands.now = DEAF_TIME;
  hands.do({ type: "line", text });
  expect(hands.effects).toEqual([{ type: "answer", id: "call", values }]);
});

test.each(["", "0", "8", "yes please do", "y; rm -rf /", "{", "'); --"])(
  "T21: the line %j runs nothing",
  (text) => {
    const hands = new Hands();
    hands.asks(call);
    hands.now = DEAF_TIME;
    hands.do({ type: "line", text });
    expect(hands.effects).toEqual([]);
    expect(hands.problem).toBeDefined();
  },
);
