import { scriptedModel, toolOutputs } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { runAgent } from "../run/runner.ts";
import { textOf } from "../words/message.ts";
import { agent } from "./agent.ts";
import { tool } from "./tool.ts";

const Plan = z.object({ topic: z.string(), note: z.string().optional() });
const look = tool({ name: "look", description: "x", input: z.object({}), invoke: () => "seen" });

describe("the native way", () => {
  it("sends the strict schema and gives the parsed value", async () => {
    const model = scriptedModel([{ value: { topic: "tea", note: null } }]);
    const result = await runAgent(agent({ name: "a", model, output: Plan }), "go");
    expect(result).toMatchObject({ stopReason: "done", output: { topic: "tea" } });
    expect(result.output).not.toHaveProperty("note");
    expect(model.requests[0]?.output).toMatchObject({
      strict: true,
      schema: { required: ["topic", "note"] },
    });
  });

  it("sends what is wrong back, and takes the corrected answer", async () => {
    const model = scriptedModel([{ value: { topic: 1 } }, { value: { topic: "tea" } }]);
    const result = await runAgent(agent({ name: "a", model, output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(textOf(model.requests[1]!.messages.at(-1)!)).toMatch(/does not fit the schema: topic: .*string/);
  });

  it("stops after the retries with what the model wrote", async () => {
    for (const [outputRetries, replies] of [
      [undefined, ["no", '{"topic":2}']],
      [2, ["no", "no", '{"topic":2}']],
    ] as const) {
      const model = scriptedModel(replies);
      const more = outputRetries === undefined ? {} : { outputRetries };
      const result = await runAgent(agent({ name: "a", model, output: Plan, ...more }), "go");
      expect(result).toMatchObject({ stopReason: "invalid-output", rawOutput: '{"topic":2}' });
      expect(model.requests).toHaveLength(replies.length);
      expect(result).not.toHaveProperty("output");
    }
  });

  it("stops at once with no retries, and at the last turn", async () => {
    for (const options of [{ outputRetries: 0 }, { maxTurns: 1 }]) {
      const model = scriptedModel(["no"]);
      const result = await runAgent(agent({ name: "a", model, output: Plan, ...options }), "go");
      expect(result.stopReason).toBe("invalid-output");
    }
  });

  it("finds the value in a fence or in prose, and unwraps a wrapper of one key when only that fits", async () => {
    for (const text of [
      '```json\n{"topic":"tea"}\n```',
      'Here {it} is: {"topic":"tea"} and no more.',
      '{"data":{"topic":"tea"}}',
    ]) {
      const result = await runAgent(agent({ name: "a", model: scriptedModel([text]), output: Plan }), "go");
      expect(result.output).toEqual({ topic: "tea" });
    }
  });

  it("asks for lists and scalars inside an object, and gives them bare", async () => {
    const model = scriptedModel([{ value: { value: ["a", "b"] } }]);
    const result = await runAgent(agent({ name: "a", model, output: z.array(z.string()) }), "go");
    expect(result.output).toEqual(["a", "b"]);
  });

  it("runs tools first, and reads only the message without calls", async () => {
    const model = scriptedModel([{ text: "{}", calls: [{ name: "look" }] }, { value: { topic: "tea" } }]);
    const result = await runAgent(agent({ name: "a", model, tools: [look], output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(toolOutputs(result.messages)).toEqual(["seen"]);
  });

  it("warns of a schema that cannot be strict", async () => {
    const open = z.object({ tags: z.record(z.string(), z.string()) });
    const model = scriptedModel([{ value: { tags: { a: "b" } } }]);
    const result = await runAgent(agent({ name: "a", model, output: open }), "go");
    expect(result.output).toEqual({ tags: { a: "b" } });
    expect(result.warnings).toEqual([expect.stringContaining('"tags" takes keys that are not named')]);
    expect(model.requests[0]?.output?.strict).toBe(false);
  });
});

describe("the way by a tool", () => {
  const caps = { output: "tool" } as const;
  const answer = (input: object) => ({ name: "final_answer", input: input as never });

  it("requires the answer tool where there is no other, and ends with its call", async () => {
    const model = scriptedModel([{ calls: [answer({ topic: "tea", note: null })] }], { caps });
    const result = await runAgent(agent({ name: "a", model, output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(model.requests[0]).toMatchObject({ toolChoice: "required", tools: [{ name: "final_answer" }] });
    expect(toolOutputs(result.messages)).toEqual(["Accepted."]);
  });

  it("ends at once: calls beside the answer do not run, and are told so", async () => {
    let ran = 0;
    const count = tool({ name: "count", description: "x", input: z.object({}), invoke: () => ++ran });
    const model = scriptedModel([{ calls: [{ name: "count" }, answer({ topic: "tea" })] }], { caps });
    const result = await runAgent(agent({ name: "a", model, tools: [count], output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(ran).toBe(0);
    expect(toolOutputs(result.messages)[0]).toContain("Not run");
    expect(model.requests[0]).not.toHaveProperty("toolChoice");
  });

  it("gives the issues as the call's result, and counts the retries", async () => {
    const wrong = { calls: [answer({ topic: 1 })] };
    const mended = scriptedModel([wrong, { calls: [answer({ topic: "tea" })] }], { caps });
    const result = await runAgent(agent({ name: "a", model: mended, output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(toolOutputs(result.messages)[0]).toMatch(/does not fit: topic/);
    const never = scriptedModel([wrong, wrong, wrong], { caps });
    const failed = await runAgent(agent({ name: "a", model: never, output: Plan }), "go");
    expect(failed).toMatchObject({ stopReason: "invalid-output", rawOutput: '{"topic":1}' });
  });

  it("is taken by a model that knows no schema beside tools", async () => {
    const model = scriptedModel([{ calls: [{ name: "look" }] }, { calls: [answer({ topic: "tea" })] }], {
      caps: { output: "native", outputWithTools: false },
    });
    const result = await runAgent(agent({ name: "a", model, tools: [look], output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(model.requests[0]).not.toHaveProperty("output");
  });

  it("keeps out of the way of a tool that has its name", async () => {
    const own = tool({ name: "final_answer", description: "x", input: z.object({}), invoke: () => "mine" });
    const model = scriptedModel(
      [
        { calls: [{ name: "final_answer" }] },
        { calls: [{ name: "final_answer_", input: { topic: "tea" } }] },
      ],
      { caps },
    );
    const result = await runAgent(agent({ name: "a", model, tools: [own], output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    expect(toolOutputs(result.messages)[0]).toBe("mine");
  });
});

describe("the way by the prompt", () => {
  it("puts the schema, as the user wrote it, into the system message", async () => {
    const model = scriptedModel(['Sure! {"topic":"tea"}'], { caps: { output: "prompt", tools: false } });
    const result = await runAgent(agent({ name: "a", instructions: "Plan.", model, output: Plan }), "go");
    expect(result.output).toEqual({ topic: "tea" });
    const system = textOf(model.requests[0]!.messages[0]!);
    expect(system).toMatch(/^Plan\.\n\nAnswer with one JSON value/);
    expect(system).toContain('"required":["topic"]');
  });
});

it("is a mistake to ask a model for what it cannot give at all", async () => {
  const model = scriptedModel([], { caps: { output: "none" } });
  await expect(runAgent(agent({ name: "a", model, output: Plan }), "go")).rejects.toMatchObject({
    code: "ORCH_OUTPUT_UNSUPPORTED",
  });
});

it("takes the output of a tool that ends the run, if it fits", async () => {
  for (const [output, stopReason] of [
    [{ topic: "tea" }, "done"],
    [{ topic: 1 }, "invalid-output"],
  ] as const) {
    const end = tool({
      name: "end",
      description: "x",
      input: z.object({}),
      ends: true,
      invoke: () => output,
    });
    const model = scriptedModel([{ calls: [{ name: "end" }] }]);
    const result = await runAgent(agent({ name: "a", model, tools: [end], output: Plan }), "go");
    expect(result.stopReason).toBe(stopReason);
  }
});
