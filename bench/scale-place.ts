/** A server and its workers for `scale.ts` and `scale-waits.ts`, and what they use of the machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RestateHost, restateHost } from "@orch/restate";
import { freePorts } from "../scripts/free-ports.ts";
import { RestateServer } from "../scripts/restate-server.ts";
import { balance } from "../scripts/tcp-balancer.ts";

/** A server and its workers. */
export interface Place extends AsyncDisposable {
  readonly host: RestateHost;
  readonly server: RestateServer;
  readonly workers: readonly ChildProcess[];
}

/** Opens a place with so many workers, and the server's own number of partitions. `restAfter`: the option of the workers. */
export async function open(count: number, restAfter = 30_000): Promise<Place> {
  const ports = await freePorts(count);
  const [server, balancer] = await Promise.all([
    RestateServer.start({
      partitions: 24,
      tables: "[worker.invoker]\nhttp2-streams-per-connection-limit = 8\n",
    }),
    balance(ports),
  ]);
  const workers = await Promise.all(ports.map((port) => startWorker(port, restAfter)));
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

async function startWorker(port: number, restAfter: number): Promise<ChildProcess> {
  const argv = [
    ...process.execArgv,
    join(import.meta.dirname, "scale-worker.ts"),
    String(port),
    String(restAfter),
  ];
  const env = { ...process.env, RESTATE_LOGGING: "ERROR" };
  const worker = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "ignore"], env });
  await once(worker.stdout!, "data");
  return worker;
}

/** Milliseconds that `act` takes, by the wall and of all processors of the place. */
export async function timed(
  place: Place,
  act: () => Promise<unknown>,
): Promise<{ wall: number; processor: number }> {
  const used = (): number => processorTime(place) + processorTimeOf(process.pid);
  const [began, before] = [performance.now(), used()];
  await act();
  return { wall: performance.now() - began, processor: used() - before };
}

/** Milliseconds of processor time of server and workers until now. */
export function processorTime({ server, workers }: Place): number {
  return [server.pid, ...workers.map(({ pid = 0 }) => pid)].reduce(
    (sum, pid) => sum + processorTimeOf(pid),
    0,
  );
}

function processorTimeOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [user, system] = text.slice(text.lastIndexOf(")")).split(" ").slice(12, 14);
  return (Number(user) + Number(system)) * 10;
}

/** The memory of a process, in MB. */
export function megabytesOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
