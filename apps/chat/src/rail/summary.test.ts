import { expect, test } from "vitest";
import { summarize } from "./summary.ts";

test.each([
  [{ queries: ["a"] }, "1 query"],
  [{ queries: ["a", "b"] }, "2 queries"],
  [{ passages: ["a"] }, "1 passage"],
  [["a"], "1 item"],
  [{ problems: [], round: 0, draft: { title: "x", sections: ["a", "b"] } }, "2 sections"],
  [{ draft: { sections: ["a"] }, report: { sections: ["a"], citations: ["b"] } }, "1 section · 1 citation"],
  [{ problems: [], round: 1 }, "round 1"],
  [{ problems: [] }, "0 problems"],
])("says what there is in %j", (output, words) => {
  expect(summarize(output)).toBe(words);
});
