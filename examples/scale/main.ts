/**
 * Two workers behind one address, a server, and a run that outlives the worker it is driven by: the worker that drives it is killed in the
 * middle of its searches, another process answers its question, and at the end stands who did what.
 *
 *     pnpm --filter @orch/examples start scale
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { restateHost } from "@orch/restate";
import { freePorts } from "../../scripts/free-ports.ts";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../scripts/restate-server.ts";
import { balance } from "../../scripts/tcp-balancer.ts";
import { research, runId } from "./research.ts";

if (restateServerPath === undefined) {
  console.log(NO_RESTATE);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "orch-scale-"));
const log = join(folder, "work.log");
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

/** Starts a program of this folder, which ends with this one, and resolves at its first line. */
async function begin(name: string, file: string, ...args: readonly string[]): Promise<ChildProcess> {
  const argv = [...process.execArgv, join(import.meta.dirname, file), ...args];
  const env = { ...process.env, WORKER: name, WORK_LOG: log, RESTATE_LOGGING: "ERROR" };
  const child = spawn(process.execPath, argv, { stdio: ["pipe", "pipe", "inherit"], env });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => console.log(`${name}: ${line}`));
  await once(lines, "line");
  return child;
}

// The server, and what stands before the workers: in production a balancer, here a few lines.
const ports = await freePorts(2);
const [server, balancer] = await Promise.all([
  RestateServer.start({ tables: "[worker.invoker]\nhttp2-streams-per-connection-limit = 1\n" }),
  balance(ports),
]);
const [north, south] = await Promise.all([
  begin("north", "worker.ts", String(ports[0])),
  begin("south", "worker.ts", String(ports[1])),
]);
const workers = new Map([
  ["north", north],
  ["south", south],
]);
const registered = await fetch(`${server.admin}/deployments`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ uri: `http://127.0.0.1:${balancer.port}` }),
});
if (!registered.ok) throw new TypeError(`The workers were not registered: ${await registered.text()}`);

const host = restateHost(server);
const run = research.start("tides", { host, runId });
let found = 0;
for await (const event of run.events()) {
  if (event.type === "state.completed" && event.state === "search") found += 1;
  if (found === 1 && workers.size === 2) {
    // Who planned drives the run.
    const [driver = "north"] = readFileSync(log, "utf8").split(" ");
    workers.get(driver)?.kill("SIGKILL");
    workers.delete(driver);
    console.log(`${driver}: killed after ${found} of 6 searches`);
  }
  if (event.type !== "run.waiting") continue;
  console.log("the run waits; nothing of it is in this process");
  await once(await begin("desk", "answer.ts", server.ingress), "exit");
}
console.log(`result: ${await run.result}`);

const did = readFileSync(log, "utf8").trim().split("\n");
for (const name of ["north", "south"]) {
  const own = did.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  console.log(`${name} did: ${own.filter((line) => !line.startsWith("searches")).join("; ")}`);
}
const began = did.filter((line) => !line.includes(" found "));
const distinct = new Set(began.map((line) => line.slice(line.indexOf(" ") + 1)));
console.log(`executions: ${began.length}, of ${distinct.size} states`);
for (const worker of workers.values()) worker.kill();
await server.stop();
await balancer.close();
process.exit(0);
