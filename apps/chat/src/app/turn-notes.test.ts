import type { AgentEvent } from "@orch/agents";
import type { ChatEvent, TurnStream } from "@orch/chat-runtime";
import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { railStart } from "../rail/rail-start.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import type { Entry } from "../transcript/entry.ts";
import { Answer } from "./answer.ts";
import { TurnNotes } from "./turn-notes.ts";
import { TurnView } from "./turn-view.ts";

const style = { width: 90, theme: createTheme() };

function tells(event: object, path = "o/a#1"): ChatEvent {
  const data = { agent: "a", turn: 1, ...event } as AgentEvent;
  const base = { seq: 1, part: 1, time: 1_767_225_600_000, runId: "r", path, state: "a", visit: 1 };
  return { ...base, type: "state.output", channel: "agent", data };
}

const warns = (warning: string, path?: string): ChatEvent => tells({ type: "agent.warning", warning }, path);
const lines = (entries: readonly Entry[]): string[] =>
  entries.flatMap((entry) => entry(style)).map(plainText);

function notes(...events: readonly ChatEvent[]): string[] {
  const all = new TurnNotes();
  for (const event of events) all.take(event);
  return lines(all.entries);
}

const WARM = "The temperature is left out: it cannot be set while the model thinks.";

test("what agents left out is said once, whatever lanes and inner agents repeat it", () => {
  const inner = tells({ type: "agent.nested", path: "c1", event: { type: "agent.warning", warning: WARM } });
  expect(notes(warns(WARM), warns(WARM, "o/all#1[1]/a#1"), inner)).toEqual([`note: ${WARM}`]);
});

test("of one kind the first is said and the others are counted, and of many kinds five are said", () => {
  const option = (name: string): ChatEvent =>
    warns(`The option "${name}" is left out: the request has its own.`);
  expect(notes(option("top_k"), option("seed"), option("seed"), option("stop"))).toEqual([
    'note: The option "top_k" is left out: the request has its own. (and 2 like it)',
  ]);
  const many = ["a", "b", "c", "d", "e", "f", "g"].map((kind) => warns(`Kind ${kind}.`));
  expect(notes(...many)).toEqual(
    [..."abcde"].map((kind) => `note: Kind ${kind}.`).concat("note: and 2 more"),
  );
});

test("estimated tokens have a mark of their own, and a hostile warning steers nothing", () => {
  expect(
    notes(warns("m does not tell how many tokens it used: they are estimated from the text."), warns(" ")),
  ).toEqual([]);
  const [line] = notes(warns("bad\u001b[2J\r\nforged row"));
  expect(line).toMatch(/^note: bad.*forged row$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  expect(line).not.toMatch(/[\u0000-\u001f]/);
});

test("they stand below the answer, also of a turn that failed", async () => {
  const printed: string[] = [];
  const print = (entry: Entry): void => void printed.push(...lines([entry]));
  const stream: Partial<TurnStream> = {
    reply: Promise.reject(new Error("The provider is ill.")),
    drain: () => [
      warns(WARM),
      {
        type: "message.delta",
        text: "Half.",
        path: "o/a#1",
        turnId: "t",
        sessionId: "s",
        time: 1_767_225_600_000,
      },
      { type: "turn.failed", error: { message: "ill" }, turnId: "t", time: 1_767_225_600_000 } as never,
    ],
  };
  const answer = new Answer(stream as TurnStream, new TurnView(railStart("o", ["a"]), print), {
    ...{ clock: manualClock(), keeps: true, style: () => style, print, spent: () => {}, changed: () => {} },
    questions: {
      ...{ orchestration: "o", panel: () => {}, put: () => {} },
      ...{ granted: async () => [], grant: async () => {} },
    },
  });
  await answer.follow();
  expect(printed.filter((line) => line !== "")).toEqual(["Half.", `note: ${WARM}`, "✕ The provider is ill."]);
});
