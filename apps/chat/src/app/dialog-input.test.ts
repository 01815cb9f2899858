import { expect, test } from "vitest";
import type { Intent } from "../input/keymap.ts";
import type { AppFacts } from "./app-facts.ts";
import { type AppAction, type AppState, type Effect, reduceApp, START } from "./app-state.ts";
import { drawnEditor } from "./dialog-input.ts";

const facts: AppFacts = {
  now: 0,
  width: 40,
  commands: [{ name: "help", description: "commands and keys" }],
  isAside: (text) => text === "/help",
  isCommand: (text) => text.startsWith("/"),
};
const press = (intent: Intent): AppAction => ({ type: "intent", intent });
const type = (text: string): AppAction => press({ type: "edit", action: { type: "insert", text } });
const enter = press({ type: "enter" });

function play(actions: readonly AppAction[]) {
  let state: AppState = { ...START, phase: "idle", history: ["sent before"] };
  const effects: Effect[] = [];
  for (const action of actions) {
    const step = reduceApp(state, action, facts);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

test("T19: a hidden answer is drawn as dots, goes to who asked, and is remembered nowhere", () => {
  const open = [
    type("draft"),
    { type: "ask", hidden: true },
    type("/he"),
    { type: "paste", text: "LP-key\r\n" },
  ] as const;
  const { state } = play(open);
  expect(drawnEditor(state)).toMatchObject({ text: "*".repeat(9), cursor: 9 });
  expect(state.completion).toBeUndefined();
  const replied = play([...open, enter]);
  expect(replied.effects).toEqual([{ type: "reply", text: "/heLP-key" }]);
  expect(replied.state.editor).toMatchObject({ text: "draft", cursor: 5 });
  expect(JSON.stringify(replied.state)).not.toContain("LP-key");
  expect(replied.state.history).toEqual(["sent before"]);
});

test("T19: neither the history nor an editor nor a kill reaches into a question of a command, and Esc or Ctrl-C leaves it", () => {
  const kill = press({ type: "edit", action: { type: "delete", to: "line-start" } });
  const ask = { type: "ask", hidden: true } as const;
  const keys = [press({ type: "up" }), press({ type: "search" }), press({ type: "prefix" })];
  const { state } = play([ask, ...keys, type("secret"), kill, press({ type: "escape" })]);
  expect(state.dialog).toBeUndefined();
  expect(JSON.stringify(state)).not.toContain("secret");
  for (const type of ["escape", "interrupt", "end"] as const)
    expect(play([ask, press({ type })]).effects).toEqual([{ type: "reply" }]);
  // What is asked again keeps what stood there before the first question.
  expect(play([type("draft"), ask, type("x"), ask, enter]).state.editor.text).toBe("draft");
});
