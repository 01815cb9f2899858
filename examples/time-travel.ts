/** Goes back in time: a run of yesterday, with another output or input of one state, or with one state run again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, runnable } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";

const work: string[] = [];
const plan = runnable("plan", (topic: string) => {
  work.push("plan");
  return [topic, `${topic} risks`];
});
const search = runnable("search", (queries: readonly string[]) => {
  work.push("search");
  return queries.map((query) => `found ${query}`);
});
const report = runnable("report", (found: readonly string[]) => {
  work.push("report");
  return found.join(", ");
});
const flow = orchestration("research", (o) =>
  o.start(plan).advance(plan, search).advance(search, report).finish(report),
);

const folder = await mkdtemp(join(tmpdir(), "orch-"));
const host = sqliteHost(join(folder, "runs.db"));
/** Says what a run gave, and which states worked for it. */
const tell = (what: string, result: string): void =>
  console.log(`${what}: ${result} (${work.splice(0).join(", ")})`);

tell("the run", await flow.run("tides", { host, runId: "first" }));
for (const event of await host.events(flow, "first")) {
  if (event.type === "state.completed") console.log(`  ${event.path} gave ${JSON.stringify(event.output)}`);
}

// What if the plan had been another? The states before are not run again, and the first run stays as it was.
const edited = await host.fork(flow, "first", { after: "research/plan#1", output: ["waves"] });
tell("with another plan", await edited.result);

const other = await host.fork(flow, "first", { before: "research/search#1", input: ["reefs"] });
tell("on another input", await other.result);

const again = await host.fork(flow, "first", { before: "research/report#1" });
tell("the report again", await again.result);

console.log(`runs: ${(await host.list()).map(({ origin }) => origin?.runId ?? "new").toSorted()}`);
await host.close();
await rm(folder, { recursive: true });
