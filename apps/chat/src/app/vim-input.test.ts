import { expect, test } from "vitest";
import type { Intent } from "../input/keymap.ts";
import type { AppFacts } from "./app-facts.ts";
import { type AppState, type Effect, reduceApp, START } from "./app-state.ts";

const facts: AppFacts = {
  now: 0,
  width: 40,
  commands: [{ name: "help", description: "commands and keys" }],
  isAside: () => false,
  isCommand: () => false,
};
const ESCAPE: Intent = { type: "escape" };
const type = (text: string): Intent => ({ type: "edit", action: { type: "insert", text } });

function play(intents: readonly Intent[], from: Partial<AppState> = {}) {
  let state: AppState = reduceApp(
    { ...START, phase: "idle", ...from },
    { type: "vim", on: true },
    facts,
  ).state;
  const effects: Effect[] = [];
  for (const intent of intents) {
    const step = reduceApp(state, { type: "intent", intent }, facts);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects: effects.map((effect) => effect.type) };
}

test("T19: Escape goes to normal mode first, and means there what it means without vim", () => {
  const normal = play([type("draft"), ESCAPE]);
  expect(normal.state).toMatchObject({ vim: { mode: "normal" }, editor: { text: "draft", cursor: 4 } });
  expect(normal.state.armed).toBeUndefined();
  // A command that was begun is given up, and nothing else.
  const begun = play([type("draft"), ESCAPE, type("2d"), ESCAPE]).state;
  expect(begun).toMatchObject({ vim: { mode: "normal", pending: "" }, editor: { text: "draft" } });
  expect(begun.armed).toBeUndefined();
  expect(play([type("draft"), ESCAPE, ESCAPE]).state.armed).toBe("clear");
  expect(play([type("draft"), ESCAPE, ESCAPE, ESCAPE]).state.editor.text).toBe("");
});

test("T19: while an answer is on its way, Esc Esc stops it, from an empty input in either mode", () => {
  expect(play([ESCAPE, ESCAPE], { phase: "running" }).effects).toContain("cancel");
  expect(play([type("x"), ESCAPE, ESCAPE, ESCAPE], { phase: "running" }).effects).toContain("cancel");
  expect(play([type("x"), ESCAPE, ESCAPE], { phase: "running" }).effects).not.toContain("cancel");
});

test("T19: normal mode opens no popup, redoes with Ctrl-R, and ends when a message is sent", () => {
  const slash = play([type("/he")]).state;
  expect(slash.completion).toBeDefined();
  const closed = play([type("/he"), ESCAPE, type("x")]).state;
  expect(closed.completion).toBeUndefined();
  expect(closed.editor.text).toBe("/h");
  const redone = play([type("one"), ESCAPE, type("xxu"), { type: "search" }]).state;
  expect(redone.editor.text).toBe("o");
  expect(redone.searching).toBeUndefined();
  const { state, effects } = play([type("one"), ESCAPE, { type: "enter" }]);
  expect(effects).toContain("submit");
  expect(state.vim).toEqual({ mode: "insert", pending: "" });
});

test("T19: Backspace moves in normal mode, and Delete takes a character", () => {
  const back: Intent = { type: "edit", action: { type: "delete", to: "left" } };
  const erase: Intent = { type: "edit", action: { type: "delete", to: "right" } };
  expect(play([type("abc"), ESCAPE, back, erase]).state.editor).toMatchObject({ text: "ac", cursor: 1 });
});
