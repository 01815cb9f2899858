import { FatalError, RunnableError } from "@orch/core";
import { expect, test } from "vitest";
import { explain } from "./entry.ts";

const failed = (cause: unknown): RunnableError =>
  new RunnableError({ runnable: "pay", path: "f/pay#1", visit: 1, attempt: 1, input: "x" }, cause);

test.each([
  ["the words of the author alone", failed(new FatalError("card is stolen")), "card is stolen"],
  [
    "the innermost cause once",
    failed(new TypeError("fetch failed", { cause: new Error("refused") })),
    "fetch failed: refused",
  ],
  ["a failure inside a failure", failed(failed(new Error("refused"))), "refused"],
  ["whatever was thrown", "no", "no"],
])("a failure says %s, and its way out beside it", (_, error, says) => {
  expect(explain(error).says).toBe(says);
});

test("the way out of an author is shown as such", () => {
  expect(explain(failed(new FatalError("no key", { fix: "Set ORDERS_KEY." }))).fix).toBe("Set ORDERS_KEY.");
});
