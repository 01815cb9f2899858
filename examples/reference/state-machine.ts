import { Orchestration, OrchestrationRunnable } from "@orch/core";

interface ReportData {
  readonly title: string;
  readonly words: number;
}

class ReportingRunnable extends OrchestrationRunnable<string, ReportData> {
  override readonly id = "reporting";
  override invoke(topic: string): ReportData {
    return { title: `About ${topic}`, words: topic.split(" ").length };
  }
}

// The types in angle brackets are checked against the states: another first or last state would not compile.
class MyOrchestration extends Orchestration<string, ReportData> {
  constructor() {
    const reporting = new ReportingRunnable();
    super("mine", (o) => o.start(reporting).finish(reporting));
  }
}

const report = await new MyOrchestration().run("tidal power");
console.log(report.title, report.words);
