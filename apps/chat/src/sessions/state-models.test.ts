import { expect, test } from "vitest";
import { placeOf, StateModels, stateOf } from "./state-models.ts";

test.each([
  ["chat/chat#1", "chat"],
  ["r/searchAll#1[2]/search#1", "searchAll/search"],
  ["r/lanes#2[web]/dig#1/deep#3", "lanes/dig/deep"],
  ["r", ""],
])("of %s the place is %j", (path, place) => expect(placeOf(path)).toBe(place));

test.each([
  ["r/plan#1", ["plan"], "plan"],
  ["r/plan#1", ["planner", "lan"], undefined],
  ["r/searchAll#1[2]/search#1", ["searchAll", "search"], "search"],
  ["r/searchAll#1[2]/search#1", ["searchAll"], "searchAll"],
  ["r/searchAll#1[2]/search#1", ["search", "searchAll/search"], "searchAll/search"],
  ["r/search#1", ["searchAll/search"], undefined],
  ["search/plan#1", ["search"], undefined],
])("the path %s is in one of %j: %s", (path, states, state) => expect(stateOf(path, states)).toBe(state));

test("a model chosen for a state covers the configuration's, and taking it back uncovers it", () => {
  const models = new StateModels((name) => (name === "research" ? { plan: "a/base" } : {}));
  expect(models.with("research", "report", "b/m")).toEqual({ plan: "a/base", report: "b/m" });
  expect(models.of("research")).toEqual({ plan: "a/base" });
  models.choose("research", "plan", "b/m");
  expect(models.of("research")).toEqual({ plan: "b/m" });
  expect(models.of("chat")).toEqual({});
  models.choose("research", "plan", undefined);
  expect(models.of("research")).toEqual({ plan: "a/base" });
});
