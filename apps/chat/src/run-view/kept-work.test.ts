import { agent, agentRunnable, tool } from "@orch/agents";
import { asTool } from "@orch/agents/team";
import { type OrchestrationEvent, orchestration } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { keptWork, workOfMessages } from "./kept-work.ts";
import { RunReader, readRun } from "./run-reader.ts";
import type { CallStep, RunStep } from "./run-record.ts";

/** Two agents in a row; the first has a tool and an agent that is a tool. */
async function ran() {
  const look = tool({
    name: "look",
    description: "looks",
    input: z.object({ at: z.string() }),
    invoke: ({ at }) => (at === "nothing" ? Promise.reject(new Error("nothing there")) : `saw ${at}`),
  });
  const inner = agent({
    name: "inner",
    model: scriptedModel([{ calls: [{ name: "look", input: { at: "deep" } }] }, "inner done"]),
    tools: [look],
  });
  const first = agent({
    name: "first",
    model: scriptedModel([
      {
        text: "Let me see.",
        calls: [
          { name: "look", input: { at: "sea" } },
          { name: "inner", input: { input: "x" } },
        ],
      },
      { calls: [{ name: "look", input: { at: "nothing" } }] },
      "first done",
    ]),
    tools: [look, asTool(inner, { description: "asks the inner one" })],
  });
  const second = agent({ name: "second", model: scriptedModel(["second done"]) });
  const [a, b] = [agentRunnable(first), agentRunnable(second)];
  const flow = orchestration("flow", (o) => o.start(a).advance(a, b).finish(b));
  const store = memoryStore();
  const host = new DurableHost(store);
  const live: OrchestrationEvent[] = [];
  const run = flow.start("go", { host, onEvent: (event) => void live.push(event) });
  await run.result;
  return { live, kept: await host.events(flow, run.id), records: (await store.load(run.id)) ?? [] };
}

/** Calls as lines: name, arguments, status and result. */
function outline(steps: readonly RunStep[], margin = ""): string[] {
  return steps.flatMap((step) => {
    if (step.type === "state") return [`${margin}${step.state}`, ...outline(step.inside, `${margin}  `)];
    if (step.type !== "call") return [];
    const line = `${margin}${step.name} ${JSON.stringify(step.input)} ${step.status}`;
    return [line, ...outline(step.inside, `${margin}  `)];
  });
}

describe("the work of agents in a run of the past", () => {
  it("has the calls that were heard live, each in its state and in its agent, with arguments and results", async () => {
    const { live, kept, records } = await ran();
    const reader = new RunReader();
    for (const event of kept) reader.take(event);
    reader.takeWork(keptWork(records));
    const expected = outline(readRun(live).steps);
    expect(expected).toEqual([
      "first",
      '  look {"at":"sea"} done',
      '  inner {"input":"x"} done',
      '    look {"at":"deep"} done',
      '  look {"at":"nothing"} failed',
      "second",
    ]);
    expect(outline(reader.record.steps)).toEqual(expected);
    const [state] = reader.record.steps as [Extract<RunStep, { type: "state" }>];
    expect(state.text).toBe("Let me see.\n\nfirst done");
    expect(state.inside[0]).toMatchObject({ result: "saw sea" });
    expect((state.inside[0] as CallStep).duration).toBeGreaterThanOrEqual(0);
  });

  it("adds nothing to what was heard", async () => {
    const { live, records } = await ran();
    const reader = new RunReader();
    for (const event of live) reader.take(event);
    const before = outline(reader.record.steps);
    reader.takeWork(keptWork(records));
    expect(outline(reader.record.steps)).toEqual(before);
  });

  it("is nothing where records are of another form", () => {
    for (const [value, more] of [
      ["null", "null"],
      ["1", '{"n":1}'],
      ["{", '{"n":"a:turn:1"}'],
      ['{"message":{}}', '{"n":"a:turn:1"}'],
      ['{"result":{}}', '{"n":"a:tool:1:0:x"}'],
    ])
      expect(keptWork([{ type: "once", at: 1, path: "flow/a#1", value: value!, more: more! }])).toEqual([]);
  });

  it("comes from the messages of a turn where there is no journal", () => {
    const origin = { provider: "p", api: "a", model: "m" };
    const { calls } = workOfMessages(
      [
        { role: "user", content: [{ type: "text", text: "hi" }] },
        {
          role: "assistant",
          content: [{ type: "tool-call", id: "1", name: "look", input: { at: "sea" }, rawInput: "{}" }],
          origin,
          finish: { reason: "tool-calls" },
        },
        { role: "tool", content: [{ type: "tool-result", id: "1", name: "look", output: "saw" }] },
      ],
      "flow/a#1",
    );
    expect(calls).toMatchObject([{ name: "look", input: { at: "sea" }, result: "saw", status: "done" }]);
  });
});

it("marks the states whose tokens are estimated, and all around them, as it did while it ran", async () => {
  const counted = agentRunnable(agent({ name: "counted", model: scriptedModel(["one"]) }));
  const uncounted = scriptedModel([{ text: "two", usage: { input: 3, output: 4, estimated: true } }]);
  const inner = orchestration("inner", (o) => {
    const guess = agentRunnable(agent({ name: "guess", model: uncounted }));
    return o.start(guess).finish(guess);
  });
  const flow = orchestration("flow", (o) => o.start(counted).advance(counted, inner).finish(inner));
  const store = memoryStore();
  const host = new DurableHost(store);
  const live: OrchestrationEvent[] = [];
  const run = flow.start("go", { host, onEvent: (event) => void live.push(event) });
  await run.result;
  const reader = new RunReader();
  for (const event of await host.events(flow, run.id)) reader.take(event);
  expect(marks(reader.record.steps)).toEqual([]);
  reader.takeWork(keptWork((await store.load(run.id)) ?? []));

  expect(marks(reader.record.steps)).toEqual(["inner", "guess"]);
  expect(reader.record.isEstimated).toBe(true);
  expect(marks(readRun(live).steps)).toEqual(["inner", "guess"]);
});

/** The states whose tokens are estimated. */
function marks(steps: readonly RunStep[]): readonly string[] {
  return steps.flatMap((step) =>
    step.type === "state" ? [...(step.isEstimated ? [step.state] : []), ...marks(step.inside)] : [],
  );
}
