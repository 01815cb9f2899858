/**
 * What a step costs on the workers of a Restate server, on this machine: server, workers and client share its cores.
 *
 *     pnpm bench:scale [steps]
 *
 * It prints the table of docs/scale.md. Times are wall times, so a busy machine makes them longer; processor time is printed beside them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Orchestration, Run } from "@orch/core";
import { type RestateHost, restateHost } from "@orch/restate";
import { freePorts } from "../scripts/free-ports.ts";
import { NO_RESTATE, RestateServer, restateServerPath } from "../scripts/restate-server.ts";
import { balance } from "../scripts/tcp-balancer.ts";
import { localFan, localLine, remoteFan, remoteLine, slowLine } from "./scale-flows.ts";

const STEPS = Number(process.argv[2] ?? 200);
/** Runs at once, where steps a second are counted. */
const RUNS = 8;

/** A server and its workers. */
interface Place extends AsyncDisposable {
  readonly host: RestateHost;
  readonly server: RestateServer;
  readonly workers: readonly ChildProcess[];
}

/** Opens a place with so many workers, and the server's own number of partitions. */
async function open(count: number): Promise<Place> {
  const ports = await freePorts(count);
  const [server, balancer] = await Promise.all([
    RestateServer.start({
      partitions: 24,
      tables: "[worker.invoker]\nhttp2-streams-per-connection-limit = 8\n",
    }),
    balance(ports),
  ]);
  const workers = await Promise.all(ports.map(startWorker));
  const answer = await fetch(`${server.admin}/deployments`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ uri: `http://127.0.0.1:${balancer.port}` }),
  });
  if (!answer.ok) throw new TypeError(await answer.text());
  const close = async (): Promise<void> => {
    for (const worker of workers) worker.kill("SIGKILL");
    await server.stop();
    await balancer.close();
  };
  return { host: restateHost(server), server, workers, [Symbol.asyncDispose]: close };
}

async function startWorker(port: number): Promise<ChildProcess> {
  const argv = [...process.execArgv, join(import.meta.dirname, "scale-worker.ts"), String(port)];
  const env = { ...process.env, RESTATE_LOGGING: "ERROR" };
  const worker = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "ignore"], env });
  await once(worker.stdout!, "data");
  return worker;
}

/** Milliseconds that `act` takes, by the wall and of all processors of the place. */
async function timed(
  place: Place,
  act: () => Promise<unknown>,
): Promise<{ wall: number; processor: number }> {
  const pids = [place.server.pid, ...place.workers.map(({ pid = 0 }) => pid), process.pid];
  const used = (): number => pids.reduce((sum, pid) => sum + processorTimeOf(pid), 0);
  const [began, before] = [performance.now(), used()];
  await act();
  return { wall: performance.now() - began, processor: used() - before };
}

function processorTimeOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [user, system] = text.slice(text.lastIndexOf(")")).split(" ").slice(12, 14);
  return (Number(user) + Number(system)) * 10;
}

function megabytesOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

const row = (what: string, figure: string): void => console.log(`| ${what} | ${figure} |`);

/** Milliseconds a step, one after another in one run: the middle of five runs. */
async function latency(place: Place, what: string, flow: Orchestration<number, number>): Promise<void> {
  await flow.run(STEPS, { host: place.host });
  const times = [];
  for (let index = 0; index < 5; index++)
    times.push(await timed(place, () => flow.run(STEPS, { host: place.host })));
  const middle = times.toSorted((a, b) => a.wall - b.wall)[2]!;
  const [wall, processor] = [middle.wall / STEPS, middle.processor / STEPS];
  row(
    `${what} step, ${STEPS} in a line`,
    `${wall.toFixed(1)} ms; ${processor.toFixed(1)} ms of processor time`,
  );
}

/** Steps a second of several runs at once. */
async function throughput(place: Place, what: string, flow: Orchestration<number, number>): Promise<void> {
  const all = (): Promise<unknown> =>
    Promise.all(Array.from({ length: RUNS }, () => flow.run(STEPS, { host: place.host })));
  await all();
  const { wall, processor } = await timed(place, all);
  const steps = STEPS * RUNS;
  const second = Math.round((steps / wall) * 1000);
  const workers = `${place.workers.length} worker${place.workers.length === 1 ? "" : "s"}`;
  row(
    `${what} steps, ${workers}, ${RUNS} runs of ${STEPS} at once`,
    `${second} a second; ${(processor / steps).toFixed(1)} ms of processor time each`,
  );
}

/** The longest pause that a client sees in runs of steps of 50 ms when one of two workers is killed in the middle. */
async function recovery(place: Place): Promise<void> {
  const pauses: number[] = [];
  let seen = 0;
  const follow = async (run: Run<number>): Promise<void> => {
    let last = performance.now();
    let longest = 0;
    for await (const event of run.events()) {
      if (event.type !== "state.completed") continue;
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
      seen += 1;
      if (seen === RUNS * 10) place.workers[0]!.kill("SIGKILL");
    }
    await run.result;
    pauses.push(longest);
  };
  await Promise.all(Array.from({ length: RUNS }, () => follow(slowLine.start(40, { host: place.host }))));
  const [shortest, longest] = [Math.min(...pauses), Math.max(...pauses)].map(Math.round);
  row(
    `kill -9 of one of two workers under ${RUNS} runs of steps of 50 ms: the longest pause of a run`,
    `${shortest} to ${longest} ms`,
  );
}

/** What the server keeps of a run that has ended: events and arrivals, until the run is deleted or its retention ends. */
async function keptBytes(place: Place): Promise<void> {
  const runId = "kept";
  await localLine.run(STEPS, { host: place.host, runId });
  const answer = await fetch(`${place.server.admin}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      query: `select sum(octet_length(value_utf8)) as bytes from state where service_key = '${runId}'`,
    }),
  });
  const { rows } = (await answer.json()) as { readonly rows: readonly { readonly bytes: number }[] };
  row(
    "kept on the server for each step of a run that has ended",
    `${Math.round(rows[0]!.bytes / STEPS)} bytes`,
  );
}

if (restateServerPath === undefined) {
  console.log(NO_RESTATE);
  process.exit(0);
}
console.log(
  `${cpus().length} cores, Node ${process.versions.node}, Restate 1.7.12, server, workers and client together\n`,
);
console.log("| | |\n|---|---|");
{
  await using place = await open(1);
  row("memory of the server, idle", `${megabytesOf(place.server.pid)} MB`);
  row("memory of a worker, idle", `${megabytesOf(place.workers[0]!.pid!)} MB`);
  await latency(place, "local", localLine);
  await latency(place, "remote", remoteLine);
  await keptBytes(place);
  await throughput(place, "local", localFan);
  await throughput(place, "remote", remoteFan);
  row("memory of the server, after that", `${megabytesOf(place.server.pid)} MB`);
  row("memory of a worker, after that", `${megabytesOf(place.workers[0]!.pid!)} MB`);
}
{
  await using place = await open(2);
  await throughput(place, "local", localFan);
  await throughput(place, "remote", remoteFan);
  await recovery(place);
}
process.exit(0);
