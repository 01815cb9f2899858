/** Drives a run whose branches cost money, over a file: each start is a line. `ill` branches meet the end of the quota. */
import { appendFileSync } from "node:fs";
import { circuit, each, FatalError, type Orchestration, orchestration, runnable } from "@orch/core";
import { sqliteHost } from "../src/index.ts";

/** The flow; `started` is a file with one line for each start, `isIll` tells whether a branch meets the error. */
export function spending(
  started: string,
  isIll: (item: number) => boolean,
  isAsking: boolean,
): Orchestration<readonly number[], unknown> {
  const paid = runnable("paid", async (item: number) => {
    appendFileSync(started, `${item}\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (isIll(item)) throw new FatalError("You've hit your session limit");
    return item;
  });
  const fan = each("fan", paid, { settled: true, concurrency: 2 });
  return orchestration("f", (o) => o.start(fan).finish(fan), isAsking ? { onTerminal: circuit() } : {});
}

const [, , file, started, mode] = process.argv;
if (import.meta.filename === process.argv[1]) {
  const flow = spending(started!, (item) => item >= 4, mode === "asks");
  const host = sqliteHost(file!);
  const run = flow.start([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { host, runId: "r" });
  run.result.catch(() => {});
  for await (const event of run.events()) {
    if (event.type === "run.waiting" || event.type === "run.failed") console.log(event.type);
  }
  // Until it is killed.
  setInterval(() => {}, 1_000);
}
