import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import type { AgentEvent } from "../words/events.ts";
import { type Message, userMessage } from "../words/message.ts";
import { runAgent, streamAgent } from "./runner.ts";

const echo = tool({
  name: "echo",
  description: "Gives back what it gets.",
  input: z.object({ n: z.number() }),
  invoke: ({ n }) => `echo ${n}`,
});

/** Each call has exactly one result, and each result a call. */
function isClosed(messages: readonly Message[]): boolean {
  const open = new Set<string>();
  for (const { role, content } of messages) {
    if (role === "assistant") {
      if (open.size > 0) return false;
      for (const part of content) if (part.type === "tool-call") open.add(part.id);
    }
    if (role === "tool") for (const { id } of content) if (!open.delete(id)) return false;
  }
  return open.size === 0;
}

describe("a run", () => {
  it("gives the text, the whole conversation, usage and why it stopped", async () => {
    const model = scriptedModel(["Hello there."]);
    const result = await runAgent(agent({ name: "greeter", instructions: "Greet.", model }), "Hi");
    expect(result).toMatchObject({
      output: "Hello there.",
      stopReason: "done",
      usage: { input: 10, output: 5 },
      inputCount: 1,
      agent: "greeter",
      pending: [],
      warnings: [],
    });
    expect(result.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(result).not.toHaveProperty("cost");
  });

  it("goes through ten turns of tools and gives the eleventh's answer", async () => {
    const model = scriptedModel((_, call) =>
      call < 10 ? { calls: [{ name: "echo", input: { n: call } }] } : "Ten echoes.",
    );
    const result = await runAgent(agent({ name: "a", model, tools: [echo], maxTurns: 11 }), "go");
    expect(result.output).toBe("Ten echoes.");
    expect(toolOutputs(result.messages)).toEqual(Array.from({ length: 10 }, (_, n) => `echo ${n}`));
    expect(result.usage).toEqual({ input: 110, output: 55 });
    expect(isClosed(result.messages)).toBe(true);
  });

  it("only ever adds to what was sent to the model before", async () => {
    const model = scriptedModel((_, call) =>
      call < 4 ? { calls: [{ name: "echo", input: { n: call } }] } : "Done.",
    );
    await runAgent(agent({ name: "a", instructions: "x", model, tools: [echo] }), "go");
    for (const [call, { messages }] of model.requests.entries()) {
      const before = model.requests[call - 1]?.messages ?? [];
      expect(messages.slice(0, before.length)).toEqual(before);
    }
  });

  it("calls a function of instructions once per run", async () => {
    let calls = 0;
    const instructions = (input: readonly Message[]): string => `${++calls} of ${input.length}`;
    const model = scriptedModel([{ calls: [{ name: "echo", input: { n: 1 } }] }, "Done."]);
    await runAgent(agent({ name: "a", instructions, model, tools: [echo] }), "go");
    expect(model.requests.map((request) => request.messages[0]?.content)).toEqual([
      [{ type: "text", text: "1 of 1" }],
      [{ type: "text", text: "1 of 1" }],
    ]);
  });

  it("lets prepare shorten what the model sees before every call, and keeps all of it", async () => {
    const model = scriptedModel([{ calls: [{ name: "echo", input: { n: 1 } }] }, "Done."]);
    const seen: number[] = [];
    const short = agent({
      name: "a",
      model,
      tools: [echo],
      prepare: (messages, { turn }) => {
        seen.push(turn);
        return messages.slice(-1);
      },
    });
    const result = await runAgent(short, "go");
    expect(seen).toEqual([1, 2]);
    expect(model.requests.map(({ messages }) => messages.length)).toEqual([1, 1]);
    expect(result.messages).toHaveLength(4);
  });

  it("adds costs where the price is known, cached tokens at their own price", async () => {
    const usage = { input: 1_000_000, output: 100_000, cacheRead: 400_000 };
    const model = scriptedModel([{ text: "x", usage }], {
      caps: { price: { input: 2, output: 10, cacheRead: 0.5 } },
    });
    expect((await runAgent(agent({ name: "a", model }), "go")).cost).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 1);
  });

  it("refuses to begin without a model", async () => {
    await expect(runAgent(agent({ name: "a" }), "go")).rejects.toMatchObject({ code: "ORCH_MISSING_MODEL" });
  });
});

describe("limits", () => {
  const forever = () => scriptedModel((_, call) => ({ calls: [{ name: "echo", input: { n: call } }] }));

  it("return what was done when the turns are used up", async () => {
    const result = await runAgent(agent({ name: "a", model: forever(), tools: [echo], maxTurns: 3 }), "go");
    expect(result).toMatchObject({ stopReason: "max-turns" });
    expect(result.messages).toHaveLength(7);
    expect(isClosed(result.messages)).toBe(true);
    expect(result).not.toHaveProperty("output");
  });

  it("ask once more for an answer, without tools, where finalTurn is set", async () => {
    const model = scriptedModel((request, call) =>
      request.toolChoice === "none" ? "So far." : { calls: [{ name: "echo", input: { n: call } }] },
    );
    const last = agent({ name: "a", model, tools: [echo], maxTurns: 2, finalTurn: true });
    const result = await runAgent(last, "go");
    expect(result).toMatchObject({ stopReason: "done", output: "So far." });
    expect(model.requests).toHaveLength(3);
    expect(result.warnings).toHaveLength(1);
  });

  it("end a run before the turn that would begin over budget", async () => {
    const result = await runAgent(
      agent({ name: "a", model: forever(), tools: [echo], budget: { maxTokens: 30 } }),
      "go",
    );
    expect(result).toMatchObject({ stopReason: "budget", usage: { input: 20, output: 10 } });
  });

  it("warn the model about the same call three turns running, and stop the fourth", async () => {
    let ran = 0;
    const poll = tool({
      name: "poll",
      description: "Polls.",
      input: z.object({ a: z.number(), b: z.number() }),
      invoke: () => `poll ${++ran}`,
    });
    const model = scriptedModel((_, call) => ({
      calls: [{ name: "poll", input: call % 2 === 0 ? { a: 1, b: 2 } : { b: 2, a: 1 } }],
    }));
    const result = await runAgent(agent({ name: "a", model, tools: [poll] }), "go");
    expect(result.stopReason).toBe("loop");
    expect(ran).toBe(2);
    expect(toolOutputs(result.messages)).toEqual([
      "poll 1",
      "poll 2",
      expect.stringContaining("third turn running"),
      expect.stringContaining("four turns running"),
    ]);
  });

  it("run 128 calls of one message, and tell the model of the others", async () => {
    let ran = 0;
    const count = tool({
      name: "echo",
      description: "Counts.",
      input: z.object({ n: z.number() }),
      invoke: () => `ran ${++ran}`,
    });
    const calls = Array.from({ length: 10_000 }, (_, n) => ({ name: "echo", input: { n } }));
    const model = scriptedModel([{ calls }, "Enough."]);
    const result = await runAgent(agent({ name: "a", model, tools: [count] }), "go");
    expect(result.stopReason).toBe("done");
    expect(ran).toBe(128);
    expect(isClosed(result.messages)).toBe(true);
    expect(toolOutputs(result.messages).at(-1)).toContain("one message may make 128 calls");
  });
});

describe("a message that is not whole", () => {
  for (const [finish, stopReason] of [
    ["length", "length"],
    ["interrupted", "error"],
    ["error", "error"],
    ["other", "error"],
    ["filtered", "refusal"],
  ] as const) {
    it(`runs none of its calls when it ends with ${finish}`, async () => {
      let ran = 0;
      const never = tool({ name: "never", description: "x", input: z.object({}), invoke: () => `${++ran}` });
      const model = scriptedModel([{ text: "I", calls: [{ name: "never" }], finish }]);
      const result = await runAgent(agent({ name: "a", model, tools: [never] }), "go");
      expect(result.stopReason).toBe(stopReason);
      expect(ran).toBe(0);
      expect(result.messages).toHaveLength(3);
      expect(isClosed(result.messages)).toBe(true);
      const kind = finish === "interrupted" ? "cut" : "protocol";
      if (stopReason === "error") expect(result.failure).toMatchObject({ kind });
    });
  }

  it("goes back to the model when the provider paused it", async () => {
    const model = scriptedModel([{ text: "Searching", finish: "paused" }, "Found."]);
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result.output).toBe("Found.");
    expect(model.requests[1]?.messages).toHaveLength(2);
  });

  it("is a refusal when the model refuses, and no invalid output", async () => {
    const model = scriptedModel([{ refusal: "No." }]);
    const result = await runAgent(agent({ name: "a", model, output: z.object({ x: z.string() }) }), "go");
    expect(result.stopReason).toBe("refusal");
    expect(model.requests).toHaveLength(1);
  });

  it("keeps the provider's failure as data", async () => {
    const model = scriptedModel([
      { failure: { kind: "rate-limit", message: "Slow down.", retryAfterMs: 9 } },
    ]);
    const result = await runAgent(agent({ name: "a", model }), "go");
    expect(result).toMatchObject({ stopReason: "error", failure: { kind: "rate-limit", retryAfterMs: 9 } });
    expect(result.messages).toEqual([userMessage("go")]);
  });

  it("does not let the finish reason alone decide: calls with a plain stop run", async () => {
    const model = scriptedModel([{ calls: [{ name: "echo", input: { n: 1 } }], finish: "stop" }, "ok"]);
    const result = await runAgent(agent({ name: "a", model, tools: [echo] }), "go");
    expect(toolOutputs(result.messages)).toEqual(["echo 1"]);
  });
});

describe("cancelling", () => {
  it("in the middle of a tool reaches the tool, and leaves a closed conversation", async () => {
    const stop = new AbortController();
    let told = false;
    const slow = tool({
      name: "slow",
      description: "Waits.",
      input: z.object({}),
      invoke: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            told = true;
            reject(signal.reason);
          });
          stop.abort();
        }),
    });
    const model = scriptedModel([{ calls: [{ name: "slow" }, { name: "echo", input: { n: 1 } }] }]);
    const clock = manualClock();
    const result = await runAgent(agent({ name: "a", model, tools: [slow, echo] }), "go", {
      signal: stop.signal,
      clock,
    });
    expect(result.stopReason).toBe("aborted");
    expect(told).toBe(true);
    expect(toolOutputs(result.messages)[0]).toBe("Cancelled.");
    expect(isClosed(result.messages)).toBe(true);
    expect(clock.pending()).toBe(0);
    expect(model.requests).toHaveLength(1);
  });

  it("leaves a tool behind that does not stop within a second", async () => {
    const stop = new AbortController();
    const deaf = tool({
      name: "deaf",
      description: "Never ends.",
      input: z.object({}),
      invoke: () => {
        stop.abort();
        return new Promise<string>(() => {});
      },
    });
    const clock = manualClock();
    const model = scriptedModel([{ calls: [{ name: "deaf" }] }]);
    const running = runAgent(agent({ name: "a", model, tools: [deaf] }), "go", {
      signal: stop.signal,
      clock,
    });
    await clock.advance(1_000);
    expect(await running).toMatchObject({ stopReason: "aborted" });
    expect(clock.pending()).toBe(0);
  });

  it("in the middle of a model call keeps the text until then", async () => {
    const stop = new AbortController();
    const model = scriptedModel([{ text: "Half an", stall: true }]);
    const result = await runAgent(agent({ name: "a", model }), "go", {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "agent.model" && event.event.type === "part") stop.abort();
      },
    });
    expect(result.stopReason).toBe("aborted");
    expect(result.messages.at(-1)).toMatchObject({
      content: [{ text: "Half an" }],
      finish: { reason: "aborted" },
    });
  });

  it("before the start calls no model", async () => {
    const model = scriptedModel([]);
    const result = await runAgent(agent({ name: "a", model }), "go", { signal: AbortSignal.abort() });
    expect(result.stopReason).toBe("aborted");
    expect(model.requests).toHaveLength(0);
  });
});

describe("events", () => {
  const twoTurns = () => scriptedModel([{ calls: [{ name: "echo", input: { n: 1 } }] }, "ok"]);

  it("come in the drawn order, with one start and one end", async () => {
    const types: string[] = [];
    await runAgent(agent({ name: "a", model: twoTurns(), tools: [echo] }), "go", {
      onEvent: ({ type }) => {
        if (type !== "agent.model") types.push(type);
      },
    });
    const turn = ["agent.turn.started", "agent.message"];
    expect(types).toEqual([
      "agent.started",
      ...turn,
      "tool.started",
      "tool.completed",
      "agent.message",
      "agent.turn.completed",
      ...turn,
      "agent.turn.completed",
      "agent.completed",
    ]);
  });

  it("harm nothing when their reader throws or rejects", async () => {
    for (const onEvent of [
      () => {
        throw new TypeError("reader");
      },
      async () => {
        throw new TypeError("late reader");
      },
    ]) {
      const result = await runAgent(agent({ name: "a", model: twoTurns(), tools: [echo] }), "go", {
        onEvent,
      });
      expect(result.output).toBe("ok");
    }
  });

  it("are the same when streamed, and the stream returns the result", async () => {
    const told: AgentEvent[] = [];
    const clock = manualClock();
    await runAgent(agent({ name: "a", model: twoTurns(), tools: [echo] }), "go", {
      clock,
      onEvent: (event) => {
        told.push(event);
      },
    });
    const stream = streamAgent(agent({ name: "a", model: twoTurns(), tools: [echo] }), "go", { clock });
    const streamed: AgentEvent[] = [];
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) streamed.push(step.value);
    expect(streamed).toEqual(told);
    expect(step.value).toMatchObject({ output: "ok", stopReason: "done" });
  });

  it("cancel the run when their reader leaves early", async () => {
    const model = scriptedModel([{ text: "Long", stall: true }]);
    for await (const event of streamAgent(agent({ name: "a", model }), "go")) {
      if (event.type === "agent.model" && event.event.type === "part") break;
    }
    expect(model.requests[0]?.signal.aborted).toBe(true);
  });

  it("tell when a wrapper makes a call again", async () => {
    const failure = { kind: "server", message: "x", retryable: true } as const;
    const inner = scriptedModel(["ok"]);
    const wrapped = {
      ...inner,
      stream: (request: Parameters<typeof inner.stream>[0]) => {
        request.onRetry?.({ attempt: 1, delay: 5, failure });
        return inner.stream(request);
      },
    };
    const told: AgentEvent[] = [];
    await runAgent(agent({ name: "a", model: wrapped }), "go", { onEvent: (event) => void told.push(event) });
    expect(told).toContainEqual({
      type: "agent.retrying",
      agent: "a",
      turn: 1,
      attempt: 1,
      delay: 5,
      failure,
    });
  });
});
