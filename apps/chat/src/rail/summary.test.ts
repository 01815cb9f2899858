import { expect, test } from "vitest";
import { summarize } from "./summary.ts";

test.each([
  [{ queries: ["a"] }, "1 query"],
  [{ queries: ["a", "b"] }, "2 queries"],
  [{ passages: ["a"] }, "1 passage"],
  [["a"], "1 item"],
])("says %j in the singular or the plural", (output, words) => {
  expect(summarize(output)).toBe(words);
});
