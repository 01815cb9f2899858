import { choose, orchestration, type Runnable, runnable } from "@orch/core";

interface Config {
  readonly workflow: "coding" | "analysis" | "anything";
  readonly language?: string;
  readonly sources?: readonly string[];
}

/** A workflow of two states, made for this language. */
function codingWorkflow(language: string): Runnable<Config, string> {
  const write = runnable("write", (_: Config) => `${language} code`);
  const review = runnable("review", (code: string) => `reviewed ${code}`);
  return orchestration("coding", (o) => o.start(write).advance(write, review).finish(review));
}
const analysis = (sources: readonly string[]) =>
  runnable("analysis", (_: Config) => `analysed ${sources.join(" and ")}`);
const fallback = runnable("fallback", (_: Config) => "did the usual");

// Made while the run is under way. A pure function of its input, so that a resumed run makes the same again.
const workflow = choose("workflow", (config: Config) => {
  switch (config.workflow) {
    case "coding":
      return codingWorkflow(config.language ?? "TypeScript");
    case "analysis":
      return analysis(config.sources ?? []);
    default:
      return fallback;
  }
});
const flow = orchestration("dynamic", (o) => o.start(workflow).finish(workflow));
flow.on("state.started", ({ path }) => console.log(path));

console.log(await flow.run({ workflow: "coding", language: "Rust" }));
console.log(await flow.run({ workflow: "analysis", sources: ["tides", "moon"] }));
console.log(await flow.run({ workflow: "anything" }));
