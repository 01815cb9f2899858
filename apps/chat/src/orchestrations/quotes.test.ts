import { describe, expect, it } from "vitest";
import { findQuote } from "./quotes.ts";

const TEXT = `# Retries

A failed state is **tried again**
as often as its \`retry\` policy allows.

Three attempts are one try. Three attempts are one try.
a <= b holds always
`;

describe("a quote", () => {
  it.each([
    ["as it stands", "Three attempts are one try.", 6, 6, "Three attempts are one try."],
    ["with a wrong line", "A failed state is", 40, 3, "A failed state is"],
    [
      "over two lines, without its marks",
      "tried again as often as its retry policy allows",
      3,
      3,
      "tried again** as often as its `retry` policy allows.",
    ],
    ["in other case", "a FAILED state is", 1, 3, "A failed state is"],
  ])("%s is found", (_how, quote, near, line, verbatim) => {
    const found = findQuote(TEXT, quote, near);
    expect(found?.line).toBe(line);
    expect(found?.quote).toContain(verbatim);
  });

  it.each([
    ["other words", "A failed state is never tried again"],
    ["another comparison", "a >= b holds always"],
    ["too few words", "Three attempts"],
    ["nothing", ""],
  ])("of %s is not found", (_what, quote) => {
    expect(findQuote(TEXT, quote, 1)).toBeUndefined();
  });
});
