import { expect, test } from "vitest";
import { reasonOf, summarize } from "./summary.ts";

test.each([
  [{ queries: ["a"] }, "1 query"],
  [{ queries: ["a", "b"] }, "2 queries"],
  [{ passages: ["a"] }, "1 passage"],
  [["a"], "1 item"],
  [{ problems: [], round: 0, draft: { title: "x", sections: ["a", "b"] } }, "2 sections"],
  [{ draft: { sections: ["a"] }, report: { sections: ["a"], citations: ["b"] } }, "1 section · 1 citation"],
  [{ problems: [], round: 1 }, "round 1"],
  [{ problems: [] }, "0 problems"],
  [{ build: true, where: "cliff", height: 33 }, "build true · where cliff · height 33"],
  [{ note: "a sentence of several words", height: 3 }, "height 3"],
  ["one line", "“one line”"],
  ["# Decided\n\nWe build on the cliff.", "“# Decided” · 3 lines"],
])("says what there is in %j", (output, words) => {
  expect(summarize(output)).toBe(words);
});

const refused = { name: "Error", message: "connect ECONNREFUSED 127.0.0.1:1", code: "ECONNREFUSED" };
const failed = {
  name: "RunnableError",
  code: "ORCH_RUNNABLE_FAILED",
  message: '"pay" failed: ... (at f/pay#1)',
};
const fetched = { name: "TypeError", message: "fetch failed", cause: refused };
test.each([
  ["what a state threw", { ...failed, cause: { name: "Error", message: "no card" } }, "no card"],
  [
    "the innermost cause, once",
    { ...failed, cause: fetched },
    "fetch failed: connect ECONNREFUSED 127.0.0.1:1",
  ],
  ["the same of a state inside", { ...failed, cause: { ...failed, cause: refused } }, refused.message],
  ["no advice", { name: "E", message: "It broke.\n  Fix: Mend it." }, "It broke."],
])("says of a failure %s", (_, error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
