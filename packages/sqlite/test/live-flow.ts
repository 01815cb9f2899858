/**
 * One process of a run that is killed again and again.
 *
 *     node live-flow.ts FILE FLOW DURABILITY START [KILL]
 *
 * KILL is `before:3`, `after:3` or `amid:3:40`: at the third write before it is begun, when it is on
 * disk, or so many steps of a busy thread after it was begun. Every execution is told as a line
 * `ran PATH`; a run that ends tells `end PROBLEMS` with the problems as JSON.
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { JournalStore } from "@orch/core/host";
import { hostFlows } from "../../testing/src/host-flows.ts";
import { HostLife } from "../../testing/src/host-life.ts";
import { manualClock } from "../../testing/src/manual-clock.ts";
import { sqliteStore } from "../src/run/sqlite-store.ts";

const [file, name, durability, start, kill] = process.argv.slice(2) as [
  string,
  string,
  "step",
  string,
  string?,
];
const [mode, at, delay] = kill?.split(":") ?? [];

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  // The signal comes at once; nothing may happen until it does.
  for (;;);
};

/** A thread that kills the process so many steps after it was told to. */
const trigger = new Int32Array(new SharedArrayBuffer(4));
if (mode === "amid") {
  const source = `
    const { workerData } = require("node:worker_threads");
    const { trigger, delay } = workerData;
    Atomics.store(trigger, 0, 1); Atomics.notify(trigger, 0);
    while (Atomics.load(trigger, 0) === 1);
    for (let i = 0; i < delay * 100; i++) Atomics.load(trigger, 0);
    process.kill(process.pid, "SIGKILL");
  `;
  const worker = new Worker(source, { eval: true, workerData: { trigger, delay: Number(delay) } });
  await new Promise<void>((resolve) => worker.once("online", () => resolve()));
  worker.unref();
  Atomics.wait(trigger, 0, 0);
}

let writes = 0;
const dying = <TResult>(write: () => TResult): TResult => {
  writes += 1;
  const isIt = writes === Number(at);
  if (isIt && mode === "before") die();
  if (isIt && mode === "amid") Atomics.store(trigger, 0, 2);
  const result = write();
  // A write that was faster than the thread: it is on disk, and the process dies all the same.
  if (isIt) die();
  return result;
};

const own = sqliteStore(file);
const store: JournalStore = {
  ...own,
  create: (run, records, until) => dying(() => own.create(run, records, until)),
  append: (batch) => dying(() => own.append(batch)),
  putAnswer: (runId, answer) => dying(() => own.putAnswer(runId, answer)),
};
const flow = hostFlows.find((one) => one.name === name)!;
const ran = (path: string): void => {
  writeSync(1, `ran ${path}\n`);
};
const life = new HostLife(flow, durability, { clock: manualClock(Number(start)), ran });
await life.live(store);
const problems = [...life.problems(), ...(await life.journalProblems(store))];
writeSync(1, `end ${writes} ${JSON.stringify(problems)}\n`);
process.exit(0);
