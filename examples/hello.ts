import { each, orchestration, runnable } from "@orch/core";

const plan = runnable("plan", (topic: string) => [`${topic} today`, `${topic} tomorrow`]);
const search = runnable("search", async (query: string) => ({ query, words: query.split(" ").length }));
const searchAll = each("searchAll", search, { concurrency: 4 });
const report = runnable("report", (found: readonly { query: string; words: number }[]) =>
  found.map((one) => `${one.query} (${one.words} words)`).join("\n"),
);

const research = orchestration("research", (o) =>
  o.start(plan).advance(plan, searchAll).advance(searchAll, report).finish(report),
);
research.on("state.transition", (event) => console.error(`${event.from} -> ${event.to}`));
console.log(await research.run("solar power"));
