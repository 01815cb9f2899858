import { describe, expect, it } from "vitest";
import type { KeyPress } from "../input/key-chunk.ts";
import {
  pressRunView,
  RUN_VIEW_START,
  type RunViewEffect,
  type RunViewFacts,
  type RunViewState,
} from "./run-view-state.ts";

const facts: RunViewFacts = {
  rows: ["a", "b", "c", "d"],
  listRows: 3,
  detailRows: 4,
  maxScroll: 6,
  events: 5,
};

const KEYS: Readonly<Record<string, KeyPress>> = {
  up: { input: "", key: { upArrow: true } },
  down: { input: "", key: { downArrow: true } },
  left: { input: "", key: { leftArrow: true } },
  right: { input: "", key: { rightArrow: true } },
  home: { input: "", key: { home: true } },
  end: { input: "", key: { end: true } },
  enter: { input: "\r", key: { return: true } },
  tab: { input: "", key: { tab: true } },
  esc: { input: "", key: { escape: true } },
  back: { input: "", key: { backspace: true } },
};

/** Presses keys one after the other: names of `KEYS`, and letters. */
function press(
  keys: string,
  from: RunViewState = RUN_VIEW_START,
): { state: RunViewState; effects: RunViewEffect[] } {
  let state = from;
  const effects: RunViewEffect[] = [];
  for (const name of keys.split(" ")) {
    const step = pressRunView(state, KEYS[name] ?? { input: name, key: {} }, facts);
    state = step.state;
    if (step.effect) effects.push(step.effect);
  }
  return { state, effects };
}

describe("the keys of the view of a run", () => {
  it("follow the newest row until one is chosen, and stop at both ends", () => {
    expect(press("up").state.chosen).toBe("c");
    expect(press("home up").state.chosen).toBe("a");
    expect(press("home j j k").state.chosen).toBe("b");
    expect(press("home end down").state.chosen).toBe("d");
  });

  it("scroll the details after Tab, as far as they go", () => {
    expect(press("tab down down").state).toMatchObject({ reading: true, scroll: 2 });
    expect(press("tab end down up").state.scroll).toBe(5);
    expect(press("tab down tab up").state).toMatchObject({ reading: false, scroll: 0, chosen: "c" });
  });

  it("open and leave the whole window, the details, the filter and the view, one by one", () => {
    expect(press("enter").state.full).toBe(true);
    expect(press("enter esc").state.full).toBe(false);
    expect(press("enter q q").effects).toEqual([{ type: "close" }]);
    const filtered = press("/ c a back t enter");
    expect(filtered.state).toMatchObject({ filter: "ct", filtering: false });
    expect(press("esc", filtered.state)).toMatchObject({ state: { filter: "" }, effects: [] });
    expect(press("esc esc", filtered.state).effects).toEqual([{ type: "close" }]);
  });

  it("step through events, and come back to now", () => {
    expect(press("left left").state.at).toBe(3);
    expect(press("left left left left left left").state.at).toBe(1);
    expect(press("left right").state.at).toBeUndefined();
  });

  it("write a value, and give it", () => {
    const writing: RunViewState = { ...RUN_VIEW_START, value: { purpose: "output", text: "1" } };
    expect(press("2 q back 3 enter", writing)).toMatchObject({
      effects: [{ type: "give", purpose: "output", text: "123" }],
    });
    expect(press("2 esc", writing).state.value).toBeUndefined();
  });

  it("ask for the rest by one letter each", () => {
    expect(press("c r f i o").effects.map(({ type }) => type)).toEqual([
      "copy",
      "retry",
      "fork",
      "edit",
      "edit",
    ]);
    expect(press("x 5").effects).toEqual([{ type: "export", format: "html" }]);
    expect(press("x 9 esc ?").state.sheet).toBe("keys");
    expect(press("g q").effects).toEqual([]);
  });
});
