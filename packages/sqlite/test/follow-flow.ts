/**
 * A process that drives a run of a file, with code that no other process has: `follow-flow.ts FILE`. It resumes the run `r`, or
 * starts it, and tells `waiting` and `end`. The caller kills it.
 */
import { writeSync } from "node:fs";
import { orchestration, question, runnable } from "@orch/core";
import { z } from "zod";
import { sqliteHost } from "../src/index.ts";

const [file = ""] = process.argv.slice(2);
const host = sqliteHost(file);
const first = runnable("first", async (n: number) => n + 1);
const approve = question("approve", {
  ask: (n: number) => `Go on with ${n}?`,
  answer: z.object({ yes: z.boolean() }),
});
const last = runnable("last", async ({ yes }: { readonly yes: boolean }) => (yes ? "done" : "left"));
const flow = orchestration("secret", (o) =>
  o.start(first).advance(first, approve).advance(approve, last).finish(last),
);
const isThere = (await host.get("r")) !== undefined;
const run = isThere ? await host.resume(flow, "r") : flow.start(1, { host, runId: "r" });
for await (const { type } of run.events({ from: isThere ? 5 : 1 })) {
  if (type === "run.waiting") writeSync(1, "waiting\n");
}
writeSync(1, `end ${await run.result.catch(() => "without an output")}\n`);
await host.close();
