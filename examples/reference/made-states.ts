import { Orchestration, OrchestrationAdvancer, OrchestrationRunnable, type Runnable } from "@orch/core";

interface ConfigData {
  readonly workflowType: "coding" | "analysis" | "default";
  readonly language: string;
  readonly requirements: string;
}

class ConfigState extends OrchestrationRunnable<string, ConfigData> {
  override readonly id = "config";
  override invoke(request: string): ConfigData {
    const isCode = request.startsWith("program");
    return { workflowType: isCode ? "coding" : "analysis", language: "Rust", requirements: request };
  }
}

// A class with a static id stands in the graph for all states that are made of it.
class CodingState extends OrchestrationRunnable<string, string> {
  static readonly id = "coding";
  readonly language: string;
  constructor({ language }: { readonly language: string }) {
    super();
    this.language = language;
  }
  override invoke(requirements: string): string {
    return `${requirements}, in ${this.language}`;
  }
}
class AnalysisState extends OrchestrationRunnable<string, string> {
  static readonly id = "analysis";
  readonly sources: readonly string[];
  constructor({ sources }: { readonly sources: readonly string[] }) {
    super();
    this.sources = sources;
  }
  override invoke(requirements: string): string {
    return `${requirements}, from ${this.sources.join(" and ")}`;
  }
}
class DefaultState extends OrchestrationRunnable<string, string> {
  override readonly id = "default";
  override invoke(requirements: string): string {
    return requirements;
  }
}
class ReviewState extends OrchestrationRunnable<string, string> {
  override readonly id = "review";
  override invoke(code: string): string {
    return `reviewed: ${code}`;
  }
}

const usual = new DefaultState();

class DynamicAdvancer extends OrchestrationAdvancer<ConfigData, string> {
  override readonly targets = [CodingState, AnalysisState, usual];
  override convertOutput({ requirements }: ConfigData): string {
    return requirements;
  }
  override getNextRunnable(config: ConfigData): Runnable<string, string> {
    switch (config.workflowType) {
      case "coding":
        return new CodingState({ language: config.language });
      case "analysis":
        return new AnalysisState({ sources: ["tides", "moon"] });
      default:
        return usual;
    }
  }
}

class Dynamic extends Orchestration<string, string> {
  constructor() {
    const config = new ConfigState();
    const review = new ReviewState();
    super("dynamic", (o) =>
      o
        .start(config)
        .advanceBy(config, new DynamicAdvancer())
        // A state that is made on the way has ways on of its own.
        .advance(CodingState, review)
        .finish(review, AnalysisState, usual),
    );
  }
}

const dynamic = new Dynamic();
dynamic.on("state.started", ({ path }) => console.log(path));
console.log(await dynamic.run("program a clock"));
console.log(await dynamic.run("explain the tides"));
