import type { AgentEvent, AssistantMessage, ToolMessage } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { railStart } from "../rail/rail-start.ts";
import { plainText } from "../terminal/styled.ts";
import { createTheme } from "../terminal/theme.ts";
import { TurnView } from "./turn-view.ts";

const theme = createTheme();
const style = { width: 80, theme };

const says = (text: string, path = "o/a#1"): ChatEvent => ({
  type: "message.delta",
  text,
  path,
  turnId: "t",
  sessionId: "s",
  time: 0,
});

function tells(event: object, path = "o/a#1"): ChatEvent {
  const data = { agent: "a", turn: 1, ...event } as AgentEvent;
  const base = { seq: 1, part: 1, time: 0, runId: "r", path, state: "a", visit: 1 };
  return { ...base, type: "state.output", channel: "agent", data };
}

function message(text: string, ...calls: readonly string[]): AssistantMessage {
  return {
    role: "assistant",
    content: [
      { type: "text", text },
      ...calls.map((id) => ({ type: "tool-call", id, name: "look", rawInput: "{}", input: {} }) as const),
    ],
    origin: { provider: "p", api: "a", model: "m" },
    finish: { reason: "stop" },
  };
}

const whole = (text: string, ...calls: readonly string[]): ChatEvent =>
  tells({ type: "agent.message", message: message(text, ...calls) });

/** The rows of a turn of `events` that ends with `answer`, without the empty ones. */
function rows(events: readonly ChatEvent[], answer: string, batch = events.length): string[] {
  const drawn: string[] = [];
  const view = new TurnView(railStart("o", ["a", "b"]), (entry) =>
    drawn.push(...entry(style).map(plainText)),
  );
  for (let at = 0; at < events.length; at += batch) view.take(events.slice(at, at + batch), style);
  view.complete(message(answer), style);
  return drawn.filter((row) => row !== "");
}

const result = { type: "tool-result", id: "c1", name: "look", output: "seen" } as const;
const ended = tells({ type: "tool.completed", id: "c1", name: "look", result, duration: 5 });
const started = tells({ type: "tool.started", id: "c1", name: "look", input: {} });

test.each([
  ["after a tool", [says("Let me look."), whole("Let me look.", "c1"), started, ended, says("END")], "END"],
  ["that the answer goes on with", [says("E"), says("N")], "END"],
  ["of a speaker that another one interrupts", [says("E"), says("x", "o/b#1"), says("ND")], "END"],
  ["that was said before the last words", [says("END"), whole("END"), says("Bye.", "o/b#1")], "END"],
  ["that nobody said", [says("Hm."), whole("Hm.")], "END"],
])("T04: an answer %s is shown once, however the events come", (_, events, answer) => {
  const atOnce = rows(events, answer);
  expect(atOnce.join("").split("E")).toHaveLength(2);
  expect(atOnce.join("")).toMatch(/E.*N.*D/);
  expect(rows(events, answer, 1)).toEqual(atOnce);
});

test("T04: the same text in two messages is shown as often as it is said", () => {
  const events = [says("Once more."), whole("Once more.", "c1"), started, ended, says("Once more.")];
  expect(rows(events, "Once more.")).toEqual(["Once more.", expect.stringMatching("● look"), "Once more."]);
});

test("T05: a call that gave the answer is no row, and one that was refused beside it is", () => {
  const toolMessage: ToolMessage = {
    role: "tool",
    content: [
      { ...result, output: "Accepted." },
      { ...result, id: "c2", output: "Not run: the final answer was given.", isError: true },
    ],
  };
  const events = [whole("", "c1", "c2"), tells({ type: "agent.message", message: toolMessage })];
  expect(rows(events, "")).toEqual([
    expect.stringMatching(/✕ look\(\) {2}Not run: the final answer was given\./),
  ]);
});

test("T05: a call that a retried state does not make again is no second row", () => {
  const again = tells({
    type: "tool.completed",
    id: "c1",
    name: "look",
    result,
    duration: 0,
    replayed: true,
  });
  const events = [whole("", "c1"), started, ended, whole("", "c1"), started, again];
  expect(rows(events, "")).toEqual([expect.stringMatching(/● look/)]);
});

test("of many calls under way the first ones are drawn, and the others are counted", () => {
  const ids = ["c1", "c2", "c3", "c4", "c5"];
  const view = new TurnView(railStart("o", ["a"]), () => undefined);
  view.take([whole("", ...ids)], style);
  const drawn = (height: number): string[] => view.tail(height, style, 0).map(plainText);
  expect(drawn(8)).toHaveLength(4);
  expect(drawn(8).at(-1)).toBe("  … 2 more");
  // The rows that there are go to calls.
  expect(drawn(3)).toEqual(drawn(8).slice(0, 3));
  view.take([tells({ type: "tool.completed", id: "c1", name: "look", result, duration: 5 })], style);
  expect(drawn(8).at(-1)).toBe("  … 1 more");
});

test("T05: what an agent does that is a tool stands deeper, before the row of its call", () => {
  const inner = (event: object): ChatEvent =>
    tells({ type: "agent.nested", path: "c1", event: { agent: "b", turn: 1, ...event } });
  const events = [
    whole("", "c1"),
    started,
    inner({ type: "agent.message", message: message("", "c1") }),
    inner({ type: "tool.started", id: "c1", name: "look", input: {} }),
    inner({ type: "tool.completed", id: "c1", name: "look", result, duration: 5 }),
    ended,
  ];
  expect(rows(events, "")).toEqual([
    expect.stringMatching(/^ {4}● look\(\) {2}seen +0\.0s$/),
    expect.stringMatching(/^ {2}● look\(\) {2}seen +0\.0s$/),
  ]);
});

test("A21: what ran at the provider is rows, with what came of it, and so is a picture; hostile text stays text", () => {
  const made: AssistantMessage = {
    ...message("Done."),
    content: [
      {
        type: "provider-call",
        id: "s1",
        name: "web_search",
        input: { query: "tea\u001b[2J" },
        status: "done",
        output: "2 pages found",
      },
      { type: "provider-call", id: "s2", name: "docs.find", status: "failed", output: "gone" },
      { type: "file", mediaType: "image/png", data: "a".repeat(4_000) },
      { type: "text", text: "Done." },
    ],
  };
  const events = [tells({ type: "agent.message", message: made })];
  expect(rows(events, "Done.")).toEqual([
    expect.stringMatching(/● web_search\(“tea.*”\).*2 pages found/),
    expect.stringMatching(/✕ docs\.find\(\).*gone/),
    expect.stringMatching(/● file\(“image\/png”\).*3 kB/),
    "Done.",
  ]);
  expect(rows(events, "Done.").join("")).not.toContain("\u001b");
});

test("A21: what the provider does in the middle of a message stands between the texts, once, with its time", () => {
  const call = { type: "provider-call", id: "s1", name: "web_search", input: { query: "tea" } } as const;
  const part = { ...call, status: "done", output: "2 pages found" } as const;
  const made: AssistantMessage = {
    ...message(""),
    content: [{ type: "text", text: "I look.\n\n" }, part, { type: "text", text: "Tea." }],
  };
  const events = [
    says("I look.\n\n"),
    tells({ type: "agent.model", event: { type: "provider-call", index: 1, id: "s1", name: "web_search" } }),
    { ...tells({ type: "agent.model", event: { type: "part", index: 1, part } }), time: 3_000 },
    says("Tea."),
    tells({ type: "agent.message", message: made }),
  ];
  const wanted = ["I look.", expect.stringMatching(/● web_search\(“tea”\) {2}2 pages found +3\.0s/), "Tea."];
  expect(rows(events, "I look.\n\nTea.")).toEqual(wanted);
  expect(rows(events, "I look.\n\nTea.", 1)).toEqual(wanted);
});
