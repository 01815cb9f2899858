/** Bodies that no client sends: whatever comes, it is refused with a sentence, or it is a request that the door can deal with. */
import { isOrchError } from "@orch/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seed } from "../../../../scripts/lanes.ts";
import type { PublicEvent } from "../words/public-event.ts";
import { type ChatRequest, chatRequest } from "./chat-request.ts";
import { MessageTranslation } from "./message-translation.ts";

const path = "o/each#1";
const events = [
  { type: "state.completed", path: `${path}[0]/b#1`, state: "b", duration: 1 },
  { type: "question.answered", path: "o/q#1", state: "q", question: "o/q#1", answer: true },
  {
    type: "tool.completed",
    path: "o/a#1",
    state: "a",
    call: "c",
    tool: "t",
    result: "r",
    failed: false,
    duration: 1,
  },
  { type: "text.cut", path: "o/a#1" },
  { type: "run.completed", output: "Done.", duration: 1 },
].map((event, at) => ({ id: `${at}`, number: at, time: at, ...event }) as unknown as PublicEvent);

/** A message with the answers to its questions, as a client hands it back. */
const answered = {
  id: "m1",
  role: "assistant",
  metadata: { turn: "t1", after: "7.0.x" },
  parts: [
    {
      type: "data-state",
      id: path,
      data: {
        path,
        state: "each",
        kind: "each",
        status: "running",
        startedAt: 1,
        branches: { total: 2, ended: 0, failed: 0 },
      },
    },
    { type: "text", text: "Said", providerMetadata: { orch: { path: "o/a#1" } } },
    {
      type: "dynamic-tool",
      toolName: "approve",
      toolCallId: "o/q#1",
      state: "approval-responded",
      approval: { id: "o/q#1", approved: true, reason: "ok" },
      input: {},
      toolMetadata: { orch: { path: "o/q#1" } },
    },
    {
      type: "dynamic-tool",
      toolName: "question",
      toolCallId: "o/f#1",
      state: "output-available",
      input: {},
      output: { city: "Rome" },
    },
  ],
};
const body = JSON.stringify({ id: "c1", messages: [answered], trigger: "submit-message", messageId: "m1" });

/** What the door does with a body; `undefined` for one that it refuses. */
function read(text: string): ChatRequest | undefined {
  try {
    return chatRequest(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || isOrchError(error, "ORCH_SERVER_REQUEST")) return undefined;
    throw error;
  }
}

/** JSON with another value at a place, which is counted in the order of the text. */
function withValue(text: string, place: number, value: unknown): string {
  let at = -1;
  return JSON.stringify(JSON.parse(text), (_, before: unknown) => {
    at += 1;
    return at === place ? value : before;
  });
}

describe("a body of a chat", () => {
  it("has the answers to the questions of its message, and how far that was told", () => {
    expect(read(body)).toMatchObject({
      type: "answers",
      session: "c1",
      turn: "t1",
      answers: [
        { question: "o/q#1", approval: { approved: true, reason: "ok" } },
        { question: "o/f#1", value: { city: "Rome" } },
      ],
      known: {
        after: "7.0.x",
        states: [{ path }],
        texts: [{ path: "o/a#1", text: "Said" }],
        questions: [
          { question: "o/q#1", kind: "yes-or-no" },
          { question: "o/f#1", kind: "form" },
        ],
      },
    });
  });

  it("is refused or read, whatever stands in the place of any value, and no event trips over it", () => {
    let wereRead = 0;
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.jsonValue({ maxDepth: 2 }), (place, value) => {
        const wanted = read(withValue(body, place, value));
        if (wanted?.type !== "answers") return;
        wereRead += 1;
        const translation = new MessageTranslation({ id: wanted.turn, kind: "run" }, wanted.known);
        for (const event of events) translation.take(event);
        translation.wait();
      }),
      { numRuns: 2000, seed },
    );
    expect(wereRead).toBeGreaterThan(1000);
  });
});
