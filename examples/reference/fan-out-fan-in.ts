import { all, orchestration, runnable } from "@orch/core";

const web = runnable("web", async (topic: string) => [`${topic} on the web`]);
const papers = runnable("papers", async (topic: string) => [`a paper on ${topic}`, "another one"]);
const notes = runnable("notes", (_: string) => 3);
const gather = all("gather", { web, papers, notes });

// The results arrive under the names of the branches, each with its own type.
const aggregation = runnable(
  "aggregation",
  (found: { readonly web: readonly string[]; readonly papers: readonly string[]; readonly notes: number }) =>
    `${found.web.length + found.papers.length} sources and ${found.notes} notes`,
);

const flow = orchestration("fan", (o) => o.start(gather).advance(gather, aggregation).finish(aggregation));
console.log(await flow.run("tides"));
