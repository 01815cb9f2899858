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

describe("a quote in a script without spaces", () => {
  it.each([
    ["Chinese", "甲。\n快照让运行\n很快恢复。\n", "让运行很快恢复", 2, "让运行 很快恢复"],
    [
      "Japanese",
      "甲。\n失敗した状態は**再試行**される。\n",
      "状態は再試行される",
      2,
      "状態は**再試行**される",
    ],
    ["Thai", "ก\nงบประมาณจำกัดค่าใช้จ่ายของการทำงาน\n", "จำกัดค่าใช้จ่าย", 2, "จำกัดค่าใช้จ่าย"],
    [
      "Chinese and English",
      "甲。\n用 HTTP 状态码 429 表示。\n",
      "http 状态码 429 表示",
      2,
      "HTTP 状态码 429 表示",
    ],
  ])("of %s is found, a part of a sentence too", (_, text, quote, line, verbatim) => {
    const found = findQuote(text, quote, 1);
    expect(found?.line).toBe(line);
    expect(found?.quote).toContain(verbatim);
  });

  it.each([
    ["too few words", "快照让运行很快恢复。", "快照"],
    ["other words", "快照让运行很快恢复。", "快照让运行很慢恢复"],
    ["another Thai vowel", "ค่าใช้จ่ายของการทำงาน", "ค้าใช้จ่ายของการทำงาน"],
  ])("of %s is not found", (_, text, quote) => {
    expect(findQuote(text, quote, 1)).toBeUndefined();
  });
});
