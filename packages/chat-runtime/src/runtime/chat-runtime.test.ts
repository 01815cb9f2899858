import { type AssistantMessage, type Message, textOf } from "@orch/agents";
import type { OrchestrationEvent } from "@orch/core";
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import type { RuntimeConfiguration, TurnContext } from "../configurations/runtime-configuration.ts";
import { memorySessions } from "../session/memory-sessions.ts";
import type { ChatEvent } from "../turn/chat-event.ts";
import { ChatRuntime } from "./chat-runtime.ts";

function says(text: string): AssistantMessage {
  const origin = { provider: "test", api: "test", model: "test" };
  return { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } };
}

const echo: RuntimeConfiguration = {
  name: "echo",
  invoke: async ({ message }) => ({ message: says(`you said ${textOf(message)}`) }),
};

/** Answers when the test says so. */
function slow(): RuntimeConfiguration & { begun: Promise<TurnContext>; answer: (text: string) => void } {
  const begun = Promise.withResolvers<TurnContext>();
  const answer = Promise.withResolvers<string>();
  return {
    name: "slow",
    begun: begun.promise,
    answer: answer.resolve,
    invoke: async (_turn, context) => {
      begun.resolve(context);
      const stopped = new Promise<never>((_, reject) => {
        context.signal.addEventListener("abort", () => reject(context.signal.reason), { once: true });
      });
      return { message: says(await Promise.race([answer.promise, stopped])) };
    },
  };
}

async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const got: ChatEvent[] = [];
  for await (const event of events) got.push(event);
  return got;
}

const texts = (messages: readonly Message[]): string[] => messages.map(textOf);
const ends = (events: readonly ChatEvent[]): string[] =>
  events.map((event) => event.type).filter((type) => /^turn\.(completed|failed|cancelled)$/.test(type));

describe("a turn", () => {
  it("answers a message and remembers both", async () => {
    const runtime = new ChatRuntime(echo);
    expect(textOf(await runtime.invoke("hello"))).toBe("you said hello");
    expect(texts(runtime.history)).toEqual(["hello", "you said hello"]);
    expect(runtime.session).toMatchObject({ title: "hello", turnCount: 1, lastConfiguration: "echo" });
    await runtime.close();
  });

  it("hands what was said before to the configuration", async () => {
    const seen: string[][] = [];
    const runtime = new ChatRuntime({
      name: "seer",
      invoke: async ({ history, message }) => {
        seen.push(texts([...history, message]));
        return { message: says("ok") };
      },
    });
    await runtime.invoke("one");
    await runtime.invoke("two");
    expect(seen).toEqual([["one"], ["one", "ok", "two"]]);
  });

  it("streams its start, its text and one end, in order", async () => {
    const runtime = new ChatRuntime({
      name: "talker",
      invoke: async (_turn, { say }) => {
        for (const text of ["a", "b"]) say(text, "talker");
        return { message: says("ab") };
      },
    });
    const stream = runtime.send("go");
    expect((await all(stream)).map((event) => event.type)).toEqual([
      "turn.started",
      "message.delta",
      "message.delta",
      "turn.completed",
    ]);
    expect(textOf((await stream.reply).message)).toBe("ab");
  });

  it("sums what its states spent, and has no price when one of them has none", async () => {
    const usage = (cost?: number): OrchestrationEvent => ({
      type: "state.usage",
      seq: 1,
      time: 0,
      runId: "r",
      path: "p",
      state: "s",
      visit: 1,
      spending: { inputTokens: 3, outputTokens: 1, ...(cost === undefined ? {} : { cost }) },
    });
    const spend = (...costs: (number | undefined)[]): RuntimeConfiguration => ({
      name: "spender",
      invoke: async (_turn, { emit }) => {
        for (const cost of costs) emit(usage(cost));
        return { message: says("ok") };
      },
    });
    const runtime = new ChatRuntime(spend(0.5, 0.25));
    const { usage: first, cost } = await runtime.send("x").reply;
    expect([first, cost]).toEqual([{ input: 6, output: 2 }, 0.75]);
    runtime.use(spend(0.5, undefined));
    expect((await runtime.send("y").reply).cost).toBeUndefined();
    expect(runtime.session?.turns[0]).toMatchObject({ usage: { input: 6, output: 2 }, cost: 0.75 });
  });

  it("keeps that tokens were estimated, also those of an agent that is a tool", async () => {
    const place = { seq: 1, time: 0, runId: "r", path: "p", state: "s", visit: 1 };
    const turn = { type: "agent.turn.completed", agent: "inner", turn: 1 };
    const told = (usage: object): OrchestrationEvent => ({
      ...{ ...place, type: "state.output", part: 1, channel: "agent" },
      data: { type: "agent.nested", agent: "a", turn: 1, path: "c1", event: { ...turn, usage } },
    });
    const spends = (usage: object): RuntimeConfiguration => ({
      name: "spender",
      invoke: async (_turn, { emit }) => {
        emit(told(usage));
        emit({ ...place, type: "state.usage", spending: { inputTokens: 3, outputTokens: 1 } });
        return { message: says("ok") };
      },
    });
    const runtime = new ChatRuntime(spends({ input: 3, output: 1, estimated: true }));
    await runtime.invoke("x");
    runtime.use(spends({ input: 3, output: 1 }));
    await runtime.invoke("y");
    expect(runtime.session?.turns.map(({ usage }) => usage)).toEqual([
      { input: 3, output: 1, estimated: true },
      { input: 3, output: 1 },
    ]);
  });

  it("refuses a second message while it is busy, at once", async () => {
    const configuration = slow();
    const runtime = new ChatRuntime(configuration);
    const first = runtime.invoke("one");
    expect(() => runtime.send("two")).toThrow(expect.objectContaining({ code: "ORCH_TURN_BUSY" }));
    await expect(runtime.invoke("two")).rejects.toMatchObject({ code: "ORCH_TURN_BUSY" });
    configuration.answer("done");
    await first;
    expect(texts(runtime.history)).toEqual(["one", "done"]);
  });

  it("is over for the runtime before its end is told, so that a listener may send the next message", async () => {
    const runtime = new ChatRuntime(echo);
    const next = new Promise<string>((resolve) => {
      const off = runtime.on("turn.completed", async () => {
        off();
        resolve(textOf(await runtime.invoke("second")));
      });
    });
    await runtime.invoke("first");
    expect(await next).toBe("you said second");
  });

  it("keeps the conversation when the configuration is switched, also while it is busy", async () => {
    const configuration = slow();
    const runtime = new ChatRuntime(configuration);
    const first = runtime.invoke("one");
    runtime.use(echo);
    configuration.answer("slow answer");
    await first;
    await runtime.invoke("two");
    expect(runtime.session?.turns.map((turn) => turn.configuration)).toEqual(["slow", "echo"]);
    expect(texts(runtime.history)).toEqual(["one", "slow answer", "two", "you said two"]);
  });
});

describe("a turn that fails", () => {
  const broken = (invoke: () => Promise<never>): RuntimeConfiguration => ({ name: "broken", invoke });

  it.each<[string, RuntimeConfiguration, string]>([
    ["rejects", broken(() => Promise.reject(new Error("no"))), "ORCH_TURN_FAILED"],
    [
      "throws",
      broken(() => {
        throw new Error("no");
      }),
      "ORCH_TURN_FAILED",
    ],
    ["throws a text", broken(() => Promise.reject("no")), "ORCH_TURN_FAILED"],
    ["gives nothing", { name: "broken", invoke: async () => undefined as never }, "ORCH_TURN_REPLY"],
    [
      "gives an answer that JSON cannot carry",
      { name: "broken", invoke: async () => ({ message: { ...says("x"), extra: () => 1 } as never }) },
      "ORCH_TURN_FAILED",
    ],
  ])(
    "ends once when its configuration %s, and the session stays usable",
    async (_how, configuration, code) => {
      const runtime = new ChatRuntime(configuration);
      const stream = runtime.send("one");
      await expect(stream.reply).rejects.toMatchObject({ code });
      expect(ends(await all(stream))).toEqual(["turn.failed"]);
      expect(runtime.session?.turns).toMatchObject([{ status: "failed", error: expect.any(String) }]);
      runtime.use(echo);
      expect(textOf(await runtime.invoke("two"))).toBe("you said two");
      expect(texts(runtime.history)).toEqual(["two", "you said two"]);
    },
  );

  it("keeps what was said, marked as interrupted, and closes every tool call", async () => {
    const call: AssistantMessage = {
      ...says("let me look"),
      content: [{ type: "tool-call", id: "c1", name: "look", rawInput: "{}", input: {} }],
    };
    const runtime = new ChatRuntime({
      name: "broken",
      invoke: async (_turn, { say, remember }) => {
        say("let me look", "x");
        remember(call);
        say("half an ans", "x");
        throw new Error("socket closed");
      },
    });
    await expect(runtime.invoke("go")).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" });
    expect(runtime.session?.turns[0]?.messages).toMatchObject([
      { role: "user" },
      { role: "assistant", content: [{ type: "tool-call", id: "c1" }] },
      { role: "tool", content: [{ type: "tool-result", id: "c1", isError: true }] },
      { role: "assistant", content: [{ text: "half an ans" }], finish: { reason: "interrupted" } },
    ]);
  });
});

describe("a turn without an answer", () => {
  /** Answers what it is sent; the first `failures` times it fails. */
  function flaky(failures: number): RuntimeConfiguration & { sent: string[][] } {
    const sent: string[][] = [];
    return {
      name: "flaky",
      sent,
      invoke: async ({ history, message }) => {
        sent.push(texts([...history, message]));
        if (sent.length <= failures) throw new Error("server is ill");
        return { message: says("ok") };
      },
    };
  }
  const failing = async (runtime: ChatRuntime, text: string): Promise<void> =>
    void (await expect(runtime.invoke(text)).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" }));

  it("T06: is never sent again with the next message", async () => {
    const store = memorySessions();
    const configuration = flaky(1);
    const runtime = new ChatRuntime(configuration, { store, sessionId: "s" });
    await failing(runtime, "fails");
    await runtime.invoke("hello after");
    await runtime.close();
    await using next = new ChatRuntime(configuration, { store, sessionId: "s" });
    await next.invoke("and later");
    expect(configuration.sent.slice(1)).toEqual([["hello after"], ["hello after", "ok", "and later"]]);
    expect(next.session?.turns.map(({ status }) => status)).toEqual(["failed", "completed", "completed"]);
  });

  it("T06: is tried again in its place, under its id", async () => {
    const store = memorySessions();
    const configuration = flaky(3);
    const runtime = new ChatRuntime(configuration, { store, sessionId: "s" });
    await failing(runtime, "lost");
    await failing(runtime, "fails");
    const id = runtime.apart?.id;
    await expect(runtime.retry().reply).rejects.toMatchObject({ code: "ORCH_TURN_FAILED" });
    const again = runtime.retry();
    await again.reply;
    expect([again.id, configuration.sent.at(-1)]).toEqual([id, ["fails"]]);
    expect(runtime.session?.turns.map(({ status }) => status)).toEqual(["failed", "completed"]);
    expect((await store.load("s"))?.turns).toEqual(runtime.session?.turns);
    expect(runtime.apart).toBeUndefined();
    expect(() => runtime.retry()).toThrow(expect.objectContaining({ code: "ORCH_TURN_ANSWERED" }));
  });

  it("T06: is dropped for good", async () => {
    const store = memorySessions();
    const runtime = new ChatRuntime(flaky(1), { store, sessionId: "s" });
    await runtime.invoke("fails").catch(() => undefined);
    expect(textOf((await runtime.drop()).messages[0]!)).toBe("fails");
    expect(runtime.apart).toBeUndefined();
    await expect(runtime.drop()).rejects.toMatchObject({ code: "ORCH_TURN_ANSWERED" });
    await runtime.close();
    await using next = new ChatRuntime(echo, { store, sessionId: "s" });
    expect((await next.open()).turns).toMatchObject([{ status: "dropped" }]);
    expect(next.apart).toBeUndefined();
  });

  it("T06: stays apart when it was stopped before its first word, or when its process ended", async () => {
    const store = memorySessions();
    const configuration = slow();
    const runtime = new ChatRuntime(configuration, { store, sessionId: "s" });
    const stream = runtime.send("stopped");
    await configuration.begun;
    await stream.cancel();
    expect([runtime.history, runtime.apart?.status]).toEqual([[], "cancelled"]);
    await store.begin("s", {
      id: "cut",
      configuration: "x",
      message: { role: "user", content: [{ type: "text", text: "cut" }] },
      startedAt: 1,
    });
    await runtime.close();
    await using next = new ChatRuntime(echo, { store, sessionId: "s" });
    await next.open();
    expect([next.history, next.apart?.id]).toEqual([[], "cut"]);
  });
});

describe("cancel", () => {
  it("aborts the signal, ends the turn as cancelled, keeps what was said, and leaves the session usable", async () => {
    const configuration = slow();
    const runtime = new ChatRuntime(configuration);
    const stream = runtime.send("one");
    const { say } = await configuration.begun;
    say("half", "slow");
    await runtime.cancel("changed my mind");
    await expect(stream.reply).rejects.toMatchObject({
      code: "ORCH_TURN_CANCELLED",
      facts: { reason: "changed my mind" },
    });
    expect(ends(await all(stream))).toEqual(["turn.cancelled"]);
    expect(runtime.history).toMatchObject([
      { role: "user" },
      { content: [{ text: "half" }], finish: { reason: "aborted" } },
    ]);
    say("too late", "slow");
    runtime.use(echo);
    await runtime.invoke("two");
    expect(runtime.session?.turns.map((turn) => turn.status)).toEqual(["cancelled", "completed"]);
  });

  it("does not wait longer than the grace time for a configuration that ignores it", async () => {
    const clock = manualClock();
    const runtime = new ChatRuntime(
      { name: "deaf", invoke: () => new Promise(() => {}) },
      { clock, cancelGrace: 300 },
    );
    const stream = runtime.send("one");
    await runtime.open();
    await clock.advance(0);
    const cancelled = stream.cancel();
    await clock.advance(299);
    expect(runtime.busy).toBe(true);
    await clock.advance(1);
    await cancelled;
    expect(runtime.busy).toBe(false);
    expect(clock.pending()).toBe(0);
  });

  it("before the answer is begun asks nobody", async () => {
    let asked = 0;
    const runtime = new ChatRuntime({
      name: "counter",
      invoke: async () => {
        asked += 1;
        return { message: says("x") };
      },
    });
    const stream = runtime.send("one");
    await stream.cancel();
    expect(asked).toBe(0);
    expect(ends(await all(stream))).toEqual(["turn.cancelled"]);
  });

  it("when nothing is being answered, or after the end, does nothing", async () => {
    const runtime = new ChatRuntime(echo);
    await runtime.cancel();
    const stream = runtime.send("one");
    await stream.reply;
    await stream.cancel();
    expect(runtime.session?.turns).toMatchObject([{ status: "completed" }]);
  });
});

describe("readers of a turn", () => {
  const chatty = (count: number): RuntimeConfiguration => ({
    name: "chatty",
    invoke: async (_turn, { say }) => {
      for (let at = 0; at < count; at++) say(`${at} `, "chatty");
      return { message: says("done") };
    },
  });

  it("that read all, half or nothing, or throw, harm neither the turn nor each other", async () => {
    const runtime = new ChatRuntime(chatty(100));
    runtime.send("nobody reads or awaits this");
    await runtime.cancel();
    const stream = runtime.send("go");
    const half = (async () => {
      for await (const event of stream) if (event.type === "message.delta") break;
    })();
    const throwing = (async () => {
      for await (const _event of stream) throw new Error("reader broke");
    })();
    const whole = all(stream);
    await half;
    await expect(throwing).rejects.toThrow("reader broke");
    expect(ends(await whole)).toEqual(["turn.completed"]);
    expect(await stream.reply).toMatchObject({ message: says("done") });
  });

  it("that do not read hold no more than the limit, are told what they missed, and never miss the end", async () => {
    const runtime = new ChatRuntime(chatty(5000), { maxWaitingEvents: 50 });
    const stream = runtime.send("go");
    await stream.reply;
    const events = await all(stream);
    expect(events).toHaveLength(51);
    // 5,000 deltas, a start and an end; 50 of them waited.
    expect(events[0]).toMatchObject({ type: "turn.events.dropped", count: 4952 });
    expect(ends(events)).toEqual(["turn.completed"]);
  });

  it("that drain a turn get each event once, in order, and what they missed", async () => {
    const runtime = new ChatRuntime(chatty(5000), { maxWaitingEvents: 50 });
    const stream = runtime.send("go");
    const first = stream.drain();
    await stream.reply;
    const rest = stream.drain();

    expect(first.map(({ type }) => type)).toEqual(["turn.started"]);
    expect(rest).toHaveLength(51);
    // 5,000 deltas and an end; 50 of them waited.
    expect(rest[0]).toMatchObject({ type: "turn.events.dropped", count: 4951 });
    expect(ends(rest)).toEqual(["turn.completed"]);
    expect(stream.drain()).toEqual([]);
  });

  it("that throw as listeners are reported and isolated", async () => {
    const reported: unknown[] = [];
    const heard: string[] = [];
    const runtime = new ChatRuntime(echo, { onListenerError: (error) => reported.push(error) });
    runtime.on("*", () => {
      throw new Error("sync");
    });
    runtime.on("turn.started", async () => {
      throw new Error("async");
    });
    const off = runtime.on("*", (event) => heard.push(event.type));
    await runtime.invoke("one");
    off();
    await runtime.invoke("two");
    expect(heard).toEqual(["turn.started", "turn.completed"]);
    expect(reported.map(String).toSorted()).toEqual([
      "Error: async",
      "Error: async",
      "Error: sync",
      "Error: sync",
      "Error: sync",
      "Error: sync",
    ]);
  });
});

describe("a session", () => {
  it("is gone on with by the next runtime that names it", async () => {
    const store = memorySessions();
    const first = new ChatRuntime(echo, { store, sessionId: "s" });
    await first.invoke("one");
    await first.close();
    await using second = new ChatRuntime(echo, { store, sessionId: "s" });
    await second.open();
    expect(texts(second.history)).toEqual(["one", "you said one"]);
  });

  it("held elsewhere fails the turn with its holder, and works once it is free", async () => {
    const store = memorySessions();
    await store.open("s", 1);
    const runtime = new ChatRuntime(echo, { store, sessionId: "s" });
    const stream = runtime.send("one");
    await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_SESSION_HELD" });
    expect(ends(await all(stream))).toEqual(["turn.failed"]);
    await store.release("s");
    expect(textOf(await runtime.invoke("two"))).toBe("you said two");
  });

  it("lost to another writer is refused once, and then opened anew", async () => {
    const store = memorySessions();
    const runtime = new ChatRuntime(echo, { store, sessionId: "s" });
    await runtime.invoke("one");
    await store.release("s");
    await expect(runtime.invoke("two")).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
    await runtime.invoke("three");
    expect(texts(runtime.history)).toEqual(["one", "you said one", "three", "you said three"]);
  });

  it("is let go by close, which cancels what runs and refuses what comes", async () => {
    const store = memorySessions();
    const configuration = slow();
    const runtime = new ChatRuntime(configuration, { store, sessionId: "s" });
    const stream = runtime.send("one");
    await configuration.begun;
    await Promise.all([runtime.close(), runtime.close()]);
    await expect(stream.reply).rejects.toMatchObject({ code: "ORCH_TURN_CANCELLED" });
    expect(() => runtime.send("two")).toThrow(expect.objectContaining({ code: "ORCH_RUNTIME_CLOSED" }));
    await expect(runtime.open()).rejects.toMatchObject({ code: "ORCH_RUNTIME_CLOSED" });
    expect(await store.open("s", 2)).toMatchObject({ turns: [{ status: "cancelled" }] });
  });

  it("takes a title from the first message: one line, 60 characters", async () => {
    const runtime = new ChatRuntime(echo);
    await runtime.invoke(`  What\n is ${"very ".repeat(20)}long?`);
    const title = runtime.session?.title ?? "";
    expect(title.startsWith("What is very very")).toBe(true);
    expect(Array.from(title)).toHaveLength(60);
    await runtime.rename("Mine");
    expect(runtime.session?.title).toBe("Mine");
  });
});
