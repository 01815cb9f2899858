import type { Session, TurnRecord } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { replayEntries } from "./replay.ts";

const style = { width: 80, theme: createTheme({ env: {} }) };
const said = (role: "user" | "assistant", text: string): object => ({
  role,
  content: [{ type: "text", text }],
});
const turn = (id: string, status: TurnRecord["status"], ...messages: readonly object[]): TurnRecord =>
  ({ id, status, messages }) as unknown as TurnRecord;
const shown = (isHeld: boolean, ...turns: readonly TurnRecord[]): string => {
  const session = { title: "The tides", turns } as unknown as Session;
  const entries = replayEntries(session, undefined, isHeld);
  return entries.flatMap((entry) => entry(style).map(plainText)).join("\n");
};

test("a turn without an end was cut by its program, unless another process has it and may be answering", () => {
  const asked = turn("1", "unfinished", said("user", "Why?"));
  const begun = turn("2", "unfinished", said("user", "Why?"), said("assistant", "Because"));
  expect(shown(false, asked)).toContain("unfinished: the program ended before the answer");
  expect(shown(false, begun)).toContain("cut here: the program ended in the middle of the answer");
  expect(shown(true, asked)).toContain("no answer yet");
  expect(shown(true, begun)).toContain("the answer has no end yet");
  expect(shown(true, asked) + shown(true, begun)).not.toContain("the program ended");
  // Only the last one can be on its way.
  expect(shown(true, asked, begun)).toContain("unfinished: the program ended before the answer");
});
