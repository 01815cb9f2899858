import { agentEvents } from "@orch/agents";
import type { ChatEvent } from "@orch/chat-runtime";
import { expect, test } from "vitest";
import { allOf } from "../../test/all-of.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { type EventPlace, eventPlaceOf } from "./event-id.ts";
import { type PlacedEvent, publicStream } from "./public-stream.ts";

const base = { time: 1, runId: "r1" };
const state = { ...base, state: "write", visit: 1, path: "flow/write#1" };

/** A run event at its place; a live one has a part. */
function placed(number: number, event: object, part = 0): PlacedEvent {
  const numbered = { ...event, seq: number, ...(part > 0 && { part }) } as unknown as ChatEvent;
  return { event: numbered, place: { number, part } };
}
const started = placed(2, { ...state, type: "state.started", kind: "runnable", input: "secret input" });
const said = (part: number, data: string): PlacedEvent =>
  placed(2, { ...state, type: "state.output", channel: "speech", data }, part);
const completed = placed(3, { ...state, type: "state.completed", output: "Hello", duration: 4 });
const first = placed(1, { ...base, path: "flow", type: "run.started", orchestration: "x", input: 1 });

async function shown(events: readonly PlacedEvent[], after?: EventPlace, life = "A"): Promise<PublicEvent[]> {
  const options = {
    name: "flow",
    life,
    answers: () => true,
    channels: ["progress"],
    foreignErrors: "hidden",
  } as const;
  return allOf(publicStream(asyncOf(events), options, after));
}

async function* asyncOf<TValue>(values: readonly TValue[]): AsyncGenerator<TValue, void, undefined> {
  yield* values;
}

const brief = (events: readonly PublicEvent[]): readonly unknown[] =>
  events.map((event) => {
    if (event.type === "text.delta") return event.text;
    if (event.type === "state.completed") return event.said === true ? "said" : (event.output ?? "none");
    return event.type;
  });

test("a text is told in pieces, and its output is not told again", async () => {
  const events = await shown([first, started, said(1, "Hel"), said(2, "lo"), completed]);
  expect(brief(events)).toEqual(["run.started", "state.started", "Hel", "lo", "said"]);
  expect(events.map(({ id }) => id)).toEqual(["1.0.A", "2.0.A", "2.1.A", "2.2.A", "3.0.A"]);
  expect(JSON.stringify(events)).not.toContain("secret input");
});

test("a reader that comes back in the same life gets what it has not seen", async () => {
  const all = [first, started, said(1, "Hel"), said(2, "lo"), completed];
  expect(brief(await shown(all, eventPlaceOf("2.1.A")))).toEqual(["lo", "said"]);
  expect(brief(await shown(all, eventPlaceOf("3.0.A")))).toEqual([]);
});

test("a reader of an earlier life is told that its text was cut, and gets the whole", async () => {
  expect(brief(await shown([first, started, completed], eventPlaceOf("2.1.A"), "kept"))).toEqual([
    "text.cut",
    "Hello",
  ]);
  const again = [first, started, said(1, "Hel"), said(2, "lo"), completed];
  expect(brief(await shown(again, eventPlaceOf("2.1.A"), "B"))).toEqual(["text.cut", "Hel", "lo", "said"]);
  expect(brief(await shown(again, eventPlaceOf("2"), "B"))).toEqual(["text.cut", "Hel", "lo", "said"]);
});

test("a piece that is lost makes the text torn: it is cut, and comes whole", async () => {
  const events = await shown([first, started, said(1, "Hel"), said(3, "o"), completed]);
  expect(brief(events)).toEqual(["run.started", "state.started", "Hel", "o", "text.cut", "Hello"]);
  expect(events[4]).toMatchObject({ id: "2.3.A", path: "flow/write#1" });
});

test("a failed attempt cuts its text, before the attempt is told of", async () => {
  const error = { name: "TypeError", message: "cannot open /etc/passwd" };
  const retrying = placed(3, { ...state, type: "state.retrying", attempt: 1, delay: 5, error });
  const events = await shown([first, started, said(1, "Hel"), retrying]);
  expect(brief(events).slice(3)).toEqual(["text.cut", "state.retrying"]);
  expect(events.at(-1)).toMatchObject({
    error: { code: "ORCH_RUNNABLE_FAILED", message: 'The state "write" failed.' },
  });
});

test("tools are told without what a provider adds, other channels only when they are public", async () => {
  const agent = (data: object, part: number): PlacedEvent =>
    placed(
      2,
      { ...state, type: "state.output", channel: agentEvents.name, data: { agent: "a", turn: 1, ...data } },
      part,
    );
  const events = await shown([
    first,
    started,
    agent({ type: "agent.model", event: { opaque: "cipher" } }, 1),
    agent({ type: "tool.started", id: "c1", name: "find", input: { q: 1, opaque: "cipher" } }, 2),
    agent(
      { type: "agent.nested", path: "c1", event: { type: "tool.progress", id: "c2", name: "in", data: 5 } },
      3,
    ),
    placed(2, { ...state, type: "state.output", channel: "progress", data: { done: 1 } }, 4),
    placed(2, { ...state, type: "state.output", channel: "inner", data: { key: "cipher" } }, 5),
  ]);
  expect(events.slice(2).map(({ type }) => type)).toEqual(["tool.started", "tool.progress", "data"]);
  expect(events[3]).toMatchObject({ call: "c1/c2", tool: "in" });
  expect(JSON.stringify(events)).not.toContain("cipher");
});

test("the output of a run that a state gave last is told once", async () => {
  const end = placed(4, { ...base, path: "flow", type: "run.completed", output: "Hello", duration: 9 });
  expect((await shown([first, started, completed, end])).at(-1)).toMatchObject({
    of: "flow/write#1",
    duration: 9,
  });
  const other = placed(4, { ...base, path: "flow", type: "run.completed", output: { a: 1 }, duration: 9 });
  expect((await shown([first, started, completed, other])).at(-1)).toMatchObject({ output: { a: 1 } });
});

test("a question whose state ends without an answer is closed", async () => {
  const asked = placed(3, { ...state, type: "question.asked", question: "q1", prompt: "May I?" });
  const failed = placed(4, {
    ...state,
    type: "state.failed",
    error: { name: "E", message: "m" },
    cancelled: true,
    duration: 1,
  });
  const events = await shown([first, started, asked, failed]);
  expect(events.slice(2)).toMatchObject([
    { type: "question.asked", question: "q1" },
    { type: "question.answered", question: "q1", closed: true },
    { type: "state.failed", cancelled: true },
  ]);
});

test.each(["", "x", "-1.0.A", "1.A", "1.2.3.4", "9".repeat(20), "1.0.a b"])(
  "%j is the id of no event",
  (id) => {
    expect(eventPlaceOf(id)).toBeUndefined();
  },
);
