import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { MessageDraft } from "../../model/message-draft.ts";
import type { Model, ModelEvent, ModelFailure } from "../../words/model.ts";
import { withRetry } from "./retry-model.ts";

const id = { provider: "lab", api: "test", model: "m" };
const busy: ModelFailure = { kind: "overloaded", message: "lab is busy.", retryable: true };

/** A model that fails as told, once for each entry, and then answers. */
function failing(failures: readonly ModelFailure[], before: (draft: MessageDraft) => void = () => {}) {
  let calls = 0;
  const model: Model = {
    id,
    caps: {
      generative: true,
      tools: true,
      parallelTools: true,
      output: "native",
      outputWithTools: true,
      images: false,
      files: false,
      reasoning: false,
    },
    async *stream(): AsyncGenerator<ModelEvent> {
      const draft = new MessageDraft();
      const error = failures[calls++];
      yield { type: "start", requestId: `req_${calls}` };
      before(draft);
      if (error === undefined) draft.text(0, "here");
      yield* draft.finish(id, error === undefined ? { reason: "stop" } : { reason: "error", error });
    },
  };
  return { model, calls: () => calls };
}

test("waits longer each time, tells of each retry, and shows one start", async () => {
  const clock = manualClock();
  const { model, calls } = failing([busy, busy]);
  const told: number[] = [];
  const options = { clock, random: () => 1, onRetry: ({ delay }: { delay: number }) => told.push(delay) };
  const events: ModelEvent[] = [];
  const drained = (async () => {
    for await (const event of withRetry(model, options).stream(ask("hi"))) events.push(event);
  })();
  await clock.advance(499);
  expect(calls()).toBe(1);
  await clock.advance(1);
  expect(calls()).toBe(2);
  await clock.advance(1_000);
  await drained;
  expect(told).toEqual([500, 1_000]);
  expect(events.map((event) => event.type)).toEqual(["start", "text", "part", "finish"]);
  expect(events[0]).toMatchObject({ requestId: "req_3" });
  expect(clock.pending()).toBe(0);
});

test("gives up after the last attempt with the failure of it", async () => {
  const clock = manualClock();
  const { model, calls } = failing([busy, busy, busy, busy]);
  const answer = generate(withRetry(model, { clock, random: () => 0 }), ask("hi"));
  await clock.advance(60_000);
  expect((await answer).message.finish).toEqual({
    reason: "error",
    error: { ...busy, message: "lab is busy. It was tried 3 times." },
  });
  expect(calls()).toBe(3);
});

test("does not try again what cannot succeed", async () => {
  const { model, calls } = failing([{ ...busy, kind: "auth", retryable: false }]);
  const { message } = await generate(withRetry(model, { clock: manualClock() }), ask("hi"));
  expect(message.finish.error?.kind).toBe("auth");
  expect(calls()).toBe(1);
});

test.each<[string, (draft: MessageDraft) => void]>([
  ["text", (draft) => draft.text(0, "some")],
  ["reasoning", (draft) => draft.reasoning(0, "hm")],
  ["a tool call", (draft) => draft.call(0, "c", "weather")],
])("does not try again after %s was shown", async (_what, before) => {
  const { model, calls } = failing([busy], before);
  const { message } = await generate(withRetry(model, { clock: manualClock() }), ask("hi"));
  expect(message.finish.reason).toBe("error");
  expect(calls()).toBe(1);
});

test("waits as long as it is asked to, up to a minute", async () => {
  const clock = manualClock();
  const { model, calls } = failing([{ ...busy, retryAfterMs: 60_000 }]);
  const answer = generate(withRetry(model, { clock, random: () => 0 }), ask("hi"));
  await clock.advance(59_999);
  expect(calls()).toBe(1);
  await clock.advance(1);
  expect((await answer).message.finish.reason).toBe("stop");
});

test("fails at once when it is asked to wait longer, and names the number", async () => {
  const { model, calls } = failing([{ ...busy, retryAfterMs: 120_000 }]);
  const { message } = await generate(withRetry(model, { clock: manualClock() }), ask("hi"));
  expect(message.finish.error?.message).toContain("120 s");
  expect(calls()).toBe(1);
});

test("ends its wait when the call is aborted", async () => {
  const clock = manualClock();
  const controller = new AbortController();
  const { model, calls } = failing([busy]);
  const answer = generate(withRetry(model, { clock }), ask("hi", { signal: controller.signal }));
  await clock.advance(0);
  controller.abort();
  expect((await answer).message.finish.reason).toBe("aborted");
  expect(calls()).toBe(1);
  expect(clock.pending()).toBe(0);
});

test("20 callers that were asked to wait spread over a fifth of the wait, and none is early", async () => {
  const delays: number[] = [];
  let chance = 0;
  const random = (): number => (chance++ % 20) / 20;
  for (let caller = 0; caller < 20; caller++) {
    const clock = manualClock();
    const { model } = failing([{ ...busy, retryAfterMs: 30_000 }]);
    const options = { clock, random, onRetry: ({ delay }: { delay: number }) => delays.push(delay) };
    const answer = generate(withRetry(model, options), ask("hi"));
    await clock.advance(60_000);
    expect((await answer).message.finish.reason).toBe("stop");
  }
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(30_000);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThanOrEqual(6_000);
});

test.each([Number.NaN, -5, 0])("takes a wait of %s for none", async (retryAfterMs) => {
  const clock = manualClock();
  const delays: number[] = [];
  const { model } = failing([{ ...busy, retryAfterMs }]);
  const options = { clock, random: () => 1, onRetry: ({ delay }: { delay: number }) => delays.push(delay) };
  const answer = generate(withRetry(model, options), ask("hi"));
  await clock.advance(500);
  expect((await answer).message.finish.reason).toBe("stop");
  expect(delays).toEqual([500]);
});

test("names a wait of a thousand million seconds, and what came before it", async () => {
  const clock = manualClock();
  const { model, calls } = failing([busy, { ...busy, retryAfterMs: 1e12 }]);
  const answer = generate(withRetry(model, { clock }), ask("hi"));
  await clock.advance(500);
  expect((await answer).message.finish.error?.message).toBe(
    "lab is busy. It was tried 2 times. It asks to wait 1000000000 s, longer than the limit of 60 s, so the call was not made again.",
  );
  expect(calls()).toBe(2);
});

test("makes exactly as many attempts as are set", async () => {
  for (const attempts of [1, 2, 5]) {
    const clock = manualClock();
    const { model, calls } = failing(Array.from({ length: 10 }, () => busy));
    const answer = generate(withRetry(model, { clock, attempts }), ask("hi"));
    await clock.advance(120_000);
    await answer;
    expect(calls()).toBe(attempts);
  }
});

test("tells whoever made the request of each retry, once, and a listener that throws harms nothing", async () => {
  const clock = manualClock();
  const { model } = failing([busy]);
  const told: number[] = [];
  const onRetry = ({ attempt }: { attempt: number }): void => {
    told.push(attempt);
    throw new TypeError("a listener's own fault");
  };
  const answer = generate(withRetry(model, { clock, onRetry }), ask("hi", { onRetry }));
  await clock.advance(500);
  expect((await answer).message.finish.reason).toBe("stop");
  expect(told).toEqual([1]);
});
