/**
 * Three servers that are one cluster, and one of them is killed while runs search and others wait. The runs end, and those that wait are
 * answered through another server. Then the killed one comes back, a second one is killed, and the runs are read through the first.
 *
 *     node --conditions=@orch/source examples/scale/cluster.ts [runs]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Run } from "@orch/core";
import { restateHost } from "@orch/restate";
import { freePorts } from "../../scripts/free-ports.ts";
import { startCluster } from "../../scripts/restate-cluster.ts";
import { NO_RESTATE, restateServerPath } from "../../scripts/restate-server.ts";
import { balance } from "../../scripts/tcp-balancer.ts";
import { research } from "./research.ts";

if (restateServerPath === undefined) {
  console.log(NO_RESTATE);
  process.exit(0);
}
const RUNS = Number(process.argv[2] ?? 6);
const STATES = 8;
const folder = mkdtempSync(join(tmpdir(), "orch-cluster-"));
const log = join(folder, "work.log");
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const nodes = await startCluster();
const [first, second] = nodes;
const ports = await freePorts(2);
const balancer = await balance(ports);
const workers = await Promise.all(
  ports.map(async (port, index) => {
    const argv = [...process.execArgv, join(import.meta.dirname, "worker.ts"), String(port)];
    const env = { ...process.env, WORKER: `worker-${index}`, WORK_LOG: log, RESTATE_LOGGING: "ERROR" };
    // The SDK tells of each call that broke with the server.
    const worker = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "ignore"], env });
    await once(worker.stdout, "data");
    return worker;
  }),
);
const registered = await fetch(`${first!.admin}/deployments`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ uri: `http://127.0.0.1:${balancer.port}` }),
});
if (!registered.ok) throw new TypeError(`The workers were not registered: ${await registered.text()}`);

/** Waits until a run waits for its answer. */
const asked = async (run: Run<string>): Promise<void> => {
  for await (const event of run.events()) if (event.type === "run.waiting") return;
};
const follow = (id: string): Run<string> => restateHost(second!).follow(research, id);

const waiting = Array.from({ length: RUNS }, (_, index) => `waits-${index}`);
const host = restateHost(first!);
await Promise.all(waiting.map((runId) => asked(research.start("tides", { host, runId, onUnheard: false }))));
console.log(`${RUNS} runs wait for an answer`);
const searching = Array.from({ length: RUNS }, (_, index) => `searches-${index}`);
await Promise.all(
  searching.map(async (runId) => {
    const run = research.start("tides", { host, runId, onUnheard: false });
    for await (const event of run.events())
      if (event.type === "state.completed" && event.state === "search") return;
  }),
);
const killed = performance.now();
await first!.kill();
console.log(`${RUNS} runs search; the server n1, by which all were started, is killed`);

const end = async (id: string): Promise<string> => {
  const run = follow(id);
  await asked(run);
  await run.answer(run.questions[0]!.id, true);
  return run.result;
};
const results = await Promise.all([...waiting, ...searching].map(end));
const published = results.filter((result) => result === "published").length;
console.log(
  `${published} of ${results.length} runs ended through n2, ${Math.round(performance.now() - killed)} ms after the kill`,
);
const began = readFileSync(log, "utf8")
  .trim()
  .split("\n")
  .filter((line) => !line.includes(" found "));
console.log(`executions: ${began.length}, of ${results.length * STATES} states`);
await first!.again();
await second!.kill();
const back = performance.now();
const read = await Promise.all([...waiting, ...searching].map((id) => host.follow(research, id).result));
const same = read.filter((result, index) => result === results[index]).length;
console.log(
  `n1 came back and n2 was killed: ${same} of ${read.length} results are read through n1, ${Math.round(performance.now() - back)} ms later`,
);
for (const worker of workers) worker.kill();
for (const node of nodes) await node.stop();
await balancer.close();
process.exit(published === results.length && same === read.length ? 0 : 1);
