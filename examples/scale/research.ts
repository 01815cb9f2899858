/** What the client and all workers share: the flow, and the addresses. Nothing here knows of Restate. */
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { each, orchestration, question, runnable } from "@orch/core";
import { z } from "zod";

/** Who performs: each worker has a name, and tells in a file what it does. */
const { WORKER: worker = "nobody", WORK_LOG: log = "/dev/null" } = process.env;
const tell = (line: string): void => appendFileSync(log, `${worker} ${line}\n`);

export const runId = "research-1";

const plan = runnable("plan", (topic: string) => {
  tell(`plans ${topic}`);
  return ["history", "markets", "risks", "people", "laws", "outlook"].map((part) => `${topic}, ${part}`);
});

const search = runnable("search", async (query: string, ctx) => {
  tell(`searches ${query}`);
  // Stands for a model or a search engine, which take their time.
  await pause(400, undefined, { signal: ctx.signal });
  tell(`found ${query}`);
  return { query, worker };
});
const searchAll = each("searchAll", search, { concurrency: 4 });

type Found = readonly { readonly query: string; readonly worker: string }[];
const collect = runnable("collect", (found: Found) => found.length);
const approve = question("approve", {
  ask: (count: number) => `Publish ${count} findings?`,
  answer: z.boolean(),
});
const report = runnable("report", (yes: boolean) => {
  tell("reports");
  return yes ? "published" : "kept back";
});

export const research = orchestration("research", (o) =>
  o
    .start(plan)
    .advance(plan, searchAll)
    .advance(searchAll, collect)
    .advance(collect, approve)
    .advance(approve, report)
    .finish(report),
);
