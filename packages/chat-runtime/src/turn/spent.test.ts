/** What a turn is said to have cost, by what became of its model calls. */
import { agent, agentRunnable, tool } from "@orch/agents";
import { type Orchestration, orchestration, question, race, runnable } from "@orch/core";
import { type ScriptStep, scriptedModel } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agentRuntime } from "../configurations/agent-runtime.ts";
import { orchestrationRuntime } from "../configurations/orchestration-runtime.ts";
import { ChatRuntime } from "../runtime/chat-runtime.ts";
import type { TurnRecord } from "../session/session-store.ts";

const PAID = { input: 10, output: 5, cost: 0.25 };

function spentOf({ session }: ChatRuntime): Partial<TurnRecord> {
  const { usage, cost, knownCost } = session?.turns.at(-1) ?? {};
  return { ...(usage && { usage }), ...(cost !== undefined && { cost }), ...(knownCost && { knownCost }) };
}

function runtimeOf(flow: Orchestration<string, string>): ChatRuntime {
  const fit = { toInput: ({ text }: { text: string }) => text, toMessage: (output: string) => output };
  return new ChatRuntime(orchestrationRuntime(flow, fit));
}

/** An agent that calls a tool, which waits until it is told to go on, and then its model once more. */
function waiter(last: ScriptStep) {
  const runs = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<string>();
  const wait = tool({
    name: "wait",
    description: "Waits.",
    input: z.object({}),
    invoke: () => {
      runs.resolve();
      return goOn.promise;
    },
  });
  const model = scriptedModel([{ calls: [{ name: "wait", input: {} }], usage: PAID }, last]);
  const runtime = new ChatRuntime(agentRuntime(agent({ name: "waiter", model, tools: [wait] })));
  return { runtime, model, runs: runs.promise, goOn: () => goOn.resolve("on") };
}

describe("the cost of a turn", () => {
  it("is known in part where a call was stopped", async () => {
    const { runtime, goOn } = waiter({ text: "Once", stall: true });
    const stream = runtime.send("Go");
    goOn();
    for await (const event of stream)
      if (event.type === "message.delta" && event.text.includes("Once")) break;
    const ended = stream.reply.catch(() => undefined);
    await stream.cancel();
    await ended;
    expect(spentOf(runtime)).toEqual({ usage: { input: 10, output: 5 }, knownCost: 0.25 });
  });

  it("is known where a tool was stopped and no call", async () => {
    const { runtime, runs, goOn } = waiter("Done.");
    const stream = runtime.send("Go");
    await runs;
    const ended = stream.reply.catch(() => undefined);
    const stopped = stream.cancel();
    goOn();
    await Promise.all([stopped, ended]);
    expect(spentOf(runtime)).toEqual({ usage: { input: 10, output: 5 }, cost: 0.25 });
  });

  it("is not known where a call lost a race, though the turn was answered", async () => {
    const slow = agent({ name: "slow", model: scriptedModel([{ text: "Well", stall: true }]) });
    const started = Promise.withResolvers<void>();
    const quick = runnable("quick", async (_: string) => {
      await started.promise;
      return "quick";
    });
    const first = race("first", { slow: agentRunnable(slow), quick });
    const runtime = runtimeOf(orchestration<string, string>("flow", (o) => o.start(first).finish(first)));
    const stream = runtime.send("Go");
    for await (const event of stream)
      if (event.type === "state.output" && JSON.stringify(event.data).includes("agent.turn.started"))
        started.resolve();
    await stream.reply;
    expect(spentOf(runtime)).toEqual({ usage: { input: 0, output: 0, estimated: true } });
  });

  it("is nothing where a turn was left or stopped before it called a model", async () => {
    const sure = question("sure", { ask: "Sure?", answer: z.string() });
    const runtime = runtimeOf(orchestration<string, string>("asks", (o) => o.start(sure).finish(sure)));
    const turn = runtime.send("Go");
    for await (const event of turn) if (event.type === "question.asked") void turn.cancel();
    await turn.reply.catch(() => undefined);
    expect(spentOf(runtime)).toEqual({ cost: 0 });
  });

  it("is nothing where a turn failed before it called a model", async () => {
    const fails = runnable("fails", (_: string): string => {
      throw new Error("no");
    });
    const runtime = runtimeOf(orchestration<string, string>("flow", (o) => o.start(fails).finish(fails)));
    await runtime.invoke("Go").catch(() => undefined);
    expect(spentOf(runtime)).toEqual({ cost: 0 });
  });
});
