/**
 * Planning -> Research -> Reporting, in class form: each state, each edge and the machine is a class.
 * Without a key `local/extractive` quotes this repository's documentation; with ORCH_MODEL=openai/gpt-5.4-mini
 * and OPENAI_API_KEY a language model does the work.
 */
import { fileURLToPath } from "node:url";
import { agent, agentRunnable, resolveModel } from "@orch/agents";
import { fileTools } from "@orch/agents/files";
import { Orchestration, OrchestrationAdvancer, OrchestrationRunnable, type RunContext } from "@orch/core";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const paths = ["README.md", "docs"];
const name = process.env["ORCH_MODEL"] ?? "local/extractive";
const model = resolveModel(name, { providers: { local: { paths } } }, { env: process.env, root });

// What the states hand to each other. The schemas check what the model gives.
const WebSearchPlan = z.object({ topic: z.string(), queries: z.array(z.string()) });
type WebSearchPlan = z.infer<typeof WebSearchPlan>;
const ReportData = z.object({ title: z.string(), summary: z.string(), content: z.array(z.string()) });
type ReportData = z.infer<typeof ReportData>;

const planner = agent({ name: "planner", instructions: "Plan searches.", model, output: WebSearchPlan });
const tools = fileTools({ root, paths });
const researcher = agent({ name: "researcher", instructions: "Search, and cite path:line.", model, tools });
const writer = agent({ name: "writer", instructions: "Write a report.", model, output: ReportData });

// A state is a class with an id and one method.
class PlanningRunnable extends OrchestrationRunnable<string, WebSearchPlan> {
  override readonly id = "planning";
  override async invoke(topic: string, ctx: RunContext): Promise<WebSearchPlan> {
    return { ...(await agentRunnable(planner).invoke(topic, ctx)), topic };
  }
}
class ResearchRunnable extends OrchestrationRunnable<WebSearchPlan, string> {
  override readonly id = "research";
  override async invoke(plan: WebSearchPlan, ctx: RunContext): Promise<string> {
    const found = await agentRunnable(researcher).invoke(JSON.stringify(plan), ctx);
    return `<question>${plan.topic}</question>\n${found}`;
  }
}
class ReportingRunnable extends OrchestrationRunnable<string, ReportData> {
  override readonly id = "reporting";
  override async invoke(findings: string, ctx: RunContext): Promise<ReportData> {
    return agentRunnable(writer).invoke(findings, ctx);
  }
}
const [planning, research] = [new PlanningRunnable(), new ResearchRunnable()];
const reporting = new ReportingRunnable();

// An advancer says when the machine may move on, with what, and where to.
class PlanningAdvancer extends OrchestrationAdvancer<WebSearchPlan, WebSearchPlan> {
  readonly targets = [research];
  override shouldAdvance(plan: WebSearchPlan): boolean {
    return plan.queries.length > 0;
  }
  override convertOutput(plan: WebSearchPlan): WebSearchPlan {
    return plan;
  }
}
class ResearchAdvancer extends OrchestrationAdvancer<string, string> {
  readonly targets = [reporting];
  override convertOutput(findings: string): string {
    return findings;
  }
}

class ResearchOrchestration extends Orchestration<string, ReportData> {
  constructor() {
    super("research", (o) => {
      const planned = o.start(planning).advanceBy(planning, new PlanningAdvancer());
      return planned.advanceBy(research, new ResearchAdvancer()).finish(reporting);
    });
  }
}

const machine = new ResearchOrchestration();
machine.on("state.transition", ({ from, to }) => console.error(`${from} -> ${to}`));
const { title, summary, content } = await machine.run(process.argv[2] ?? "How are failed states retried?");
console.log(`Title: ${title}\n\nSummary: ${summary}\n\n${content.join("\n\n")}`);
