import { expect, it } from "vitest";
import { EventListeners } from "./event-listeners.ts";

it.each([
  ["TurnStarted", "turn.started"],
  ["message.deltas", "message.delta"],
  ["StateStarted", "state.started"],
])("E20, further: a runtime refuses a listener for %s, and names %s", (name, nearest) => {
  const listeners = new EventListeners(() => {});

  expect(() => listeners.on(name, () => {})).toThrow(`Listen to "${nearest}", or to "*"`);
  expect(() => listeners.on(nearest, () => {})).not.toThrow();
  expect(() => listeners.on("*", () => {})).not.toThrow();
});
