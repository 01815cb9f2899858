import { orchestration } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { type AgentEvent, agent, agentRunnable, runAgent, tool } from "../src/index.ts";

/** A tool that asks twice in the middle of its call, and one that does not ask. */
function workshop() {
  const ran: string[] = [];
  const ship = tool({
    name: "ship",
    description: "Ships.",
    input: z.object({}),
    timeout: 1_000,
    invoke: async (_, { ask, signal }) => {
      ran.push("ship");
      if (ask === undefined) return "nobody to ask";
      const to = await ask({ name: "to", prompt: { question: "Where to?" }, answer: z.string() });
      const fast = await ask({ name: "fast", prompt: "Fast?", answer: z.boolean() });
      return `${to} ${fast} ${signal.aborted}`;
    },
  });
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({}),
    invoke: () => {
      ran.push("look");
      return "seen";
    },
  });
  const model = scriptedModel([{ calls: [{ name: "look" }, { name: "ship" }] }, "Done."]);
  return { ran, model, shipper: agent({ name: "shipper", model, tools: [look, ship] }) };
}

it("a tool asks a person in the middle of its call, and its time stands still meanwhile", async () => {
  const { shipper } = workshop();
  const clock = manualClock();
  const events: AgentEvent[] = [];
  const result = await runAgent(shipper, "go", {
    clock,
    onEvent: (event) => events.push(event),
    onQuestion: async ({ name }) => {
      await clock.advance(5_000);
      return name === "to" ? "Rome" : true;
    },
  });
  expect(toolOutputs(result.messages)).toEqual(["seen", "Rome true false"]);
  const seen = events.flatMap((event) =>
    event.type === "tool.question" ? [[event.status, event.prompt]] : [],
  );
  expect(seen).toEqual([
    ["asked", { question: "Where to?" }],
    ["answered", { question: "Where to?" }],
    ["asked", "Fast?"],
    ["answered", "Fast?"],
  ]);
});

it("a tool knows that nobody can be asked, and is told of an answer that does not fit", async () => {
  const alone = await runAgent(workshop().shipper, "go");
  expect(toolOutputs(alone.messages)[1]).toBe("nobody to ask");
  const wrong = await runAgent(workshop().shipper, "go", { onQuestion: () => 7 });
  expect(toolOutputs(wrong.messages)[1]).toMatch(/does not fit/);
});

it("in an orchestration it is a question of the run, which survives a restart: the call is made again with the answers it had", async () => {
  const { ran, model, shipper } = workshop();
  const clock = manualClock();
  const store = memoryStore();
  const act = agentRunnable(shipper);
  const flow = orchestration("flow", (o) => o.start(act).finish(act));
  const run = flow.start("go", { host: new DurableHost(store, { clock }), runId: "r" });
  await clock.advance(0);
  expect(run.questions.map(({ prompt }) => prompt)).toEqual([{ question: "Where to?" }]);
  await run.answer(run.questions[0]!.id, "Rome");
  await clock.advance(0);
  expect(run.questions.map(({ prompt }) => prompt)).toEqual(["Fast?"]);
  await run.suspend();
  const again = await new DurableHost(store, { clock }).resume(flow, "r");
  await clock.advance(0);
  expect(again.questions.map(({ prompt }) => prompt)).toEqual(["Fast?"]);
  await again.answer(again.questions[0]!.id, true);

  expect(await again.result).toBe("Done.");
  expect(ran.filter((name) => name === "look")).toEqual(["look"]);
  expect(model.requests).toHaveLength(2);
  expect(toolOutputs(model.requests[1]!.messages)).toEqual(["seen", "Rome true false"]);
});
