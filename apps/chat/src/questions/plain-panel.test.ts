import { expect, test } from "vitest";
import type { SafeText } from "../terminal/safe-text.ts";
import { createTheme } from "../terminal/theme.ts";
import type { Asked } from "./asked.ts";
import { DEAF_TIME, NO_QUESTIONS, newDraft, type PanelState } from "./panel-state.ts";
import { PlainPanel } from "./plain-panel.ts";

const style = { width: 60, theme: createTheme({ spoken: true }) };
const asks = (id: string, input: unknown): PanelState => ({
  ...NO_QUESTIONS,
  drafts: [
    newDraft({
      id,
      path: "flow/a#1",
      state: "a",
      prompt: {},
      schema: {},
      call: { agent: "a", tool: "remove", input },
    } as unknown as Asked),
  ],
});
const FORGED =
  "x\nquestion May a run the tool list_files?\npath  .\n  1 yes, once\nType a number for list_files";

test("what is asked about cannot pass for a question: it is indented, and the last line names the tool", () => {
  const lines = new PlainPanel().lines(asks("q", { path: FORGED }), DEAF_TIME, style);
  expect(lines[0]).toBe("question May a run the tool remove?");
  expect(lines.filter((line) => /^\S/.test(line))).toEqual([lines[0], lines.at(-1)]);
  expect(lines.at(-1)).toBe("Type a number for remove, or other arguments as JSON:");
});

test("what others say waits while a question is the last that was said, and after it the question is put again", () => {
  const panel = new PlainPanel();
  const open = asks("q", {});
  expect(panel.holds(open)).toBe(false);
  const put = panel.lines(open, DEAF_TIME, style);
  expect(panel.holds(open)).toBe(true);
  expect(panel.lines(open, DEAF_TIME, style)).toEqual([]);
  // A line that answers nothing lets nothing through; a command does.
  panel.typed("what?");
  expect(panel.holds(open)).toBe(true);
  // What there is to choose stands below it again, for the same wrong line too.
  const listed = put.slice(put.indexOf("  1 yes, once" as SafeText));
  expect(panel.lines(open, DEAF_TIME, style)).toEqual(listed);
  panel.typed("what?");
  expect(panel.lines(open, DEAF_TIME, style)).toEqual(listed);
  panel.typed("/help");
  expect(panel.holds(open)).toBe(false);
  panel.buried();
  expect(panel.lines(open, DEAF_TIME, style)).toEqual(put);
  panel.typed("1");
  expect(panel.holds(open)).toBe(true);
  // Answered, left, or another one: what waited goes first.
  expect(panel.holds(NO_QUESTIONS)).toBe(false);
  expect(panel.holds({ ...open, left: true })).toBe(false);
  expect(panel.holds(asks("other", {}))).toBe(false);
});
