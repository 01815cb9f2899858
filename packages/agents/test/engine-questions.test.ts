import { orchestration } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { agent, agentRunnable, tool } from "../src/index.ts";

const script = () =>
  scriptedModel([{ calls: [{ name: "look" }, { name: "remove", input: { path: "a" } }] }, "Done."]);

function flowOf(ran: string[], model: ReturnType<typeof scriptedModel>) {
  const note = (what: string, result: string) => {
    ran.push(what);
    return result;
  };
  const look = tool({
    name: "look",
    description: "Looks.",
    input: z.object({}),
    invoke: () => note("look", "seen"),
  });
  const remove = tool({
    name: "remove",
    description: "Removes a file.",
    input: z.object({ path: z.string() }),
    approve: true,
    invoke: ({ path }) => note(path, "removed"),
  });
  const act = agentRunnable(agent({ name: "actor", model, tools: [look, remove] }));
  return orchestration("flow", (o) => o.start(act).finish(act));
}

it("an approval is a question of the run", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const run = flowOf(ran, script()).start("go", { clock });
  // The first call of a process loads what runs calls, which takes as long as the machine takes.
  while (run.status !== "waiting") await clock.advance(0);
  expect(ran).toEqual(["look"]);
  await run.answer(run.questions[0]!.id, true);

  expect(await run.result).toBe("Done.");
  expect(ran).toEqual(["look", "a"]);
});

it("an approval survives a restart, and what was done before is not done again", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const model = script();
  const store = memoryStore();
  const flow = flowOf(ran, model);
  const run = flow.start("go", { host: new DurableHost(store, { clock }), runId: "r" });
  while (run.status !== "waiting") await clock.advance(0);
  const [asked] = run.questions;
  await run.suspend();
  const again = await new DurableHost(store, { clock }).resume(flow, "r");
  while (again.status !== "waiting") await clock.advance(0);
  expect(again.questions.map(({ id }) => id)).toEqual([asked!.id]);
  await again.answer(asked!.id, true);

  expect(await again.result).toBe("Done.");
  expect(ran).toEqual(["look", "a"]);
  expect(model.requests).toHaveLength(2);
});
