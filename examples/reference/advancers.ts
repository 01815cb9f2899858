import { Orchestration, OrchestrationAdvancer, runnable } from "@orch/core";

interface WebSearchPlan {
  readonly queries: readonly string[];
}

const planning = runnable("planning", (topic: string): WebSearchPlan => ({ queries: topic.split(" and ") }));
const research = runnable("research", (plan: string) => `searched ${plan}`);
const archive = runnable("archive", (plan: string) => `kept ${plan} for later`);

class PlanningAdvancer extends OrchestrationAdvancer<WebSearchPlan, string> {
  // Declared, so that the graph is known before it runs: it can be drawn, checked and resumed.
  readonly targets = [research, archive];

  override shouldAdvance(plan: WebSearchPlan): boolean {
    return plan.queries.length > 0;
  }
  override convertOutput(plan: WebSearchPlan): string {
    return JSON.stringify(plan.queries);
  }
  override getNextRunnable(plan: WebSearchPlan): typeof research {
    return plan.queries.length > 2 ? archive : research;
  }
}

class Planned extends Orchestration<string, string> {
  constructor() {
    super("planned", (o) =>
      o.start(planning).advanceBy(planning, new PlanningAdvancer()).finish(research, archive),
    );
  }
}

const planned = new Planned();
planned.on("state.transition", ({ from, to, advancers }) => console.log(from, "->", to, advancers[0]?.label));
console.log(await planned.run("tides and wind"));
console.log(await planned.run("tides and wind and sun"));
