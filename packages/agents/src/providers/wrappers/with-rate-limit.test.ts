import { type ManualClock, manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { ask } from "../../../test/wires.ts";
import { generate } from "../../model/generate.ts";
import { textOf } from "../../words/message.ts";
import type { Model, ModelEvent, ModelRequest } from "../../words/model.ts";
import { type RateLimits, rateLimiter } from "./rate-limiter.ts";
import { withRateLimit } from "./with-rate-limit.ts";

const USAGE = { input: 10, output: 5 };

/** A model that answers when it is told to, and notes when it was called. */
function slow(clock: ManualClock) {
  const starts: string[] = [];
  const began = clock.now();
  const open: (() => void)[] = [];
  const inner = scriptedModel(() => ({ text: "Hi.", usage: USAGE }));
  const model: Model = {
    ...inner,
    stream: async function* (request: ModelRequest): AsyncGenerator<ModelEvent> {
      starts.push(`${textOf(request.messages[0]!)} at ${clock.now() - began}`);
      await new Promise<void>((resolve) => open.push(resolve));
      yield* inner.stream(request);
    },
  };
  return { model, starts, answer: () => open.shift()?.() };
}

async function calling(limits: RateLimits, names: readonly string[]) {
  const clock = manualClock();
  const lab = slow(clock);
  const model = withRateLimit(lab.model, { ...limits, clock });
  const answers = names.map((name) => generate(model, ask(name)));
  await clock.advance(0);
  return { ...lab, clock, answers };
}

it("runs as many calls side by side as it may, in the order in which they came", async () => {
  const { starts, answer, answers, clock } = await calling({ concurrency: 2 }, ["a", "b", "c", "d"]);
  expect(starts).toEqual(["a at 0", "b at 0"]);
  answer();
  await clock.advance(0);
  expect(starts).toEqual(["a at 0", "b at 0", "c at 0"]);
  for (let call = 0; call < 3; call++) {
    answer();
    await clock.advance(0);
  }
  expect((await Promise.all(answers)).map(({ message }) => message.finish.reason)).toEqual(
    Array(4).fill("stop"),
  );
  expect(clock.pending()).toBe(0);
});

it("starts no more calls in any interval than it may", async () => {
  const { starts, clock } = await calling({ requests: 2, interval: 1_000 }, ["a", "b", "c", "d", "e"]);
  await clock.advance(999);
  expect(starts).toEqual(["a at 0", "b at 0"]);
  await clock.advance(1_501);
  expect(starts).toEqual(["a at 0", "b at 0", "c at 1000", "d at 1000", "e at 2000"]);
});

it("counts what a call used in place of what was thought", async () => {
  // 15 tokens are used, and 100 are thought to be: what may be written at most.
  const clock = manualClock();
  const lab = slow(clock);
  const model = withRateLimit(lab.model, { tokens: 150, interval: 1_000, clock });
  for (const name of ["a", "b", "c"]) void generate(model, ask(name, { maxOutputTokens: 100 }));
  await clock.advance(0);
  expect(lab.starts).toEqual(["a at 0"]);
  lab.answer();
  await clock.advance(0);
  expect(lab.starts).toEqual(["a at 0", "b at 0"]);
  await clock.advance(1_000);
  expect(lab.starts).toEqual(["a at 0", "b at 0", "c at 1000"]);
});

it("lets a call that is larger than the limit go alone", async () => {
  const clock = manualClock();
  const lab = slow(clock);
  const model = withRateLimit(lab.model, { tokens: 50, interval: 1_000, clock });
  void generate(model, ask("a"));
  void generate(model, ask("big", { maxOutputTokens: 500 }));
  void generate(model, ask("b"));
  await clock.advance(3_000);
  expect(lab.starts).toEqual(["a at 0", "big at 1000", "b at 2000"]);
});

it("drops a call that is cancelled while it waits, and those behind it move up", async () => {
  const clock = manualClock();
  const lab = slow(clock);
  const limiter = rateLimiter({ concurrency: 1, clock });
  const model = withRateLimit(lab.model, limiter);
  const controller = new AbortController();
  void generate(model, ask("a"));
  const dropped = generate(model, ask("b", { signal: controller.signal }));
  void generate(model, ask("c"));
  await clock.advance(0);
  expect(limiter.waiting()).toBe(2);
  controller.abort();
  expect((await dropped).message.finish).toMatchObject({ reason: "aborted", error: { kind: "aborted" } });
  expect(limiter.waiting()).toBe(1);
  lab.answer();
  await clock.advance(0);
  expect(lab.starts).toEqual(["a at 0", "c at 0"]);
});

it("leaves no timer behind when all that waited is cancelled", async () => {
  const clock = manualClock();
  const lab = slow(clock);
  const model = withRateLimit(lab.model, { requests: 1, clock });
  const controller = new AbortController();
  void generate(model, ask("a"));
  const waiting = generate(model, ask("b", { signal: controller.signal }));
  await clock.advance(0);
  expect(clock.pending()).toBe(1);
  controller.abort();
  await waiting;
  expect(clock.pending()).toBe(0);
});

it("frees the place of a reader that leaves early, and of a model that throws", async () => {
  const clock = manualClock();
  const limiter = rateLimiter({ concurrency: 1, clock });
  for await (const _ of withRateLimit(scriptedModel(["Hi."]), limiter).stream(ask("a"))) break;
  await expect(generate(withRateLimit(scriptedModel([]), limiter), ask("b"))).rejects.toThrow(/script/);
  const { message } = await generate(withRateLimit(scriptedModel(["Hi."]), limiter), ask("c"));
  expect(message.finish.reason).toBe("stop");
});

it("lets several models share what an account allows", async () => {
  const clock = manualClock();
  const [one, two] = [slow(clock), slow(clock)];
  const account = rateLimiter({ requests: 1, interval: 1_000, clock });
  void generate(withRateLimit(one.model, account), ask("a"));
  void generate(withRateLimit(two.model, account), ask("b"));
  await clock.advance(1_000);
  expect([...one.starts, ...two.starts]).toEqual(["a at 0", "b at 1000"]);
});
