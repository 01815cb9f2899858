/**
 * What a step costs on the workers of a Restate server, on this machine: server, workers and client share its cores.
 *
 *     pnpm bench:scale [steps]
 *
 * It prints the table of docs/scale.md. Times are wall times, so a busy machine makes them longer; processor time is printed beside them.
 */
import { cpus } from "node:os";
import type { Orchestration, Run } from "@orch/core";
import { NO_RESTATE, restateServerPath } from "../scripts/restate-server.ts";
import { localFan, localLine, remoteFan, remoteLine, slowLine } from "./scale-flows.ts";
import { megabytesOf, open, type Place, timed } from "./scale-place.ts";

const STEPS = Number(process.argv[2] ?? 200);
/** Runs at once, where steps a second are counted. */
const RUNS = 8;

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
