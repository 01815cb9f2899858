import { expect, test } from "vitest";
import { SpendingBook, withKeptTurns } from "./spending-ledger.ts";

test("T22: counts calls by model and by state, and what is not known beside what is", () => {
  const book = new SpendingBook();
  book.session = withKeptTurns(book.session, 1, { input: 7, cached: 2, output: 3, cost: 0, unpriced: 1 });
  book.begin();
  book.add({
    spending: { inputTokens: 10, cachedTokens: 4, outputTokens: 5, cost: 0.01, model: "a/m" },
    path: "r/plan#1",
  });
  book.add({ spending: { inputTokens: 20, outputTokens: 5, model: "b/n" }, path: "r/all#1[2]/search#1" });
  book.add({ spending: {} });
  const { run, session } = book;
  expect(run.total).toEqual({ calls: 3, input: 30, cached: 4, output: 10, cost: 0.01, unpriced: 2 });
  expect([...run.models.keys()]).toEqual(["a/m", "b/n", "stopped calls"]);
  expect(run.states.get("all/search")).toMatchObject({ input: 20, unpriced: 1 });
  expect(session.total).toMatchObject({ input: 37, cached: 6, output: 13, cost: 0.01, unpriced: 3 });
  expect(session.models.get("earlier turns")).toMatchObject({ input: 7, unpriced: 1 });
  book.begin();
  expect(book.run.total.calls).toBe(0);
  expect(book.session.total.calls).toBe(4);
});
