import { agent, agentRunnable, tool } from "@orch/agents";
import { Orchestration, OrchestrationAdvancer, OrchestrationRunnable, type RunContext } from "@orch/core";
import { scriptedModel } from "@orch/testing";
import { z } from "zod";

// What the states hand to each other. The descriptions reach the model with the schema.
const WebSearchItem = z.object({
  query: z.string().describe("Search query"),
  informationType: z.string().describe("Kind of information to expect"),
});
const WebSearchPlan = z.object({
  searchItems: z.array(WebSearchItem).describe("Searches to make"),
  topic: z.string().describe("Research topic"),
});
type WebSearchPlan = z.infer<typeof WebSearchPlan>;
const ReportData = z.object({
  title: z.string().describe("Title of the report"),
  content: z.string().describe("The report in markdown"),
  summary: z.string().describe("A summary for those in a hurry"),
});
type ReportData = z.infer<typeof ReportData>;

const webSearch = tool({
  name: "web_search",
  description: "Search the web.",
  input: z.object({ query: z.string() }),
  invoke: ({ query }) => `Results for ${query}: two hospitals use it.`,
});

// Scripts stand in for a language model, so that this runs anywhere; what `resolveModel` gives fits here too.
const topic = "AI in healthcare";
const planner = agent({
  name: "planner",
  instructions: "You plan research: several precise searches for one topic.",
  model: scriptedModel([{ value: { topic, searchItems: [{ query: topic, informationType: "examples" }] } }]),
  output: WebSearchPlan,
});
const researcher = agent({
  name: "researcher",
  instructions: "Carry out the plan, and gather what you find.",
  model: scriptedModel([
    { calls: [{ name: "web_search", input: { query: topic } }] },
    "Two hospitals use it.",
  ]),
  tools: [webSearch],
});
const writer = agent({
  name: "writer",
  instructions: "Write a well-ordered report from what was found.",
  model: scriptedModel([
    { value: { title: topic, content: "# Use\nTwo hospitals.", summary: "It is used." } },
  ]),
  output: ReportData,
});

class PlanningState extends OrchestrationRunnable<string, WebSearchPlan> {
  override readonly id = "planning";
  override async invoke(topic: string, ctx: RunContext): Promise<WebSearchPlan> {
    return agentRunnable(planner).invoke(`Create a research plan for: ${topic}`, ctx);
  }
}
class ResearchState extends OrchestrationRunnable<WebSearchPlan, string> {
  override readonly id = "research";
  override async invoke(plan: WebSearchPlan, ctx: RunContext): Promise<string> {
    return agentRunnable(researcher).invoke(`Carry out this plan: ${JSON.stringify(plan)}`, ctx);
  }
}
class ReportingState extends OrchestrationRunnable<string, ReportData> {
  override readonly id = "reporting";
  override async invoke(findings: string, ctx: RunContext): Promise<ReportData> {
    return agentRunnable(writer).invoke(`Write a report from: ${findings}`, ctx);
  }
}
const planning = new PlanningState();
const research = new ResearchState();
const reporting = new ReportingState();

class PlanningAdvancer extends OrchestrationAdvancer<WebSearchPlan, WebSearchPlan> {
  readonly targets = [research];
  override convertOutput(plan: WebSearchPlan): WebSearchPlan {
    return plan;
  }
}
class ResearchAdvancer extends OrchestrationAdvancer<string, string> {
  readonly targets = [reporting];
  override shouldAdvance(findings: string): boolean {
    return findings !== "";
  }
  override convertOutput(findings: string): string {
    return findings;
  }
}

class ResearchOrchestration extends Orchestration<string, ReportData> {
  constructor() {
    super("research", (o) =>
      o
        .start(planning)
        .advanceBy(planning, new PlanningAdvancer())
        .advanceBy(research, new ResearchAdvancer())
        .finish(reporting),
    );
  }
}

const result = await new ResearchOrchestration().run(topic);
console.log(`Title: ${result.title}`);
console.log(`Summary: ${result.summary}`);
console.log(`Content: ${result.content}`);
