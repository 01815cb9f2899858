import { scriptedModel, toolOutputs } from "@orch/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { type AgentEvent, agent, runAgent, type Tool, tool } from "../src/index.ts";

const named = (name: string, act: () => void = () => {}): Tool =>
  tool({
    name,
    description: `Does ${name}.`,
    input: z.object({}),
    invoke: () => {
      act();
      return `${name} done`;
    },
  });

const offered = (model: ReturnType<typeof scriptedModel>) =>
  model.requests.map(({ tools = [] }) => tools.map(({ name }) => name).join());

it("tools that come in the middle of a run can be called in its next turn, and a call to one that went is told so", async () => {
  let more: readonly Tool[] = [named("grow", () => (more = [named("late")]))];
  const model = scriptedModel([
    { calls: [{ name: "grow" }] },
    { calls: [{ name: "late" }, { name: "grow" }] },
    "end",
  ]);
  const result = await runAgent(
    agent({ name: "a", model, tools: [named("own")], moreTools: () => more }),
    "go",
  );
  expect(offered(model)).toEqual(["own,grow", "own,late", "own,late"]);
  expect(toolOutputs(result.messages)).toEqual([
    "grow done",
    "late done",
    expect.stringMatching(/Unknown tool "grow". Available: own, late/),
  ]);
});

it("a list that fails leaves the tools of before, and a name that is taken is left out, with a warning each", async () => {
  let turn = 0;
  const moreTools = (): readonly Tool[] => {
    if (++turn > 2) throw new Error("away");
    return [named("own"), named("two"), named("two")];
  };
  const model = scriptedModel([{ calls: [{ name: "two" }] }, "end"]);
  const events: AgentEvent[] = [];
  const result = await runAgent(agent({ name: "a", model, tools: [named("own")], moreTools }), "go", {
    onEvent: (event) => events.push(event),
  });
  expect(offered(model)).toEqual(["own,two", "own,two"]);
  expect(toolOutputs(result.messages)).toEqual(["two done"]);
  expect(result.warnings.join()).toMatch(/"own" is left out.*"two" is left out.*could not be listed: away/);
  expect(events.filter(({ type }) => type === "agent.warning")).toHaveLength(3);
});
