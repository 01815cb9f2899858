import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { runAgent } from "../run/runner.ts";
import type { AgentEvent } from "../words/events.ts";
import type { InputGuardrail, ToolGuardrail } from "../words/guardrail.ts";
import { textOf } from "../words/message.ts";

const onlyMath: InputGuardrail = {
  name: "only math",
  check: (messages) =>
    /\d/.test(textOf(messages.at(-1)!))
      ? undefined
      : { reason: "This is not about math.", info: { topic: "other" } },
};

function reader() {
  const events: AgentEvent[] = [];
  const guardrails = (): AgentEvent[] => events.filter(({ type }) => type === "agent.guardrail");
  return { onEvent: (event: AgentEvent) => void events.push(event), events, guardrails };
}

describe("an input guardrail", () => {
  it("ends the run before any model call, and says which and why", async () => {
    const model = scriptedModel(["4"]);
    const math = agent({ name: "math", model, guardrails: { input: [onlyMath] } });
    const { onEvent, guardrails } = reader();
    const result = await runAgent(math, "Write a poem.", { onEvent });
    const stop = {
      name: "only math",
      stage: "input",
      reason: "This is not about math.",
      info: { topic: "other" },
    };
    expect(result).toMatchObject({
      stopReason: "guardrail",
      guardrail: stop,
      usage: { input: 0, output: 0 },
    });
    expect(guardrails()).toEqual([
      { type: "agent.guardrail", agent: "math", turn: 1, action: "stop", ...stop },
    ]);
    expect(model.requests).toHaveLength(0);
    expect((await runAgent(math, "2 + 2")).output).toBe("4");
  });

  it("that fails counts as tripped", async () => {
    const model = scriptedModel([]);
    const broken: InputGuardrail = {
      name: "broken",
      check: () => Promise.reject(new TypeError("no network")),
    };
    const result = await runAgent(agent({ name: "a", model, guardrails: { input: [broken] } }), "go");
    expect(result.guardrail).toEqual({
      name: "broken",
      stage: "input",
      reason: "The guardrail failed: no network",
    });
    expect(model.requests).toHaveLength(0);
  });

  it("beside the model ends its call, and no tool runs", async () => {
    let ran = 0;
    const act = tool({ name: "act", description: "x", input: z.object({}), invoke: () => `${++ran}` });
    for (const reply of [{ calls: [{ name: "act" }] }, { text: "Half", stall: true as const }]) {
      const model = scriptedModel([reply]);
      const slow: InputGuardrail = { ...onlyMath, parallel: true };
      const watched = agent({ name: "a", model, tools: [act], guardrails: { input: [slow] } });
      const result = await runAgent(watched, "poem");
      expect(result).toMatchObject({ stopReason: "guardrail", guardrail: { name: "only math" } });
      expect(result.messages).toHaveLength(1);
      expect(model.requests).toHaveLength(1);
    }
    expect(ran).toBe(0);
  });

  it("of the agent that takes over looks too", async () => {
    const model = scriptedModel([{ calls: [{ name: "transfer_to_math" }] }]);
    const math = agent({ name: "math", model: scriptedModel([]), guardrails: { input: [onlyMath] } });
    // What the last message says is the handoff's own result, without a figure in it.
    const result = await runAgent(agent({ name: "front", model, handoffs: [math] }), "poem");
    expect(result).toMatchObject({ stopReason: "guardrail", agent: "math" });
  });

  it("is not asked again when a run only goes on with answers", async () => {
    let asked = 0;
    const count: InputGuardrail = { name: "count", check: () => void asked++ as undefined };
    const act = tool({
      name: "act",
      description: "x",
      input: z.object({}),
      approve: true,
      invoke: () => "ok",
    });
    const model = scriptedModel([{ calls: [{ name: "act" }] }, "Done."]);
    const a = agent({ name: "a", model, tools: [act], guardrails: { input: [count] } });
    const first = await runAgent(a, "go");
    const decisions = first.pending.map((call) => ({ call, approval: true }));
    expect((await runAgent(a, first.messages, { decisions })).output).toBe("Done.");
    expect(asked).toBe(1);
  });
});

describe("an output guardrail", () => {
  it("sees the value that fits the schema, and withholds it", async () => {
    const model = scriptedModel([{ value: { total: 7_000 } }]);
    const pay = agent({
      name: "pay",
      model,
      output: z.object({ total: z.number() }),
      guardrails: {
        output: [
          { name: "limit", check: ({ total }) => (total > 5_000 ? { reason: "Too much." } : undefined) },
        ],
      },
    });
    const result = await runAgent(pay, "go");
    expect(result).toMatchObject({ stopReason: "guardrail", guardrail: { stage: "output", name: "limit" } });
    expect(result).not.toHaveProperty("output");
  });

  it("of the agent a run began with holds after a handoff", async () => {
    const other = agent({ name: "other", model: scriptedModel(["secret"]) });
    const front = agent({
      name: "front",
      model: scriptedModel([{ calls: [{ name: "transfer_to_other" }] }]),
      handoffs: [other],
      guardrails: {
        output: [
          { name: "no secrets", check: (text) => (text.includes("secret") ? { reason: "No." } : undefined) },
        ],
      },
    });
    expect(await runAgent(front, "go")).toMatchObject({ stopReason: "guardrail", agent: "other" });
  });
});

describe("a tool guardrail", () => {
  function scene(guardrail: Omit<ToolGuardrail, "name">) {
    const ran: string[] = [];
    const read = tool({
      name: "read",
      description: "x",
      input: z.object({ path: z.string() }),
      invoke: ({ path }) => {
        ran.push(path);
        return `text of ${path}`;
      },
    });
    const calls = ["a", "/etc"].map((path) => ({ name: "read", input: { path } }));
    const model = scriptedModel([{ calls }, "Done."]);
    const a = agent({
      name: "a",
      model,
      tools: [read],
      guardrails: { tools: [{ name: "paths", ...guardrail }] },
    });
    return { a, ran };
  }
  const outside: ToolGuardrail["before"] = ({ input }) =>
    JSON.stringify(input).includes("/etc") ? { reason: "Outside." } : undefined;

  it("stops the run before any call of the message runs", async () => {
    const { a, ran } = scene({ before: outside });
    const { onEvent, guardrails } = reader();
    const result = await runAgent(a, "go", { onEvent });
    expect(result).toMatchObject({
      stopReason: "guardrail",
      guardrail: { stage: "tool", reason: "Outside." },
    });
    expect(guardrails()).toMatchObject([{ id: "call_2", action: "stop" }]);
    expect(ran).toEqual([]);
    expect(toolOutputs(result.messages)).toEqual(["Not run: Outside.", "Not run: Outside."]);
  });

  it("may tell the model instead, which goes on", async () => {
    const { a, ran } = scene({ before: outside, onTrip: "tell" });
    const { onEvent, guardrails } = reader();
    const result = await runAgent(a, "go", { onEvent });
    expect(result.output).toBe("Done.");
    expect(ran).toEqual(["a"]);
    expect(toolOutputs(result.messages)).toEqual(["text of a", "Not run: Outside."]);
    expect(guardrails()).toMatchObject([{ action: "tell" }]);
  });

  it("withholds a result from the model", async () => {
    const after: ToolGuardrail["after"] = (_, { output }) =>
      String(output).includes("/etc") ? { reason: "Private." } : undefined;
    const told = scene({ after, onTrip: "tell" });
    expect(toolOutputs((await runAgent(told.a, "go")).messages)).toEqual([
      "text of a",
      "The result is withheld: Private.",
    ]);
    const stopped = await runAgent(scene({ after }).a, "go");
    expect(stopped.stopReason).toBe("guardrail");
    expect(toolOutputs(stopped.messages)[1]).toBe("The result is withheld: Private.");
  });

  it("stands around the tools it names alone", async () => {
    const { a } = scene({ before: outside, tools: ["write"] });
    expect((await runAgent(a, "go")).output).toBe("Done.");
  });
});
