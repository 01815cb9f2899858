/**
 * One process of a run that is killed again and again.
 *
 *     node live-flow.ts FILE FLOW DURABILITY START [KILL]
 *
 * KILL is `before:3`, `after:3` or `amid:3:40`: at the third write before it is begun, when it is on
 * disk, or by a thread that was told to kill so many steps before the write is begun. It tells, a line each:
 *
 *     found 4        how many records the run had when this process came
 *     wrote 3        how many records the store has acknowledged, as it says so
 *     ran PATH       an execution
 *     begun, late    `amid` came after the write was begun; after it was over
 *     end PROBLEMS   the run has ended; what is wrong with it, as JSON
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Append, JournalStore } from "@orch/core/host";
import { manualClock } from "../../testing/src/clock/manual-clock.ts";
import { hostFlows } from "../../testing/src/host/host-flows.ts";
import { HostLifeOnStore } from "../../testing/src/host/host-life-on-store.ts";
import { sqliteStore } from "../src/run/sqlite-store.ts";

const [file, name, durability, start, kill] = process.argv.slice(2) as [
  string,
  string,
  "step" | "group",
  string,
  string?,
];
const [mode, at, delay] = kill?.split(":") ?? [];

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  // The signal comes at once; nothing may happen until it does.
  for (;;);
};

/** A thread that kills the process when it is told to: it waits, is woken, and is told. */
const WAITS = 0;
const WOKEN = 1;
const TOLD = 2;
/** How often a busy thread looks at its state in one step of a delay: some tenths of a microsecond. */
const STEP = 250;
const state = new Int32Array(new SharedArrayBuffer(8));
if (mode === "amid") {
  const source = `
    const { state } = require("node:worker_threads").workerData;
    Atomics.store(state, 1, 1);
    Atomics.wait(state, 0, ${WAITS});
    Atomics.store(state, 1, 2);
    while (Atomics.load(state, 0) !== ${TOLD});
    process.kill(process.pid, "SIGKILL");
  `;
  const worker = new Worker(source, { eval: true, workerData: { state } });
  await new Promise<void>((resolve) => worker.once("online", () => resolve()));
  worker.unref();
}

const tell = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const beginAmid = (): void => {
  Atomics.store(state, 0, WOKEN);
  while (Atomics.load(state, 1) !== 2) Atomics.notify(state, 0);
  Atomics.store(state, 0, TOLD);
  // The signal is on its way for longer than a write takes.
  for (let step = 0; step < Number(delay) * STEP; step++) Atomics.load(state, 0);
  tell("begun");
};

let writes = 0;
const dying = <TResult>(write: () => TResult, records: number): TResult => {
  writes += 1;
  const isIt = writes === Number(at);
  if (isIt && mode === "before") die();
  if (isIt && mode === "amid") beginAmid();
  const result = write();
  if (isIt && mode === "amid") tell("late");
  if (records > 0) tell(`wrote ${records}`);
  if (isIt) die();
  return result;
};

const own = sqliteStore(file);
const lastOf = ({ from, records }: Append): number => from + records.length - 1;
const store: JournalStore = {
  ...own,
  create: (run, records, until) => dying(() => own.create(run, records, until), records.length),
  createAll: (all) => dying(() => own.createAll!(all), Math.max(...all.map(({ records }) => records.length))),
  append: (batch) => dying(() => own.append(batch), Math.max(...batch.map(lastOf))),
  offer: (runId, request, now) => dying(() => own.offer(runId, request, now), 0),
  keep: (runId, answer, judged) => dying(() => own.keep(runId, answer, judged), 0),
};
tell(`found ${(await own.get("run-1"))?.records ?? 0}`);
const flow = hostFlows.find((one) => one.name === name)!;
const ran = (path: string): void => tell(`ran ${path}`);
const life = new HostLifeOnStore(flow, durability, { clock: manualClock(Number(start)), ran });
await life.live(store);
const problems = [...life.problems(), ...(await life.journalProblems(store))];
tell(`end ${JSON.stringify(problems)}`);
process.exit(0);
