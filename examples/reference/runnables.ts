import { agent, agentRunnable } from "@orch/agents";
import { OrchestrationRunnable, orchestration, type RunContext } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { z } from "zod";

const WebSearchPlan = z.object({ topic: z.string(), queries: z.array(z.string()) });
type WebSearchPlan = z.infer<typeof WebSearchPlan>;

// A script instead of a language model, so that this runs anywhere; what `resolveModel` gives fits here too.
const model = scriptedModel([{ value: { topic: "tides", queries: ["tides today", "tides tomorrow"] } }]);
const planner = agent({ name: "planner", instructions: "Plan web searches.", model, output: WebSearchPlan });

// As a class. The agent's answer has been checked against the schema, so it is typed here and not parsed.
class PlanningRunnable extends OrchestrationRunnable<string, WebSearchPlan> {
  override readonly id = "planning";
  override async invoke(topic: string, ctx: RunContext): Promise<WebSearchPlan> {
    return agentRunnable(planner).invoke(`Create a search plan for: ${topic}`, ctx);
  }
}

// Without a class it is one line: const planning = agentRunnable(planner, { toInput: (topic: string) => ... });
const planning = new PlanningRunnable();
const flow = orchestration("plan", (o) => o.start(planning).finish(planning));
console.log(planning.id, await flow.run("tides"));
