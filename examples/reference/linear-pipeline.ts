import { orchestration, runnable } from "@orch/core";

const planning = runnable("planning", (topic: string) => [topic, `${topic} risks`]);
const research = runnable("research", (queries: readonly string[]) =>
  queries.map((query) => `found ${query}`),
);
const analysis = runnable("analysis", (found: readonly string[]) => ({ found, count: found.length }));
const reporting = runnable("reporting", ({ found, count }: { found: readonly string[]; count: number }) =>
  [`${count} findings:`, ...found].join("\n"),
);

const flow = orchestration("linear", (o) =>
  o
    .start(planning)
    .advance(planning, research)
    .advance(research, analysis)
    .advance(analysis, reporting)
    .finish(reporting),
);
console.log(await flow.run("tides"));
