import type { SessionUpdate } from "@agentclientprotocol/sdk";
import type { AgentEvent, AssistantMessage } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { railStart } from "../rail/rail-start.ts";
import { TurnUpdates } from "./turn-updates.ts";

const TURN = { turnId: "t", sessionId: "s", time: 0 };
const STATE = { seq: 1, time: 0, runId: "r", path: "o/a#1", state: "a", visit: 1 };

const says = (text: string, path = "o/a#1"): ChatEvent => ({ type: "message.delta", text, path, ...TURN });

function tells(event: object): ChatEvent {
  const data = { agent: "a", turn: 1, ...event } as AgentEvent;
  return { ...STATE, part: 1, type: "state.output", channel: "agent", data };
}

function message(text: string, ...calls: readonly string[]): AssistantMessage {
  return {
    role: "assistant",
    content: [
      { type: "text", text },
      ...calls.map(
        (id) => ({ type: "tool-call", id, name: "read_file", rawInput: '{"path":"a.md"}' }) as const,
      ),
    ],
    origin: { provider: "p", api: "a", model: "m" },
    finish: { reason: "stop" },
  };
}

const completed = (text: string): ChatEvent => ({
  ...{ type: "turn.completed", message: message(text), duration: 1 },
  ...TURN,
});
const error = { name: "Error", message: "no", code: "ORCH_X" };
const retrying = { ...STATE, type: "state.retrying", attempt: 1, delay: 5, error } as unknown as ChatEvent;
const failed = {
  ...{ ...STATE, type: "state.failed", error, cancelled: false, duration: 1 },
} as unknown as ChatEvent;

/** What the client is told of these events. */
function updates(events: readonly ChatEvent[]): readonly SessionUpdate[] {
  const turn = new TurnUpdates("t", "/folder", railStart("o", ["a"]));
  return events.flatMap((event) => turn.take(event));
}

/** The texts by their messages. */
function texts(events: readonly ChatEvent[]): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const update of updates(events)) {
    if (update.sessionUpdate !== "agent_message_chunk" || update.content.type !== "text") continue;
    const id = update.messageId ?? "";
    found.set(id, (found.get(id) ?? "") + update.content.text);
  }
  return [...found];
}

test("an answer that came in pieces is told once, also after a call of a tool", () => {
  const events = [says("Let me "), says("look."), says("It "), says("burns."), completed("It burns.")];
  expect(texts(events)).toEqual([["t/1", "Let me look.It burns."]]);
});

test("an answer that did not come in pieces is told whole, and one that was begun is ended", () => {
  expect(texts([completed("It burns.")])).toEqual([["t/1", "It burns."]]);
  expect(texts([says("It "), completed("It burns.")])).toEqual([["t/1", "It burns."]]);
});

test("an answer of which a slow client missed a piece is told whole, as a message of its own", () => {
  const dropped: ChatEvent = { type: "turn.events.dropped", count: 3, ...TURN };
  expect(texts([says("It "), dropped, says("rns."), completed("It burns.")])).toEqual([
    ["t/1", "It rns."],
    ["t/2", "It burns."],
  ]);
});

test("what an attempt said that is made again is marked, and the next one speaks in a message of its own", () => {
  const events = [says("It bu"), retrying, says("It burns."), completed("It burns.")];
  expect(texts(events)).toEqual([
    ["t/1", "It bu\n\n*(cut here; it is tried again)*\n\n"],
    ["t/2", "It burns."],
  ]);
  // An attempt that said nothing leaves no mark.
  expect(texts([retrying, says("It burns."), completed("It burns.")])).toEqual([["t/1", "It burns."]]);
});

test("control sequences and hidden characters are no part of a text, however it is cut", () => {
  const events = [says("a\u001b["), says("31mb\u202ec"), completed("a\u001b[31mb\u202ec")];
  expect(texts(events)).toEqual([["t/1", "abc"]]);
});

test("thinking is told as thoughts", () => {
  const [thought] = updates([
    tells({ type: "agent.model", event: { type: "reasoning", index: 0, delta: "Hm." } }),
  ]);
  expect(thought).toMatchObject({ sessionUpdate: "agent_thought_chunk", content: { text: "Hm." } });
});

test("a call has one entry from what the model asked for to its end; one that its state takes along has failed", () => {
  const asked = tells({ type: "agent.message", message: message("", "c1", "c2") });
  const started = tells({ type: "tool.started", id: "c1", name: "read_file", input: { path: "a.md" } });
  const result = { type: "tool-result", id: "c1", name: "read_file", output: "seen" };
  const ended = tells({ type: "tool.completed", id: "c1", name: "read_file", result, duration: 5 });
  const told = updates([asked, started, ended, ended, failed]);
  expect(told).toEqual([
    expect.objectContaining({
      sessionUpdate: "tool_call",
      toolCallId: "t/o/a#1//c1",
      kind: "read",
      status: "pending",
      rawInput: { path: "a.md" },
      locations: [{ path: "/folder/a.md" }],
    }),
    expect.objectContaining({ sessionUpdate: "tool_call", toolCallId: "t/o/a#1//c2" }),
    { sessionUpdate: "tool_call_update", toolCallId: "t/o/a#1//c1", status: "in_progress" },
    expect.objectContaining({ toolCallId: "t/o/a#1//c1", status: "completed" }),
    expect.objectContaining({ toolCallId: "t/o/a#1//c2", status: "failed" }),
  ]);
  // A later message may use an id again.
  expect(updates([asked, started, ended, asked]).at(-2)).toMatchObject({ toolCallId: "t/o/a#1//c1~2" });
});
