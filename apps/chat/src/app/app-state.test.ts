import type { JsonSchema } from "@orch/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Intent, intentsOf } from "../input/keymap.ts";
import { DEAF_TIME } from "../questions/panel-state.ts";
import type { AppFacts } from "./app-facts.ts";
import { type AppAction, type AppState, type Effect, reduceApp, START } from "./app-state.ts";
import { REFUSED } from "./queue.ts";

const facts: AppFacts = {
  now: 0,
  width: 40,
  commands: [
    { name: "help", description: "commands and keys" },
    { name: "model", description: "choose the model", values: () => [{ value: "local/extractive" }] },
  ],
  isAside: (text) => text === "/help",
  isCommand: (text) => text.startsWith("/"),
};

/** Applies actions in a row; gives the last state and all effects. */
function play(
  actions: readonly AppAction[],
  from: AppState = START,
  at: AppFacts = facts,
): { state: AppState; effects: Effect[] } {
  let state = from;
  const effects: Effect[] = [];
  for (const action of actions) {
    const step = reduceApp(state, action, at);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const press = (intent: Intent): AppAction => ({ type: "intent", intent });
const type = (text: string): AppAction => press({ type: "edit", action: { type: "insert", text } });
const enter = press({ type: "enter" });
const escape_ = press({ type: "escape" });
const interrupt = press({ type: "interrupt" });
const ended: AppAction = { type: "ended", stopped: false };
const stopped: AppAction = { type: "ended", stopped: true };
const running: AppAction = { type: "phase", phase: "running" };
const submitted = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => (effect.type === "submit" ? [effect.text] : []));

describe("a question of the run", () => {
  const asked = (schema: JsonSchema): AppAction => {
    const question = { id: "flow/a#1", path: "flow/a#1", state: "a", prompt: "Well?", schema };
    return { type: "panel", action: { type: "questions", questions: [question] } };
  };
  const boolean = asked({ type: "boolean" });
  const answers = (effects: readonly Effect[]): unknown[] =>
    effects.flatMap((effect) => (effect.type === "answer" ? effect.values : []));
  const later = { ...facts, now: 301 };

  test("is answered by a key, and by none that came before it could be read", () => {
    const shown = play([ended, running, type("queued"), enter, boolean]).state;
    const before = play([type("y"), enter], shown, { ...facts, now: 299 });
    expect(before.effects).not.toContainEqual(expect.objectContaining({ type: "answer" }));
    expect(before.state.editor.text).toBe("");
    // Each early key begins the time anew.
    const { state, effects } = play([type("y")], before.state, later);
    expect(answers(effects)).toEqual([]);
    const after = play([type("y")], state, { ...facts, now: 700 });
    expect(answers(after.effects)).toEqual([true]);
    expect(after.state.queue).toEqual(["queued"]);
  });

  test("leaves a message alone that is being written when it appears", () => {
    const before = play([ended, running, type("hey"), boolean, type(" you"), enter]);
    expect(before.state.queue).toEqual(["hey you"]);
    expect(answers(before.effects)).toEqual([]);
  });

  test("takes a typed yes as one word, however it is cut, and gives nothing of it to anybody else", () => {
    for (const pieces of [["yes\r"], ["y", "es", "\r"], ["y", "e", "s", "\r"], ["y"]]) {
      const keys = pieces.flatMap((piece) => intentsOf(piece, {}).map(press));
      const shown = play([ended, running, boolean]).state;
      const { state, effects } = play(keys, shown, later);
      expect(answers(effects), pieces.join()).toEqual([true]);
      expect(state.queue).toEqual([]);
      expect(state.editor.text).toBe("");
      // What is typed after it is a message.
      expect(play([type("hello"), enter], state, later).state.queue).toEqual(["hello"]);
    }
  });

  test("is not answered by a command, also where a text is asked for", () => {
    const text = play([ended, running, asked({ type: "string" })]).state;
    const { state, effects } = play(
      [type("/new"), enter, type("/help"), enter, type("x"), enter],
      text,
      later,
    );
    expect(answers(effects)).toEqual(["x"]);
    expect(submitted(effects)).toEqual(["/help"]);
    expect(state.queue).toEqual(["/new"]);
    const left = play([type("/help"), enter], play([ended, running, boolean]).state, later);
    expect(submitted(left.effects)).toEqual(["/help"]);
    expect(answers(left.effects)).toEqual([]);
  });

  test("is left by Esc, which answers nothing, and comes back by Enter in an empty line", () => {
    const shown = play([ended, running, boolean]).state;
    const left = play([escape_, type("y"), type("\u007f")], shown, later);
    expect(left.effects).toEqual([]);
    const empty = { ...left.state, editor: shown.editor };
    const back = play([enter], empty, later);
    expect(answers(play([type("n")], back.state, { ...facts, now: 900 }).effects)).toEqual([false]);
  });

  test("goes away with Ctrl-C, which stops the run, and what is typed then is a message", () => {
    const { state, effects } = play(
      [interrupt, type("yes"), enter],
      play([ended, running, boolean]).state,
      later,
    );
    expect(effects).toContainEqual({ type: "cancel" });
    expect(answers(effects)).toEqual([]);
    expect(state).toMatchObject({ phase: "stopping", queue: ["yes"] });
    expect(play([boolean, type("y")], state, later).state.panel.drafts).toEqual([]);
  });
});

describe("sending", () => {
  test("goes out at once when nothing runs, and waits in order when something does", () => {
    const { state, effects } = play([ended, type("a"), enter, running, type("b"), enter, type("c"), enter]);
    expect(submitted(effects)).toEqual(["a"]);
    expect(state.queue).toEqual(["b", "c"]);
    const after = play([ended], state);
    expect(submitted(after.effects)).toEqual(["b"]);
    expect(after.state.queue).toEqual(["c"]);
  });

  test("waits while the session is not open yet", () => {
    const { state, effects } = play([type("early"), enter]);
    expect(submitted(effects)).toEqual([]);
    expect(submitted(play([ended], state).effects)).toEqual(["early"]);
  });

  test("of a command that may run beside an answer does not wait", () => {
    expect(submitted(play([ended, running, type("/help"), enter]).effects)).toEqual(["/help"]);
  });

  test("of a queued message is taken back with Up, and changed", () => {
    const { state } = play([ended, running, type("a"), enter, type("b"), enter, press({ type: "up" })]);
    expect(state.editor.text).toBe("b");
    expect(state.queue).toEqual(["a"]);
  });
});

describe("stopping", () => {
  test("T18: takes Esc twice, and holds the queue back, item by item, until Enter lets it go on", () => {
    const before = play([ended, running, type("a"), enter, type("b")]).state;
    const first = play([escape_], before);
    expect(first.state.armed).toBe("stop");
    expect(first.effects).toEqual([{ type: "arm", ms: 1500 }]);
    const second = play([escape_], first.state);
    expect(second.effects).toEqual([{ type: "cancel" }]);
    const after = play([stopped], second.state);
    expect(submitted(after.effects)).toEqual([]);
    expect(after.state).toMatchObject({ phase: "idle", queue: ["a"], held: true, editor: { text: "b" } });
    // Another message goes out at once, and what is queued still waits.
    const other = play([enter, running, ended], after.state);
    expect(submitted(other.effects)).toEqual(["b"]);
    expect(other.state.queue).toEqual(["a"]);
    expect(submitted(play([enter], other.state).effects)).toEqual(["a"]);
  });

  test("T18: commands that were queued stay commands, in order", () => {
    const items = ["hello A", "hello B", "/model x", "/orc research", "/new"];
    const typed = items.flatMap((item) => [type(item), enter]);
    let { state } = play([ended, running, ...typed, interrupt, stopped]);
    expect(state.editor.text).toBe("");
    const sent: string[] = [];
    for (let step = 0; step < items.length; step++) {
      const turn = play([step === 0 ? enter : ended], state);
      sent.push(...submitted(turn.effects));
      state = play([running], turn.state).state;
    }
    expect(sent).toEqual(items);
  });

  test("does not happen when the second Esc comes too late, or something else between", () => {
    const late = play([ended, running, escape_, { type: "disarm" }, escape_]);
    expect(late.effects).not.toContainEqual({ type: "cancel" });
    const between = play([ended, running, escape_, type("x"), escape_]);
    expect(between.effects).not.toContainEqual({ type: "cancel" });
  });

  test("happens at once with Ctrl-C, and again quits", () => {
    const { effects } = play([ended, running, interrupt, interrupt]);
    expect(effects.map((effect) => effect.type)).toEqual(["cancel", "arm", "quit"]);
  });
});

describe("leaving", () => {
  test("by Ctrl-C clears the input first, then asks for a second press", () => {
    const { state, effects } = play([ended, type("draft"), interrupt]);
    expect(state.editor.text).toBe("");
    expect(effects).toEqual([]);
    expect(play([interrupt, interrupt], state).effects.at(-1)).toEqual({ type: "quit" });
  });

  test("by Ctrl-D needs an empty input and no answer on its way", () => {
    const end = press({ type: "end" });
    expect(play([ended, end]).effects).toEqual([{ type: "quit" }]);
    expect(play([ended, type("x"), end]).effects).toEqual([]);
    expect(play([ended, running, end]).effects).toEqual([]);
  });
});

describe("the popup", () => {
  test("closes with Esc, and comes back with the next key", () => {
    const { state } = play([ended, type("/h"), escape_]);
    expect(state.completion).toBeUndefined();
    expect(state.armed).toBeUndefined();
    expect(play([type("e")], state).state.completion).toBeDefined();
  });

  test("T12: Enter sends what stands there, and Tab completes", () => {
    expect(submitted(play([ended, type("/he"), enter]).effects)).toEqual(["/he"]);
    const tab = press({ type: "complete" });
    expect(submitted(play([ended, type("/he"), tab, enter]).effects)).toEqual(["/help"]);
    const { state, effects } = play([ended, type("/mod"), tab]);
    expect(submitted(effects)).toEqual([]);
    expect(state.editor.text).toBe("/model ");
    expect(state.completion?.items.map(({ label }) => label)).toEqual(["local/extractive"]);
    expect(submitted(play([enter], state).effects)).toEqual(["/model "]);
    expect(submitted(play([ended, type("/model local/ext"), enter]).effects)).toEqual(["/model local/ext"]);
  });

  test("T12: Shift+Tab chooses the line before, around the end, and does nothing where there is none", () => {
    const tab = press({ type: "complete" });
    const back = press({ type: "complete", back: true });
    const sent: AppAction = { type: "history", entries: ["one", "two", "three"] };
    const { state } = play([sent, ended, press({ type: "search" })]);
    const items = state.completion!.items.map(({ insert }) => insert);
    expect(items).toHaveLength(3);
    expect(play([back], state).state.chosen).toBe(2);
    expect(play([back, back], state).state.chosen).toBe(1);
    expect(play([back, press({ type: "down" })], state).state.chosen).toBe(0);
    expect(play([back, tab], state).state.editor.text).toBe(items[2]);
    // It was chosen, so that Enter puts it there and sends nothing.
    const entered = play([back, enter], state);
    expect([submitted(entered.effects), entered.state.editor.text]).toEqual([[], items[2]]);
    const none = play([ended, type("hello"), back]);
    expect([none.state.editor.text, none.effects]).toEqual(["hello", []]);
  });

  test("T12: a line that was chosen with the arrows is put into the input by Enter, and not sent", () => {
    const { state, effects } = play([ended, type("/model "), press({ type: "down" }), enter]);
    expect(submitted(effects)).toEqual([]);
    expect(state.editor.text).toBe("/model local/extractive");
    expect(submitted(play([enter], state).effects)).toEqual(["/model local/extractive"]);
  });
});

describe("T19: Ctrl-R", () => {
  const search = press({ type: "search" });
  const sent: AppAction = {
    type: "history",
    entries: ["fix the lamp", "read the journal", "fix the\njournal"],
  };
  const labels = (state: AppState): string[] => (state.completion?.items ?? []).map(({ label }) => label);

  test("searches what was sent, the newest first, and Enter takes it without sending", () => {
    const { state } = play([sent, ended, search, type("journal")]);
    expect(labels(state)).toEqual(["fix the\njournal", "read the journal"]);
    const taken = play([search, enter], state);
    expect(submitted(taken.effects)).toEqual([]);
    expect(taken.state.editor.text).toBe("read the journal");
    expect(taken.state.searching).toBeUndefined();
    expect(submitted(play([enter], taken.state).effects)).toEqual(["read the journal"]);
  });

  test("begins with what stands in the input, which Esc leaves there and undo brings back", () => {
    const { state } = play([sent, ended, type("lamp"), search]);
    expect(labels(state)).toEqual(["fix the lamp"]);
    expect(play([escape_], state).state).toMatchObject({ editor: { text: "lamp" } });
    expect(play([escape_], state).state.searching).toBeUndefined();
    const undone = play([enter, press({ type: "edit", action: { type: "undo" } })], state);
    expect(undone.state.editor.text).toBe("lamp");
  });

  test("is left by Ctrl-C, which quits nothing and keeps what is typed", () => {
    const interrupt = press({ type: "interrupt" });
    const { state } = play([sent, ended, search, type("journal"), interrupt]);
    expect([state.searching, state.completion, state.armed]).toEqual([undefined, undefined, undefined]);
    expect(state.editor.text).toBe("journal");
    expect(play([sent, ended, search, interrupt]).effects).toEqual([]);
  });

  test("finds letters in order where no words fit, and sends nothing where nothing fits", () => {
    expect(labels(play([sent, ended, search, type("rdjrnl")]).state)).toEqual(["read the journal"]);
    const { state, effects } = play([sent, ended, search, type("zzzz"), enter]);
    expect(submitted(effects)).toEqual([]);
    expect(state.searching).toBeUndefined();
    expect(submitted(play([enter], state).effects)).toEqual(["zzzz"]);
  });
});

test("whatever is pressed, no message is lost, doubled, or sent beside another", () => {
  const intents = fc.constantFrom<Intent>(
    { type: "enter" },
    { type: "up" },
    { type: "down" },
    { type: "complete" },
    { type: "escape" },
    { type: "interrupt" },
    { type: "end" },
    { type: "search" },
  );
  const action = fc.oneof(
    intents.map(press),
    fc.integer({ min: 0, max: 9999 }).map((id) => type(`m${id}.`)),
    fc.constant<AppAction>({ type: "disarm" }),
    fc.constant<"end">("end"),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      let state: AppState = { ...START, phase: "idle" };
      let live = false;
      for (const each of actions) {
        if (each === "end" && !live) continue;
        const ending = each === "end";
        if (ending) live = false;
        const next = ending ? { type: "ended" as const, stopped: state.phase === "stopping" } : each;
        const waiting = state.queue.length;
        const step = reduceApp(state, next, facts);
        state = step.state;
        const sent = submitted(step.effects);
        expect(sent.length).toBeLessThanOrEqual(1);
        if (sent.length === 1) {
          expect(live).toBe(false);
          live = true;
          state = reduceApp(state, running, facts).state;
        }
        expect(Math.abs(state.queue.length - waiting)).toBeLessThanOrEqual(1);
        if (state.phase === "idle") expect(live).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

describe("the policy of the inbox", () => {
  const under = (busy: "queue" | "interrupt" | "reject", actions: readonly AppAction[]) => {
    let state = play([ended, running]).state;
    const effects: Effect[] = [];
    for (const action of actions) {
      const step = reduceApp(state, action, { ...facts, inbox: { busy } });
      state = step.state;
      effects.push(...step.effects);
    }
    return { state, effects };
  };

  test("queue keeps a message for later, interrupt stops for it, and holds back what waited before", () => {
    expect(under("queue", [type("a"), enter]).state).toMatchObject({ phase: "running", queue: ["a"] });
    const begun = under("interrupt", [type("/new"), enter, type("a"), enter]);
    expect(begun.state).toMatchObject({ phase: "stopping", queue: ["a", "/new"] });
    expect(begun.effects.filter(({ type }) => type === "cancel")).toHaveLength(1);
    const { state, effects } = play([stopped], begun.state);
    expect(submitted(effects)).toEqual(["a"]);
    expect(state).toMatchObject({ queue: ["/new"], held: true });
    expect("interrupting" in state).toBe(false);
  });

  test("a message that interrupts and is taken back meanwhile is not sent", () => {
    const { state } = under("interrupt", [type("a"), enter, press({ type: "up" }), stopped]);
    expect(state).toMatchObject({ phase: "idle", queue: [], editor: { text: "a" } });
  });

  test("reject leaves the text in the input, and neither policy takes an answer for a message", () => {
    const { state, effects } = under("reject", [type("a"), enter]);
    expect(state).toMatchObject({ phase: "running", queue: [], editor: { text: "a" } });
    expect(effects).toEqual([{ type: "say", entry: REFUSED }]);
    const asked = { id: "q", path: "flow/a#1", state: "a", prompt: "Well?", schema: { type: "string" } };
    const asking: AppAction = { type: "panel", action: { type: "questions", questions: [asked] } };
    for (const busy of ["interrupt", "reject"] as const) {
      const before = under(busy, [asking]).state;
      const { effects: given } = play([type("yes"), enter], before, { ...facts, now: 301, inbox: { busy } });
      expect(given).toEqual([{ type: "answer", id: "q", values: ["yes"] }]);
    }
  });

  test("what waits is changed as a whole, and one item goes back into the input", () => {
    const { state } = under("queue", [
      type("a"),
      enter,
      type("b"),
      enter,
      { type: "queue", queue: ["b"], text: "a" },
    ]);
    expect(state).toMatchObject({ queue: ["b"], editor: { text: "a" } });
    const held = play([stopped, { type: "queue", queue: [] }], state).state;
    expect("held" in held).toBe(false);
  });
});

test("T19: a question mark in an empty input shows the keys, and what comes in the same chunk is typed", () => {
  const names = (effects: readonly Effect[]): string[] =>
    effects.flatMap((effect) => (effect.type === "command" ? [effect.name] : []));
  const together = play([ended, type("?why")]);
  const apart = play([ended, type("?"), type("why")]);
  for (const { state, effects } of [together, apart]) {
    expect(names(effects)).toEqual(["keys"]);
    expect(state.editor.text).toBe("why");
  }
  expect(play([ended, type("why?")]).state.editor.text).toBe("why?");
  const question = { id: "q", path: "flow/a#1", state: "a", prompt: "Well?", schema: { type: "string" } };
  const asking: AppAction = { type: "panel", action: { type: "questions", questions: [question] } };
  const asked = play([type("?")], play([ended, running, asking]).state, { ...facts, now: 301 });
  expect(asked.state.panel.drafts[0]?.editor.text).toBe("?");
  expect(names(play([ended, press({ type: "expand" })]).effects)).toEqual(["expand"]);
});

describe("what is typed as an answer, when its question is gone,", () => {
  const question = { id: "q", path: "flow/a#1", state: "a", prompt: "Well?", schema: { type: "string" } };
  const asks = (...questions: readonly (typeof question)[]): AppAction => ({
    type: "panel",
    action: { type: "questions", questions },
  });
  const typing = play([type("The Half")], play([ended, running, asks(question)]).state, {
    ...facts,
    now: DEAF_TIME,
  }).state;
  const at = (now: number): AppFacts => ({ ...facts, now });

  test("comes back with Up, is told, and what is typed on is no message", () => {
    const { state, effects } = play([asks()], typing, at(DEAF_TIME));
    expect(effects).toEqual([{ type: "say", entry: expect.any(Function) }]);
    const on = play([type(" Moon"), enter], state, at(DEAF_TIME + 10));
    expect(on).toMatchObject({ state: { editor: { text: "" }, queue: [] }, effects: [] });
    const up = play([press({ type: "up" })], on.state, at(DEAF_TIME + 20));
    expect(up.state.editor.text).toBe("The Half");
    const later = play([type("Hello"), enter], on.state, at(DEAF_TIME * 2 + 10));
    expect(later.state.queue).toEqual(["Hello"]);
  });

  test("comes back without a word where the user stopped the run, and never after it was sent", () => {
    const stop = play([press({ type: "interrupt" })], typing, at(DEAF_TIME));
    expect(stop.state.history).toEqual(["The Half"]);
    expect(stop.effects.map((effect) => effect.type)).toEqual(["cancel", "arm"]);
    const sent = play([enter, asks()], typing, at(DEAF_TIME));
    expect(sent.state.history).toEqual([]);
    expect(sent.effects.map((effect) => effect.type)).toEqual(["answer"]);
  });
});
