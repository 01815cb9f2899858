import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { START } from "./app-state.ts";
import { statusLine } from "./status-line.ts";

const facts = {
  app: START,
  style: { width: 100, theme: createTheme({ env: { NO_COLOR: "1" } }) },
  orchestration: "chat",
  model: "lab/m",
};
const spent = { tokens: 428, cost: 1.5, isPartial: false };

test("what a session used is marked where a part of it is estimated", () => {
  expect(plainText(statusLine({ ...facts, spending: spent }, 100))).toContain("428 tok │ $1.50");
  const estimated = { ...spent, isEstimated: true } as const;
  expect(plainText(statusLine({ ...facts, spending: estimated }, 100))).toContain("~428 tok │ ~$1.50");
  // That a part is not known says more than that another is estimated.
  const partial = { ...estimated, isPartial: true };
  expect(plainText(statusLine({ ...facts, spending: partial }, 100))).toContain("~428 tok │ >= $1.50");
});
