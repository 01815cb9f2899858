import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import type { AgentEvent } from "../words/events.ts";
import { textOf } from "../words/message.ts";
import { asTool } from "./agent-tool.ts";
import { runAgent } from "./runner.ts";

type Script = Parameters<typeof scriptedModel>[0];

const ask = (name: string, input: string, id?: string) => ({ name, input: { input }, ...(id && { id }) });

function scene(outer: Script, inner: Script, more: Partial<Parameters<typeof asTool>[1]> = {}) {
  const ran: string[] = [];
  const remove = tool({
    name: "remove",
    description: "Removes a file.",
    input: z.object({ path: z.string() }),
    approve: true,
    invoke: ({ path }) => {
      ran.push(path);
      return `removed ${path}`;
    },
  });
  const models = { outer: scriptedModel(outer), inner: scriptedModel(inner) };
  const helper = agent({ name: "Helper Nº 1", model: models.inner, tools: [remove] });
  const boss = agent({
    name: "boss",
    model: models.outer,
    tools: [asTool(helper, { description: "Helps.", ...more })],
  });
  return { boss, models, ran };
}

const NAME = "Helper_No_1";

describe("an agent as a tool", () => {
  it("has a legal name, is told what the outer agent says, and its answer is the result", async () => {
    const { boss, models } = scene([{ calls: [ask(NAME, "two lines")] }, "Thanks."], ["Line, line."]);
    const result = await runAgent(boss, "go");
    expect(models.outer.requests[0]?.tools?.[0]).toMatchObject({ name: NAME, strict: true });
    expect(models.inner.requests[0]?.messages.map(textOf)).toEqual(["two lines"]);
    expect(toolOutputs(result.messages)).toEqual(["Line, line."]);
    expect(result).toMatchObject({ output: "Thanks.", agent: "boss" });
  });

  it("rolls its usage and its events up, with the path of calls that leads there", async () => {
    const deep = agent({ name: "deep", model: scriptedModel(["bottom"], { id: { model: "small" } }) });
    const middle = agent({
      name: "middle",
      model: scriptedModel([{ calls: [ask("deep", "x", "c2")] }, "middle"]),
      tools: [asTool(deep, { description: "x" })],
    });
    const top = agent({
      name: "top",
      model: scriptedModel([{ calls: [ask("middle", "x", "c1")] }, "top"]),
      tools: [asTool(middle, { description: "x" })],
    });
    const events: AgentEvent[] = [];
    const result = await runAgent(top, "go", { onEvent: (event) => void events.push(event) });
    expect(result.usage).toEqual({ input: 50, output: 25 });
    expect(result.usageByModel).toEqual({
      "test/scripted": { input: 40, output: 20 },
      "test/small": { input: 10, output: 5 },
    });
    const nested = events.flatMap((event) => (event.type === "agent.nested" ? [event] : []));
    expect(new Set(nested.map(({ path, event }) => `${path} ${event.agent}`))).toEqual(
      new Set(["c1 middle", "c1/c2 deep"]),
    );
    expect(nested.some(({ event }) => event.type === "agent.nested")).toBe(false);
    expect(events.filter(({ type }) => type === "agent.completed")).toHaveLength(1);
  });

  it("shares the outer run's turns and budget", async () => {
    const forever: Script = () => ({ calls: [{ name: "nothing" }] });
    const turns = scene([{ calls: [ask(NAME, "x")] }], forever);
    const limited = await runAgent(turns.boss, "go", { maxTurns: 3 });
    expect(limited.stopReason).toBe("max-turns");
    expect(turns.models.inner.requests).toHaveLength(2);
    expect(toolOutputs(limited.messages)[0]).toContain("stopped without an answer (max-turns)");

    const money = scene([{ calls: [ask(NAME, "x")] }], ["one"]);
    const broke = await runAgent(money.boss, "go", { budget: { maxTokens: 30 } });
    expect(broke).toMatchObject({ stopReason: "budget", usage: { input: 20, output: 10 } });
    expect(toolOutputs(broke.messages)).toEqual(["one"]);
  });

  it("ends with the outer run's signal", async () => {
    const stop = new AbortController();
    const { boss, models } = scene([{ calls: [ask(NAME, "x")] }], [{ text: "Half", stall: true }]);
    const result = await runAgent(boss, "go", {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "agent.nested" && event.event.type === "agent.model") stop.abort();
      },
    });
    expect(result.stopReason).toBe("aborted");
    expect(toolOutputs(result.messages)).toEqual(["Cancelled."]);
    expect(models.inner.requests[0]?.signal.aborted).toBe(true);
  });

  it("ends when its own time is up, and the outer model is told", async () => {
    const clock = manualClock();
    const { boss } = scene([{ calls: [ask(NAME, "x")] }, "Then not."], [{ text: "Half", stall: true }], {
      timeout: 5_000,
    });
    const running = runAgent(boss, "go", { clock });
    await clock.advance(5_000);
    const result = await running;
    expect(result.output).toBe("Then not.");
    expect(toolOutputs(result.messages)).toEqual(["The tool took longer than 5 s and was stopped."]);
    expect(clock.pending()).toBe(0);
  });

  it("tells the outer model why it has no answer, or ends the run", async () => {
    const failure = { kind: "auth", message: "Bad key.", retryable: false } as const;
    const told = scene([{ calls: [ask(NAME, "x")] }, "ok"], [{ failure }]);
    expect(toolOutputs((await runAgent(told.boss, "go")).messages)[0]).toBe(
      'The agent "Helper Nº 1" stopped without an answer (error). Bad key.',
    );
    const stopped = scene([{ calls: [ask(NAME, "x")] }], [{ failure }], { onError: "stop" });
    expect(await runAgent(stopped.boss, "go")).toMatchObject({
      stopReason: "error",
      failure: { tool: NAME },
    });
  });

  it("E12, further: keeps what its model says about another attempt", async () => {
    const busy = { kind: "rate-limit", message: "Slow down.", retryable: true, retryAfterMs: 9 } as const;
    for (const failure of [busy, { kind: "auth", message: "Bad key.", retryable: false } as const]) {
      const { boss } = scene([{ calls: [ask(NAME, "x")] }], [{ failure }], { onError: "stop" });
      const { retryable } = failure;
      const said = failure.kind === "auth" ? { retryable } : { retryable, retryAfterMs: 9 };
      expect(await runAgent(boss, "go")).toMatchObject({ failure: { kind: "tool", ...said } });
    }
  });

  it("throws for a mistake in how it is set up, and stops what runs beside it", async () => {
    let aborted = false;
    const slow = tool({
      name: "slow",
      description: "x",
      input: z.object({}),
      invoke: (_, { signal }) =>
        new Promise<string>((resolve) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve("");
          });
        }),
    });
    const model = scriptedModel([{ calls: [{ name: "slow" }, ask("bare", "x")] }]);
    const bare = asTool(agent({ name: "bare" }), { description: "x" });
    await expect(runAgent(agent({ name: "a", model, tools: [slow, bare] }), "go")).rejects.toMatchObject({
      code: "ORCH_MISSING_MODEL",
    });
    expect(aborted).toBe(true);
  });
});

describe("approvals inside an agent that is a tool", () => {
  const removal = (path: string, id: string) => ({ name: "remove", input: { path }, id });
  const two: Script = [{ calls: [removal("a", "i1"), removal("b", "i2")] }, "Cleaned."];

  it("are asked with the path of the call, one at a time", async () => {
    const { boss, ran } = scene(
      [{ calls: [ask(NAME, "x", "o1"), ask(NAME, "y", "o2")] }, "ok"],
      (_, call) => {
        if (call > 1) return "Cleaned.";
        return { calls: [removal(`${call}`, `i${call}`)] };
      },
    );
    const asked: string[] = [];
    let open = 0;
    await runAgent(boss, "go", {
      onApproval: async ({ id }) => {
        expect(++open).toBe(1);
        asked.push(id);
        await Promise.resolve();
        open--;
        return true;
      },
    });
    expect(asked.sort()).toEqual(["o1/i0", "o2/i1"]);
    expect(ran.sort()).toEqual(["0", "1"]);
  });

  it("wait as data, and the inner run goes on where it was, after a restart", async () => {
    const { boss, ran, models } = scene([{ calls: [ask(NAME, "x", "o1")] }, "All clean."], two);
    const first = JSON.parse(JSON.stringify(await runAgent(boss, "go"))) as Awaited<
      ReturnType<typeof runAgent>
    >;
    expect(first).toMatchObject({
      stopReason: "needs-approval",
      pending: [
        { id: "o1/i1", name: "remove", input: { path: "a" } },
        { id: "o1/i2", name: "remove", input: { path: "b" } },
      ],
      paused: [{ callId: "o1" }],
    });
    const [a, b] = first.pending;
    const second = await runAgent(boss, first.messages, {
      paused: first.paused!,
      decisions: [
        { call: a!, approval: true },
        { call: b!, approval: { deny: "Mine." } },
      ],
    });
    expect(second).toMatchObject({ stopReason: "done", output: "All clean." });
    expect(ran).toEqual(["a"]);
    expect(models.inner.requests).toHaveLength(2);
    expect(models.outer.requests).toHaveLength(2);
    expect(toolOutputs(models.inner.requests[1]!.messages)).toEqual([
      "removed a",
      "The call was denied: Mine.",
    ]);
  });

  it("must be answered each, and exactly; a second time is too late", async () => {
    const { boss, ran } = scene([{ calls: [ask(NAME, "x", "o1")] }, "ok"], two);
    const { messages, pending, paused } = await runAgent(boss, "go");
    const [a, b] = pending.map((call) => ({ call, approval: true }));
    for (const [decisions, reason] of [
      [[a!], "unanswered"],
      [[a!, b!, b!], "twice"],
      [[a!, { ...b!, call: { ...b!.call, input: { path: "/" } } }], "changed"],
      [[a!, b!, { ...b!, call: { ...b!.call, id: "o2/i2" } }], "unknown"],
    ] as const) {
      await expect(runAgent(boss, messages, { decisions, paused: paused! })).rejects.toMatchObject({
        code: "ORCH_DECISION",
        facts: { reason },
      });
    }
    expect(ran).toEqual([]);
    const done = await runAgent(boss, messages, { decisions: [a!, b!], paused: paused! });
    await expect(runAgent(boss, done.messages, { decisions: [a!, b!] })).rejects.toMatchObject({
      facts: { reason: "late", callId: "o1/i1" },
    });
    expect(ran).toEqual(["a", "b"]);
  });

  it("do not ask again for the agent itself, whose call was agreed to when it began", async () => {
    const { boss, ran } = scene([{ calls: [ask(NAME, "x", "o1")] }, "ok"], two, { approve: true });
    const first = await runAgent(boss, "go");
    expect(first.pending).toMatchObject([{ id: "o1", name: NAME }]);
    const second = await runAgent(boss, first.messages, {
      decisions: [{ call: first.pending[0]!, approval: true }],
    });
    expect(second.pending.map(({ id }) => id)).toEqual(["o1/i1", "o1/i2"]);
    const third = await runAgent(boss, second.messages, {
      paused: second.paused!,
      decisions: second.pending.map((call) => ({ call, approval: true })),
    });
    expect(third.output).toBe("ok");
    expect(ran).toEqual(["a", "b"]);
  });
});
