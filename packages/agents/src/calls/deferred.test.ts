import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../agent/agent.ts";
import { tool } from "../agent/tool.ts";
import { asTool } from "../run/agent-tool.ts";
import { runAgent } from "../run/runner.ts";

const click = tool({
  name: "click",
  description: "Clicks in the user's browser.",
  input: z.object({ id: z.string() }),
});
const local = tool({ name: "local", description: "x", input: z.object({}), invoke: () => "here" });
const clicks = { calls: [{ name: "click", input: { id: "ok" } }, { name: "local" }] };

const scene = (
  script: Parameters<typeof scriptedModel>[0] = [clicks, "Clicked."],
  tools = [click, local],
) => {
  const model = scriptedModel(script);
  return { model, user: agent({ name: "user", model, tools }) };
};

describe("a deferred tool", () => {
  it("makes the run stop with the call, after the tools beside it ran", async () => {
    const { user } = scene();
    const types: string[] = [];
    const result = await runAgent(user, "go", { onEvent: ({ type }) => void types.push(type) });
    expect(result).toMatchObject({
      stopReason: "needs-results",
      pending: [{ id: "call_1", name: "click", input: { id: "ok" }, deferred: true }],
    });
    expect(toolOutputs(result.messages)).toEqual(["here"]);
    expect(types).toContain("tool.deferred");
  });

  it("goes on with a result from outside, in a conversation that went through JSON", async () => {
    const { user } = scene();
    const first = JSON.parse(JSON.stringify(await runAgent(user, "go"))) as Awaited<
      ReturnType<typeof runAgent>
    >;
    const second = await runAgent(user, first.messages, {
      results: first.pending.map((call) => ({ call, output: { clicked: true } })),
    });
    expect(second.output).toBe("Clicked.");
    expect(toolOutputs(second.messages)).toEqual(["here", '{"clicked":true}']);
    await expect(
      runAgent(user, second.messages, { results: first.pending.map((call) => ({ call, output: "again" })) }),
    ).rejects.toMatchObject({ code: "ORCH_DECISION", facts: { reason: "late" } });
  });

  it("may fail outside, or be denied", async () => {
    for (const [answer, said] of [
      [{ results: [{ error: "No such button." }] }, "No such button."],
      [{ decisions: [{ approval: { deny: "Not now." } }] }, "The call was denied: Not now."],
    ] as const) {
      const { user } = scene();
      const { messages, pending } = await runAgent(user, "go");
      const call = pending[0]!;
      const options =
        "results" in answer
          ? { results: answer.results.map((one) => ({ ...one, call })) }
          : { decisions: answer.decisions.map((one) => ({ ...one, call })) };
      expect(toolOutputs((await runAgent(user, messages, options)).messages)[1]).toBe(said);
    }
  });

  it("may be run by the caller in the middle of the run", async () => {
    const { user } = scene();
    const seen: unknown[] = [];
    const result = await runAgent(user, "go", {
      execute: (call, signal, place) => {
        seen.push(call, place, signal.aborted);
        return "done outside";
      },
    });
    expect(result.output).toBe("Clicked.");
    expect(toolOutputs(result.messages)).toEqual(["done outside", "here"]);
    expect(seen).toEqual([
      { id: "call_1", name: "click", input: { id: "ok" }, deferred: true },
      "1:0",
      false,
    ]);
    const failing = await runAgent(scene().user, "go", {
      execute: () => Promise.reject(new TypeError("offline")),
    });
    expect(toolOutputs(failing.messages)[0]).toBe("offline");
  });

  it("waits on while only a call beside it is decided on, and takes no result in its stead", async () => {
    const risky = tool({
      name: "risky",
      description: "x",
      input: z.object({}),
      approve: true,
      invoke: () => "ran",
    });
    const both = { calls: [{ name: "click", input: { id: "ok" } }, { name: "risky" }] };
    const { user } = scene([both, "Done."], [click, risky]);
    const first = await runAgent(user, "go");
    expect(first.stopReason).toBe("needs-approval");
    const [deferred, asked] = first.pending as [(typeof first.pending)[0], (typeof first.pending)[0]];
    await expect(
      runAgent(user, first.messages, { results: [{ call: asked, output: "x" }] }),
    ).rejects.toMatchObject({ facts: { reason: "not-deferred" } });
    const second = await runAgent(user, first.messages, { decisions: [{ call: asked, approval: true }] });
    expect(second).toMatchObject({ stopReason: "needs-results", pending: [deferred] });
    const third = await runAgent(user, second.messages, { results: [{ call: deferred, output: "clicked" }] });
    expect(third.output).toBe("Done.");
    expect(toolOutputs(third.messages)).toEqual(["ran", "clicked"]);
  });

  it("is closed when a tool beside it ends the run", async () => {
    const broken = tool({
      name: "local",
      description: "x",
      input: z.object({}),
      onError: "stop",
      invoke: () => Promise.reject(new RangeError("disk full")),
    });
    const { user } = scene([clicks], [click, broken]);
    const result = await runAgent(user, "go");
    expect(result).toMatchObject({ stopReason: "error", pending: [] });
    expect(toolOutputs(result.messages)).toEqual(["Not run: the run stopped before it could.", "disk full"]);
  });

  it("inside an agent that is a tool waits with the path of calls that leads there", async () => {
    const inner = agent({
      name: "inner",
      model: scriptedModel([{ calls: [{ name: "click", input: { id: "x" }, id: "i1" }] }, "in"]),
      tools: [click],
    });
    const model = scriptedModel([{ calls: [{ name: "inner", input: { input: "x" }, id: "o1" }] }, "out"]);
    const outer = agent({ name: "outer", model, tools: [asTool(inner, { description: "x" })] });
    const first = await runAgent(outer, "go");
    expect(first).toMatchObject({ stopReason: "needs-results", pending: [{ id: "o1/i1", deferred: true }] });
    const second = await runAgent(outer, first.messages, {
      paused: first.paused!,
      results: [{ call: first.pending[0]!, output: "clicked" }],
    });
    expect(second.output).toBe("out");
    expect(toolOutputs(second.messages)).toEqual(["in"]);
  });
});
