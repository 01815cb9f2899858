import type { RunContext, Schema } from "@orch/core";
import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { keepRecent } from "../compaction/keep-recent.ts";
import { summarizer } from "../compaction/summarizer.ts";
import type { JsonObject } from "../platform/json-object.ts";
import { agentRunnable } from "../run/agent-runnable.ts";
import { asTool } from "../run/agent-tool.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import { approvalAnswer } from "./approval-answer.ts";
import { askedCall } from "./call-questions.ts";
import { remember } from "./remember.ts";

class Crash extends Error {}

/** What a host keeps: texts by name. `dieAfter` ends the process after so many new ones were kept. */
function memory() {
  const kept = new Map<string, string>();
  let left = Number.POSITIVE_INFINITY;
  const once = async <TValue>(name: string, fn: () => Promise<TValue>): Promise<TValue> => {
    if (left < 0) throw new Crash();
    const known = kept.get(name);
    if (known !== undefined) return JSON.parse(known) as TValue;
    if (left-- === 0) throw new Crash();
    const value = await fn();
    kept.set(name, JSON.stringify(value));
    return value;
  };
  const dieAfter = (count: number): void => {
    left = count;
  };
  return { kept, once, dieAfter };
}

interface Question {
  readonly name: string;
  readonly prompt: unknown;
  readonly answer: Schema<unknown>;
}

function context(more: {
  readonly once?: ReturnType<typeof memory>["once"];
  readonly ask?: (question: Question) => Promise<unknown>;
}) {
  const spent: number[] = [];
  const emitted: AgentEvent[] = [];
  const ctx = {
    runId: "r",
    path: "p",
    key: "r/p",
    visit: 1,
    attempt: 1,
    signal: new AbortController().signal,
    emit: (data: unknown) => void emitted.push(data as AgentEvent),
    spend: ({ inputTokens = 0 }: { inputTokens?: number }) => void spent.push(inputTokens),
    now: () => 0,
    random: () => 0,
    ...more,
  } as unknown as RunContext;
  return { ctx, spent, emitted };
}

/** An agent with a tool, and a helper behind a tool that has one too. */
function scene() {
  const ran: string[] = [];
  const write = tool({
    name: "write",
    description: "x",
    input: z.object({ to: z.string() }),
    invoke: ({ to }) => {
      ran.push(to);
      return `wrote ${to}`;
    },
  });
  const inner = scriptedModel((request) =>
    toolOutputs(request.messages).length === 0
      ? { calls: [{ name: "write", input: { to: "inner" }, id: "i1" }] }
      : "inner done",
  );
  const outer = scriptedModel((request) => {
    const done = toolOutputs(request.messages).length;
    if (done === 0)
      return { calls: ["a", "b"].map((to, n) => ({ name: "write", input: { to }, id: `w${n}` })) };
    if (done === 2) return { calls: [{ name: "helper", input: { input: "x" }, id: "h1" }] };
    return `All: ${toolOutputs(request.messages).join(", ")}`;
  });
  const helper = agent({ name: "helper", model: inner, tools: [write] });
  const boss = agent({ name: "boss", model: outer, tools: [write, asTool(helper, { description: "x" })] });
  return { boss, models: { outer, inner }, ran };
}

const ANSWER = "All: wrote a, wrote b, inner done";

describe("a run with memory", () => {
  it("that dies anywhere and is made again pays each model call once, runs each tool once, and answers the same", async () => {
    for (let steps = 0; steps <= 8; steps++) {
      const { boss, models, ran } = scene();
      const { once, dieAfter, kept } = memory();
      const state = agentRunnable(boss);
      dieAfter(steps);
      const first = context({ once });
      const ended = await (async () => state.invoke("go", first.ctx))().catch((error: unknown) => error);
      expect(ended instanceof Crash).toBe(steps < 8);
      dieAfter(Number.POSITIVE_INFINITY);
      const second = context({ once });
      expect(await state.invoke("go", second.ctx)).toBe(ANSWER);
      expect(ran.sort()).toEqual(["a", "b", "inner"]);
      expect(models.outer.requests).toHaveLength(3);
      expect(models.inner.requests).toHaveLength(2);
      expect(kept.size).toBe(8);
      expect([...first.spent, ...second.spent]).toEqual([10, 10, 10, 10, 10]);
    }
  });

  it("says what it only heard again, and counts it in the result", async () => {
    const { boss } = scene();
    const { once } = memory();
    const first = await runAgent(boss, "go", { once });
    const events: AgentEvent[] = [];
    const second = await runAgent(boss, "go", { once, onEvent: (event) => void events.push(event) });
    expect(second.messages).toEqual(first.messages);
    expect(second.usage).toEqual(first.usage);
    const turns = events.filter(({ type }) => type === "agent.turn.completed");
    expect(turns.every((event) => "replayed" in event && event.replayed)).toBe(true);
    expect(events.some(({ type }) => type === "agent.model" || type === "tool.started")).toBe(
      events.some(
        ({ type, ...event }) => type === "tool.started" && "name" in event && event.name === "helper",
      ),
    );
  });

  it("makes a call again that was cut off, failed or cancelled", async () => {
    const { once, kept } = memory();
    const model = scriptedModel([
      { failure: { kind: "overloaded", retryable: true } },
      { text: "Half", finish: "length" },
      "Whole.",
    ]);
    const state = agentRunnable(agent({ name: "a", model }));
    await expect(state.invoke("go", context({ once }).ctx)).rejects.toMatchObject({ retryable: true });
    await expect(state.invoke("go", context({ once }).ctx)).rejects.toMatchObject({
      facts: { stopReason: "length" },
      retryable: true,
    });
    expect(kept.size).toBe(0);
    expect(await state.invoke("go", context({ once }).ctx)).toBe("Whole.");
    expect(await state.invoke("go", context({ once }).ctx)).toBe("Whole.");
    expect(model.requests).toHaveLength(3);
  });

  it("tells the engine that another attempt would only hear the same", async () => {
    const bad = () =>
      agentRunnable(
        agent({ name: "a", model: scriptedModel(["no", "no"]), output: z.object({ n: z.number() }) }),
      );
    await expect(bad().invoke("go", context({ once: memory().once }).ctx)).rejects.toMatchObject({
      retryable: false,
    });
    await expect(bad().invoke("go", context({}).ctx)).rejects.toMatchObject({ retryable: true });
  });

  it("keeps agents apart that are invoked in one state, and the same one with other words", async () => {
    const echo = (name: string) =>
      agentRunnable(
        agent({
          name,
          model: scriptedModel((request, call) => `${name} ${call} ${request.messages.length}`),
        }),
      );
    const [a, b] = [echo("a"), echo("b")];
    const { once, kept } = memory();
    const all = async (): Promise<string[]> => {
      const { ctx } = context({ once });
      return [
        await a.invoke("x", ctx),
        await b.invoke("x", ctx),
        await a.invoke("y", ctx),
        await a.invoke("x", ctx),
      ];
    };
    const first = await all();
    expect(first).toEqual(["a 0 1", "b 0 1", "a 1 1", "a 2 1"]);
    expect(await all()).toEqual(first);
    expect(kept.size).toBe(4);
  });

  it("never takes the result of another call for that of this one", async () => {
    const { once } = memory();
    // The model's turns are lost, and it asks for something else the second time.
    const onlyTools: typeof once = (name, fn) => (name.startsWith("tool:") ? once(name, fn) : fn());
    const { boss } = scene();
    const write = boss.tools[0]!;
    const outputs: string[] = [];
    for (const to of ["a", "b", "a"]) {
      const model = scriptedModel([{ calls: [{ name: "write", input: { to } }] }, "ok"]);
      const result = await runAgent(agent({ name: "x", model, tools: [write] }), "go", { once: onlyTools });
      outputs.push(...toolOutputs(result.messages));
    }
    expect(outputs).toEqual(["wrote a", "wrote b", "wrote a"]);
  });

  it("counts what preparing used before, and does not prepare again", async () => {
    const model = scriptedModel((request) =>
      request.tools === undefined && request.messages.length === 2 ? "notes" : "ok",
    );
    const long = Array.from({ length: 9 }, (_, n) => ({
      role: "user" as const,
      content: [{ type: "text" as const, text: `${n}`.repeat(400) }],
    }));
    const a = agent({ name: "a", instructions: "x", model, prepare: summarizer({ above: 500, keep: 150 }) });
    const { once } = memory();
    const first = await runAgent(a, long, { once });
    const again = await runAgent(
      agent({ ...{ name: "a", instructions: "x", model }, prepare: keepRecent() }),
      long,
      { once },
    );
    expect(again.usage).toEqual(first.usage);
    expect(model.requests).toHaveLength(2);
  });

  it("throws what the memory throws, and remembers nothing that was not kept", async () => {
    const full = <TValue>(_: string, fn: () => Promise<TValue>): Promise<TValue> =>
      fn().then(() => Promise.reject(new Crash("disk full")));
    await expect(
      remember(
        full,
        "x",
        async () => 1,
        () => true,
      ),
    ).rejects.toThrow("disk full");
    expect(
      await remember(
        full,
        "x",
        async () => 1,
        () => false,
      ),
    ).toEqual({ value: 1, replayed: false });
  });
});

describe("questions of the run", () => {
  const risky = (ran: string[]) =>
    tool({
      name: "remove",
      description: "x",
      input: z.object({ path: z.string() }),
      approve: true,
      invoke: ({ path }) => {
        ran.push(path);
        return "removed";
      },
    });
  const script = () => scriptedModel([{ calls: [{ name: "remove", input: { path: "a" } }] }, "Done."]);

  it("are the approvals of an agent as a state, and survive a restart", async () => {
    const ran: string[] = [];
    const { once } = memory();
    const model = script();
    const state = agentRunnable(agent({ name: "a", model, tools: [risky(ran)] }));
    const asked: Question[] = [];
    // The first process ends while the question is open.
    const first = context({
      once,
      ask: (question) => Promise.reject(new Crash(`asked ${asked.push(question)}`)),
    });
    await expect(state.invoke("go", first.ctx)).rejects.toBeInstanceOf(Crash);
    expect(ran).toEqual([]);
    const second = context({ once, ask: async (question) => asked.push(question) > 0 });
    expect(await state.invoke("go", second.ctx)).toBe("Done.");
    expect(ran).toEqual(["a"]);
    expect(model.requests).toHaveLength(2);
    expect(asked[0]?.name).toBe(asked[1]?.name);
    expect(asked[0]).toMatchObject({
      name: expect.stringMatching(/^a:[0-9a-f]{12}:approval:1:0:[0-9a-f]{32}$/),
      prompt: {
        question: 'May the tool "remove" run with {"path":"a"}?',
        tool: "remove",
        input: { path: "a" },
      },
    });
    const { name, prompt, answer } = asked[0]!;
    const { jsonSchema } = answer["~standard"] as unknown as { jsonSchema: { input: () => JsonObject } };
    const schema = jsonSchema.input();
    const question = { id: `flow/a#1/${name}`, prompt, schema };
    expect(askedCall(question)).toMatchObject({
      tool: "remove",
      input: { path: "a" },
      schema: { properties: { path: { type: "string" } } },
    });
    // What only looks like such a question is none: another call, another id, a text.
    const other = { ...(prompt as object), input: { path: "b" } };
    for (const false_ of [{ prompt: other }, { id: "flow/a#1" }, { prompt: "May it run?" }, { prompt: null }])
      expect(askedCall({ ...question, ...false_ })).toBeUndefined();
  });

  it("deny as the answer says, and give way to a function of one's own", async () => {
    for (const [onApproval, count] of [
      [undefined, 0],
      [() => true, 1],
    ] as const) {
      const ran: string[] = [];
      const state = agentRunnable(
        agent({ name: "a", model: script(), tools: [risky(ran)] }),
        onApproval && { onApproval },
      );
      await state.invoke("go", context({ ask: async () => ({ deny: "No." }) }).ctx);
      expect(ran).toHaveLength(count);
    }
  });

  it("that nobody can be asked are denied", async () => {
    const ran: string[] = [];
    const model = script();
    const state = agentRunnable(agent({ name: "a", model, tools: [risky(ran)] }));
    expect(await state.invoke("go", context({}).ctx)).toBe("Done.");
    expect(toolOutputs(model.requests[1]!.messages)).toEqual([
      "The call was denied: Nobody can be asked here.",
    ]);
    expect(ran).toEqual([]);
  });

  it("are the results of deferred tools", async () => {
    const click = tool({ name: "remove", description: "x", input: z.object({ path: z.string() }) });
    const { once } = memory();
    const model = script();
    const state = agentRunnable(agent({ name: "a", model, tools: [click] }));
    const names: string[] = [];
    const { ctx } = context({ once, ask: async ({ name }) => ({ ok: names.push(name) > 0 }) });
    expect(await state.invoke("go", ctx)).toBe("Done.");
    expect(toolOutputs(model.requests[1]!.messages)).toEqual(['{"ok":true}']);
    expect(names[0]).toContain(":result:1:0:");
    let executed = 0;
    const own = agentRunnable(agent({ name: "b", model: script(), tools: [click] }), {
      execute: () => `${++executed}`,
    });
    const kept = memory();
    await own.invoke("go", context({ once: kept.once }).ctx);
    await own.invoke("go", context({ once: kept.once }).ctx);
    expect(executed).toBe(1);
  });

  it("take true, false, a reason or arguments that fit for an answer, and nothing else", async () => {
    const judge = async (value: unknown) =>
      (await approvalAnswer(risky([]))["~standard"].validate(value)).issues === undefined;
    const good = [true, false, { deny: "x" }, { input: { path: "b" } }];
    for (const value of good) expect(await judge(value), JSON.stringify(value)).toBe(true);
    const bad = ["yes", 1, null, {}, { deny: 1 }, { approve: true }, { input: {} }, { deny: "x", input: 1 }];
    for (const value of bad) expect(await judge(value), JSON.stringify(value)).toBe(false);
  });
});

describe("time in a run with memory", () => {
  it("is not waited for again by a tool that had timed out", async () => {
    const clock = manualClock();
    const { once } = memory();
    const slow = tool({
      name: "slow",
      description: "x",
      input: z.object({}),
      timeout: 10,
      invoke: () => new Promise<string>(() => {}),
    });
    const model = scriptedModel([{ calls: [{ name: "slow" }] }, "ok"]);
    const a = agent({ name: "a", model, tools: [slow] });
    let began: () => void = () => {};
    const started = new Promise<void>((resolve) => {
      began = resolve;
    });
    const onEvent = ({ type }: AgentEvent): void => void (type === "tool.started" && began());
    const running = runAgent(a, "go", { once, clock, onEvent });
    await started;
    await clock.advance(10);
    await clock.advance(1_000);
    const first = await running;
    expect((await runAgent(a, "go", { once, clock })).messages).toEqual(first.messages);
    expect(clock.pending()).toBe(0);
  });
});
