/** Draws a flow, then the same flow with what a run of it did. The run asks a question, and we answer it. */
import { all, choose, orchestration, question, runnable } from "@orch/core";
import { recordRun, toMermaid, toText } from "@orch/core/draw";
import { z } from "zod";

const plan = runnable("plan", (topic: string) => ({ topic }));
const web = runnable("web", ({ topic }: { topic: string }) => `${topic} on the web`);
const papers = runnable("papers", ({ topic }: { topic: string }) => `papers on ${topic}`);
const gather = all("gather", { web, papers }, { when: { papers: ({ topic }) => topic.length > 5 } });

// Which states there are is known only when the input is: a drawing of the run shows them.
const write = choose("write", (found: readonly string[]) =>
  orchestration(found.length > 1 ? "long" : "short", (o) => {
    const draft = runnable("draft", (from: readonly string[]) => from.join(" and "));
    const polish = runnable("polish", (text: string) => `${text}.`);
    return o.start(draft).advance(draft, polish).finish(polish);
  }),
);
const approve = question("approve", { ask: (text: string) => `Publish "${text}"?`, answer: z.boolean() });

const flow = orchestration("publish", (o) =>
  o
    .start(plan)
    .advance(plan, gather)
    .advance(gather, write, { convert: ({ web, papers }) => (papers === undefined ? [web] : [web, papers]) })
    .advance(write, approve)
    .advance(approve, plan, { when: (yes) => !yes, label: "no", convert: () => "something else" })
    .catch(write, plan, { convert: () => "something simpler" })
    .finish(approve),
);

console.log(toText(flow.graph));

let record = recordRun([]);
const run = flow.start("tides");
for await (const event of run.events()) {
  record = recordRun([event], record);
  if (event.type !== "question.asked") continue;
  console.log(toText(flow.graph, { run: record }));
  // The first visit is turned down, so the flow goes round once.
  await run.answer(event.question, event.visit > 1);
}
console.log(toText(flow.graph, { run: record }));
console.log(toMermaid(flow.graph));
