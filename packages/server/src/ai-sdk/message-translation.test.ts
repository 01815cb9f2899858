/** One turn as a message, read by the AI SDK's own reader. */
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { describe, expect, it } from "vitest";
import type { PublicEvent } from "../words/public-event.ts";
import { knownMessage } from "./known-message.ts";
import { MessageTranslation } from "./message-translation.ts";
import type { UiChunk } from "./ui-chunk.ts";

type Loose = { readonly type: PublicEvent["type"]; readonly [field: string]: unknown };

let number = 0;
const told = (...events: Loose[]): PublicEvent[] =>
  events.map((event) => {
    number += 1;
    return { id: `${number}.0.life`, number, time: number * 1000, ...event } as unknown as PublicEvent;
  });

/** What the AI SDK makes of the pieces, the last picture of the message; `message` is where it goes on. */
async function read(chunks: readonly UiChunk[], message?: UIMessage): Promise<UIMessage> {
  const stream = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk as UIMessageChunk);
      controller.close();
    },
  });
  let last: UIMessage | undefined;
  const options = { stream, terminateOnError: true, ...(message && { message }) };
  for await (const picture of readUIMessageStream(options)) last = picture;
  return last!;
}

const piecesOf = (
  events: readonly PublicEvent[],
  translation: MessageTranslation = new MessageTranslation({ id: "t1", kind: "turn" }),
): UiChunk[] => [...translation.start(), ...events.flatMap((event) => translation.take(event))];

const partsOf = (message: UIMessage, type: string): readonly unknown[] =>
  message.parts.filter((part) => part.type === type);
const state = (path: string, kind = "runnable"): Loose => ({
  type: "state.started",
  path,
  state: path.replace(/^.*\//, "").replace(/#.*/, ""),
  kind,
  visit: 1,
});
const delta = (path: string, text: string, answer = true): Loose => ({
  type: "text.delta",
  path,
  state: "s",
  text,
  answer,
});

describe("a turn as a message of AI SDK UI", () => {
  it("has one part for each state, which is updated in its place", async () => {
    const events = told(
      { type: "turn.started", turn: "t1", text: "hi" },
      { type: "run.started", orchestration: "research" },
      state("research/plan#1"),
      {
        type: "state.retrying",
        path: "research/plan#1",
        attempt: 1,
        delay: 5,
        error: { code: "X", message: "m" },
      },
      { type: "state.completed", path: "research/plan#1", state: "plan", duration: 7 },
      {
        type: "state.moved",
        path: "research/plan#1",
        from: "plan",
        to: "report",
        cause: "output",
        label: "enough",
      },
      state("research/report#1"),
      {
        type: "state.failed",
        path: "research/report#1",
        error: { code: "Y", message: "no" },
        cancelled: false,
        duration: 2,
      },
    );

    const message = await read(piecesOf(events));

    expect(partsOf(message, "data-state")).toMatchObject([
      {
        id: "research/plan#1",
        data: { status: "completed", duration: 7, moved: { to: "report", cause: "output", label: "enough" } },
      },
      { id: "research/report#1", data: { status: "failed", error: { code: "Y" } } },
    ]);
    expect(message.parts[0]).not.toHaveProperty("data.error");
    expect(message.metadata).toMatchObject({ turn: "t1", status: "running" });
  });

  it("counts the branches of a large fan-out in its part, and says nothing of what is inside", async () => {
    const branch = (nth: number): Loose[] => [
      state(`o/each#1[${nth}]/verify#1`),
      state(`o/each#1[${nth}]/verify#1/inner#1`),
      delta(`o/each#1[${nth}]/verify#1`, "aside", false),
      { type: "state.completed", path: `o/each#1[${nth}]/verify#1/inner#1`, state: "inner", duration: 1 },
      nth === 3
        ? {
            type: "state.failed",
            path: `o/each#1[${nth}]/verify#1`,
            error: {},
            cancelled: false,
            duration: 1,
          }
        : { type: "state.completed", path: `o/each#1[${nth}]/verify#1`, state: "verify", duration: 1 },
    ];
    const events = told(
      { ...state("o/each#1", "each"), branches: 1000 },
      ...Array.from({ length: 1000 }, (_, nth) => branch(nth)).flat(),
    );

    const message = await read(piecesOf(events));

    expect(message.parts).toMatchObject([
      { type: "data-state", data: { branches: { total: 1000, ended: 1000, failed: 1 } } },
    ]);
  });

  it("gives the answer as text and what other states say as reasoning, side by side", async () => {
    const events = told(
      delta("o/a#1", "think", false),
      delta("o/b#1", "An "),
      delta("o/a#1", "ing", false),
      delta("o/b#1", "answer"),
      { type: "state.completed", path: "o/b#1", state: "b", said: true, duration: 1 },
      { type: "turn.completed", turn: "t1", said: true, usage: { inputTokens: 3 }, value: { pages: 2 } },
    );

    const message = await read(piecesOf(events));

    expect(message.parts).toMatchObject([
      { type: "reasoning", text: "thinking", state: "done" },
      { type: "text", text: "An answer", state: "done" },
      { type: "data-result", data: { pages: 2 } },
    ]);
    expect(message.metadata).toMatchObject({ status: "completed", usage: { inputTokens: 3 } });
  });

  it("marks the text of a cut attempt, and gives the whole text once", async () => {
    const events = told(
      delta("o/b#1", "half an ans"),
      { type: "text.cut", path: "o/b#1" },
      delta("o/b#1", "The answer"),
      { type: "state.completed", path: "o/b#1", state: "b", said: true, duration: 1 },
      { type: "turn.completed", turn: "t1", text: "The answer" },
    );

    const message = await read(piecesOf(events));

    expect(partsOf(message, "text")).toMatchObject([
      { text: "half an ans", providerMetadata: { orch: { path: "o/b#1", cut: true } } },
      { text: "The answer" },
    ]);
    expect(partsOf(message, "text")).toHaveLength(2);
  });

  it("gives an answer that was not told in pieces at the end", async () => {
    const message = await read(piecesOf(told({ type: "turn.completed", turn: "t1", text: "All of it" })));

    expect(message.parts).toMatchObject([{ type: "text", text: "All of it", state: "done" }]);
  });

  it("shows tool calls with input, progress and output, and calls of one id in two states apart", async () => {
    const call = (path: string): Loose[] => [
      { type: "tool.started", path, state: "s", call: "call_1", tool: "search", input: { q: path } },
      { type: "tool.progress", path, state: "s", call: "call_1", tool: "search", data: { done: 1 } },
    ];
    const end = (path: string, failed: boolean): Loose => ({
      ...{ type: "tool.completed", path, state: "s", call: "call_1", tool: "search", duration: 1 },
      ...{ result: `of ${path}`, failed },
    });
    const started = piecesOf(told(...call("o/a#1"), ...call("o/b#1")));
    const running = await read(started);
    const message = await read([...started, ...piecesOfMore(end("o/a#1", false), end("o/b#1", true))]);

    expect(running.parts).toMatchObject([
      { type: "dynamic-tool", toolName: "search", state: "output-available", preliminary: true },
      { type: "dynamic-tool", toolName: "search", state: "output-available", preliminary: true },
    ]);
    expect(message.parts).toMatchObject([
      { state: "output-available", input: { q: "o/a#1" }, output: "of o/a#1", providerExecuted: true },
      { state: "output-error", errorText: "of o/b#1" },
    ]);

    function piecesOfMore(...events: Loose[]): UiChunk[] {
      const translation = new MessageTranslation({ id: "t1", kind: "turn" });
      for (const event of told(...call("o/a#1"), ...call("o/b#1"))) translation.take(event);
      return told(...events).flatMap((event) => translation.take(event));
    }
  });

  it("ends with the questions that wait, and goes on in the same message after the answers", async () => {
    const asked = told(
      state("o/approve#1", "question"),
      state("o/form#1", "question"),
      {
        type: "question.asked",
        path: "o/approve#1",
        state: "approve",
        question: "o/approve#1",
        prompt: "Spend 5?",
        schema: { type: "boolean" },
      },
      {
        type: "question.asked",
        path: "o/form#1",
        state: "form",
        question: "o/form#1",
        prompt: "Which city?",
        schema: { type: "string" },
      },
    );
    const translation = new MessageTranslation({ id: "t1", kind: "turn" });
    const first = await read([...piecesOf(asked, translation), ...translation.wait()]);

    expect(first.metadata).toMatchObject({ status: "waiting", after: asked.at(-1)!.id });
    expect(partsOf(first, "data-state")).toMatchObject([
      { data: { status: "waiting" } },
      { data: { status: "waiting" } },
    ]);
    expect(partsOf(first, "dynamic-tool")).toMatchObject([
      {
        toolName: "approve",
        state: "approval-requested",
        approval: { id: "o/approve#1", requestReason: "Spend 5?" },
      },
      {
        toolName: "question",
        state: "input-available",
        input: { prompt: "Which city?", schema: { type: "string" } },
      },
    ]);

    const later = new MessageTranslation(
      { id: "t1", kind: "turn" },
      knownMessage(first.metadata, first.parts),
    );
    const rest = told(
      {
        type: "question.answered",
        path: "o/approve#1",
        state: "approve",
        question: "o/approve#1",
        answer: true,
      },
      { type: "question.answered", path: "o/form#1", state: "form", question: "o/form#1", answer: "Rome" },
      { type: "state.completed", path: "o/approve#1", state: "approve", duration: 3 },
      delta("o/order#1", "Ordered."),
      { type: "turn.completed", turn: "t1", said: true },
    );
    const whole = await read(piecesOf(rest, later), first);

    expect(partsOf(whole, "dynamic-tool")).toMatchObject([
      { state: "output-available", output: true, approval: { approved: true } },
      { state: "output-available", output: "Rome" },
    ]);
    expect(partsOf(whole, "data-state")[0]).toMatchObject({
      data: { kind: "question", status: "completed" },
    });
    expect(partsOf(whole, "text")).toMatchObject([{ text: "Ordered." }]);
    expect(whole.metadata).toMatchObject({ status: "completed" });
  });

  it("shows a question that was answered before the reader came, with its answer", async () => {
    const asked = {
      type: "question.asked",
      path: "o/q#1",
      state: "q",
      question: "o/q#1",
      prompt: { question: "Sure?" },
      schema: { type: "boolean" },
    } as const;
    const closed = { ...asked, question: "o/q#2" } as const;
    const message = await read(
      piecesOf(
        told(
          asked,
          closed,
          { type: "question.answered", path: "o/q#1", state: "q", question: "o/q#1", answer: false },
          { type: "question.answered", path: "o/q#1", state: "q", question: "o/q#2", closed: true },
        ),
      ),
    );

    expect(message.parts).toMatchObject([
      { title: "Sure?", state: "output-denied", approval: { approved: false } },
      { state: "output-error", errorText: expect.stringContaining("Nobody answered") },
    ]);
  });

  it("says what failed, what was stopped and what was left, each in its way", async () => {
    const end = async (event: Loose): Promise<UIMessage> =>
      read(piecesOf(told(delta("o/b#1", "Hal"), event)));

    await expect(
      end({ type: "turn.failed", turn: "t1", error: { code: "X", message: "The budget is spent." } }),
    ).rejects.toThrow("The budget is spent.");
    expect(await end({ type: "turn.cancelled", turn: "t1", reason: "enough" })).toMatchObject({
      metadata: { status: "cancelled" },
      parts: [{ type: "text", text: "Hal", state: "done" }],
    });
    expect((await end({ type: "parked" })).metadata).toMatchObject({ status: "parked" });
  });
});
