import { expect, test } from "vitest";
import { NOTHING_SPENT } from "../sessions/session-spending.ts";
import { SpendingBook } from "../sessions/spending-ledger.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { widthOf } from "../terminal/width.ts";
import { costCommand } from "./cost.ts";

function shown(book: SpendingBook, width: number, spending = NOTHING_SPENT): readonly string[] {
  let rows: readonly string[] = [];
  costCommand({
    ...{ book, spending },
    print: (entry) => {
      rows = entry({ width, theme: createTheme() }).map(plainText);
    },
  }).run("");
  return rows;
}

test("T22: /cost says what the last run and the conversation used, and of whom the cost is not known", () => {
  const book = new SpendingBook();
  expect(shown(book, 80)).toEqual(["No model was called yet in this conversation."]);
  book.add({
    spending: {
      inputTokens: 12_100,
      cachedTokens: 4000,
      outputTokens: 1200,
      cost: 0.012,
      model: "openai/gpt",
    },
    path: "r/plan#1",
  });
  book.begin();
  book.add({
    spending: { inputTokens: 100, outputTokens: 10, model: "fake/\u001b]0;x\u0007m" },
    path: "r/report#1",
  });
  const wide = shown(book, 80);
  expect(wide).toContain("The last run  100 in · 10 out · cost unknown");
  expect(wide).toContain("This conversation  12.2k in (4k cached) · 1.2k out · >= $0.012");
  expect(wide).toContain("  openai/gpt       12.1k in (4k cached) · 1.2k out · $0.012");
  expect(wide).toContain("  state report     100 in · 10 out · cost unknown");
  expect(wide.join(" ")).toMatch(/not known of: fake\/.*m\. Prices stand under models/);
  expect(wide.join(" ")).not.toContain("estimated");
  expect(shown(book, 80, { ...NOTHING_SPENT, isEstimated: true })).toContain(
    "Some of these tokens are estimated, because a server told none.",
  );
  const narrow = shown(book, 40);
  for (const row of [...wide, ...narrow]) {
    expect(widthOf(row)).toBeLessThanOrEqual(80);
    expect(row).not.toContain("\u001b");
  }
  expect(narrow.every((row) => widthOf(row) <= 40)).toBe(true);
  expect(narrow).toContain("  openai/gpt");
});

test("/cost sends nobody to the prices for a call that was stopped", () => {
  const book = new SpendingBook();
  book.begin();
  book.add({ spending: { inputTokens: 10, outputTokens: 1, cost: 0.01, model: "openai/gpt" } });
  book.add({ spending: {} });
  const text = shown(book, 80).join("\n");
  expect(text).toContain("The cost is not known of: stopped calls.");
  expect(text).not.toContain("Prices");
});
