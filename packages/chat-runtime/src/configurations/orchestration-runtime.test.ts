import { textOf } from "@orch/agents";
import { channel, each, orchestration, question, type RunContext, runnable, speech } from "@orch/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ChatRuntime } from "../runtime/chat-runtime.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import { finishingStates } from "./finishing-states.ts";
import { orchestrationRuntime } from "./orchestration-runtime.ts";

/** A state that streams its words as an agent does. */
function speaker(id: string, words: readonly string[]) {
  return runnable(id, (input: string, ctx: RunContext) => {
    for (const delta of words) {
      ctx.emit(speech, delta);
    }
    ctx.emit(channel<string>("other"), "something else");
    ctx.spend({ inputTokens: 2, outputTokens: words.length, cost: 0.5, model: `test/${id}` });
    return `${input} ${words.join("")}`;
  });
}

const plan = speaker("plan", ["think", "ing"]);
const write = speaker("write", ["Hello", " there"]);
const research = orchestration<string, string>("research", (o) =>
  o.start(plan).advance(plan, write).finish(write),
);
const fit = {
  toInput: ({ text }: { text: string }) => text,
  toMessage: (output: string) => output,
};

async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}
const spoken = (events: readonly ChatEvent[]): string =>
  events.map((event) => (event.type === "message.delta" ? event.text : "")).join("");

describe("orchestrationRuntime", () => {
  it("answers with the orchestration's output, and tells what it cost", async () => {
    const runtime = new ChatRuntime(orchestrationRuntime(research, fit));
    const reply = await runtime.send("hi").reply;
    expect(reply).toMatchObject({
      message: {
        content: [{ type: "text", text: "hi thinking Hello there" }],
        origin: { provider: "orch", api: "orchestration", model: "test/write" },
        finish: { reason: "stop" },
      },
      value: "hi thinking Hello there",
      usage: { input: 4, output: 4 },
      cost: 1,
    });
    expect(runtime.session?.turns[0]).toMatchObject({
      configuration: "research",
      messages: [{}, reply.message],
    });
  });

  it("passes every event of the run on, between the turn's own start and its one end", async () => {
    const runtime = new ChatRuntime(orchestrationRuntime(research, fit));
    const types = (await all(runtime.send("hi"))).map((event) => event.type);
    expect([types[0], types[1], types.at(-2), types.at(-1)]).toEqual([
      "turn.started",
      "run.started",
      "run.completed",
      "turn.completed",
    ]);
    expect(types.filter((type) => type === "state.usage")).toHaveLength(2);
    expect(types).toContain("state.transition");
  });

  it("lets only states that finish speak, unless told otherwise", async () => {
    const runtime = new ChatRuntime(orchestrationRuntime(research, fit));
    expect(spoken(await all(runtime.send("hi")))).toBe("Hello there");
    runtime.use(orchestrationRuntime(research, { ...fit, speaks: (_path, state) => state === "plan" }));
    expect(spoken(await all(runtime.send("hi")))).toBe("thinking");
    const { speaks: _speaks, ...byHand } = orchestrationRuntime(research, fit);
    runtime.use(byHand);
    expect(spoken(await all(runtime.send("hi")))).toBe("Hello there");
  });

  it("lets states speak by their ids, inside others too, and refuses an id that is none", async () => {
    const outer = orchestration<string, string>("outer", (o) => o.start(research).finish(research));
    const runtime = new ChatRuntime(orchestrationRuntime(outer, { ...fit, speaks: ["plan", "write"] }));
    expect(spoken(await all(runtime.send("hi")))).toBe("thinkingHello there");
    const refused = () => orchestrationRuntime(outer, { ...fit, speaks: ["wirte"] });
    expect(refused).toThrow('"wirte" is to speak, and is none of its states (research, plan, write)');
  });

  it("fails the turn with the engine's error, and leaves the session usable", async () => {
    const broken = runnable("broken", (_input: string): string => {
      throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    });
    const runtime = new ChatRuntime(
      orchestrationRuntime(
        orchestration<string, string>("breaks", (o) => o.start(broken).finish(broken)),
        fit,
      ),
    );
    const stream = runtime.send("hi");
    await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    const ends = (await all(stream)).slice(-2);
    expect(ends).toMatchObject([
      { type: "run.failed" },
      {
        type: "turn.failed",
        error: { code: "ORCH_RUNNABLE_FAILED", cause: { cause: { message: "connect ECONNREFUSED" } } },
      },
    ]);
    runtime.use(orchestrationRuntime(research, fit));
    expect(textOf(await runtime.invoke("again"))).toContain("again");
  });

  it.each([
    ["toInput", { ...fit, toInput: () => JSON.parse("{") }],
    ["toMessage", { ...fit, toMessage: () => JSON.parse("{") }],
  ])("fails the turn when %s throws", async (_which, options) => {
    const runtime = new ChatRuntime(orchestrationRuntime(research, options));
    await expect(runtime.invoke("hi")).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" });
  });

  it("fails the turn when `speaks` throws, and stops the run", async () => {
    const fails = (): boolean => {
      throw new TypeError("no such state");
    };
    const runtime = new ChatRuntime(orchestrationRuntime(research, { ...fit, speaks: fails }));
    const stream = runtime.send("hi");
    await expect(stream.reply).rejects.toMatchObject({
      code: "ORCH_TURN_FAILED",
      cause: { message: "no such state" },
    });
    expect((await all(stream)).slice(-2)).toMatchObject([{ type: "run.cancelled" }, { type: "turn.failed" }]);
  });

  it("cancels the run with the turn, and waits for its last event", async () => {
    const started = Promise.withResolvers<void>();
    const waits = runnable("waits", (_input: string, ctx: RunContext) => {
      const { signal } = ctx;
      started.resolve();
      return new Promise<string>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    });
    const runtime = new ChatRuntime(
      orchestrationRuntime(
        orchestration<string, string>("long", (o) => o.start(waits).finish(waits)),
        fit,
      ),
    );
    const stream = runtime.send("hi");
    await started.promise;
    await stream.cancel("enough");
    expect((await all(stream)).slice(-2)).toMatchObject([
      { type: "run.cancelled", reason: "enough" },
      { type: "turn.cancelled", reason: "enough" },
    ]);
  });
});

describe("a run that asks", () => {
  const approve = question("approve", { ask: (text: string) => `Send ${text}?`, answer: z.boolean() });
  const asks = orchestration("asks", (o) => o.start(approve).finish(approve));
  const runtime = () =>
    new ChatRuntime(
      orchestrationRuntime(asks, { ...fit, toMessage: (sent: boolean) => (sent ? "sent" : "kept") }),
    );

  it("tells its question as an event, and goes on with the answer", async () => {
    const chat = runtime();
    const stream = chat.send("it");
    for await (const event of stream) {
      if (event.type !== "question.asked") continue;
      expect(event.prompt).toBe("Send it?");
      await expect(stream.answer(event.question, "maybe")).rejects.toMatchObject({
        code: "ORCH_INVALID_ANSWER",
      });
      await expect(stream.answer("other", true)).rejects.toMatchObject({ code: "ORCH_UNKNOWN_QUESTION" });
      await stream.answer(event.question, true);
    }
    expect(textOf((await stream.reply).message)).toBe("sent");
    await expect(stream.answer("asks/approve#1", true)).rejects.toMatchObject({ code: "ORCH_TURN_QUESTION" });
  });

  it("can be answered by who only listens", async () => {
    const chat = runtime();
    chat.on("question.asked", (event) => chat.answer(event.question, false));
    expect(textOf(await chat.invoke("it"))).toBe("kept");
    await expect(chat.answer("asks/approve#1", true)).rejects.toMatchObject({ code: "ORCH_TURN_QUESTION" });
  });

  it("is stopped like any other, and the session stays usable", async () => {
    const chat = runtime();
    const stream = chat.send("it");
    for await (const event of stream) if (event.type === "run.waiting") void stream.cancel("no time");
    await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    chat.use(orchestrationRuntime(research, fit));
    expect(textOf(await chat.invoke("hi"))).toContain("Hello there");
  });
});

describe("finishingStates", () => {
  it("follows nested orchestrations, and leaves out branches of fan-outs", () => {
    const upper = runnable("upper", (texts: readonly string[]) => texts.join().toUpperCase());
    const many = each("many", research);
    const split = runnable("split", (text: string) => [text]);
    const inner = orchestration<string, string>("inner", (o) =>
      o.start(plan).advance(plan, write).finish(write),
    );
    const outer = orchestration<string, string>("outer", (o) =>
      o
        .start(inner)
        .finish(inner)
        .advance(inner, split, { when: () => true })
        .advance(split, many)
        .advance(many, upper)
        .finish(upper),
    );
    const speaks = finishingStates(outer.graph);
    expect(speaks("outer/inner#1/write#1")).toBe(true);
    expect(speaks("outer/inner#12/plan#3")).toBe(false);
    expect(speaks("outer/upper#1")).toBe(true);
    expect(speaks("outer/split#1")).toBe(false);
    expect(speaks("outer/many#1[0]/research#1/write#1")).toBe(false);
    expect(speaks("outer/nobody#1")).toBe(false);
  });
});
