import type { ChatEvent, TurnStream } from "@orch/chat-runtime";
import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { railStart } from "../rail/rail-start.ts";
import { createTheme } from "../terminal/theme.ts";
import { Answer } from "./answer.ts";
import { TurnView } from "./turn-view.ts";

const theme = createTheme();
const place = { state: "approve", path: "o/approve#1", visit: 1, runId: "r", seq: 1 };
const answered = { ...place, type: "question.answered", question: "q", answer: true };

/** An answer of which these events are all that comes, and counts of how often it is looked after and drawn. */
function answerOf(...events: readonly object[]) {
  const clock = manualClock();
  const counts = { looks: 0, draws: 0 };
  const timed = (event: object): ChatEvent => ({ ...event, time: clock.now() }) as ChatEvent;
  const coming = events.map(timed);
  const stream: Partial<TurnStream> = {
    reply: new Promise(() => {}),
    drain: () => {
      counts.looks += 1;
      return coming.splice(0);
    },
    answer: async () => void coming.push(timed(answered)),
  };
  const answer = new Answer(stream as TurnStream, new TurnView(railStart("o", ["approve"]), () => {}), {
    ...{ clock, keeps: true, style: () => ({ width: 80, theme }), print: () => {}, spent: () => {} },
    changed: () => {
      counts.draws += 1;
    },
    questions: {
      ...{ orchestration: "o", panel: () => {}, put: () => {} },
      ...{ granted: async () => [], grant: async () => {} },
    },
  });
  void answer.follow();
  return { clock, counts, answer };
}

const begin = { ...place, type: "run.started", path: "o", orchestration: "o", input: "" };
const asks = [
  begin,
  { ...place, type: "state.started", kind: "question", input: "" },
  { ...place, type: "question.asked", question: "q", prompt: "Go on?" },
];

test("what waits for a person is drawn when a minute is over, and looked after four times a second", async () => {
  const { clock, counts } = answerOf(...asks);
  await clock.advance(2_000);
  const before = { ...counts };
  await clock.advance(600_000);
  expect({ draws: counts.draws - before.draws, looks: counts.looks - before.looks }).toEqual({
    draws: 10,
    looks: 2_400,
  });
});

test("what works without a word is drawn when its seconds change", async () => {
  const { clock, counts } = answerOf(begin, { ...place, type: "state.started", kind: "runnable" });
  await clock.advance(20_000);
  const { draws } = counts;
  await clock.advance(600_000);
  expect(counts.draws - draws).toBe(600);
});

test("what follows from an answer is drawn at once", async () => {
  const { clock, counts, answer } = answerOf(...asks);
  await clock.advance(30_000);
  const { draws } = counts;
  await answer.give("q", "yes");
  await clock.advance(0);
  expect(counts.draws - draws).toBe(1);
  expect(answer.questions.shown).toEqual([]);
});
