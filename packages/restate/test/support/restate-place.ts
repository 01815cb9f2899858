/** A server, a balancer and workers on the loopback, for one test file. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restateHost } from "@orch/restate";
import { freePorts } from "../../../../scripts/free-ports.ts";
import { balanceRequests } from "../../../../scripts/http2-balancer.ts";
import { RestateServer } from "../../../../scripts/restate-server.ts";
import { balance, type TcpBalancer } from "../../../../scripts/tcp-balancer.ts";
import { gateFile, workFile } from "./research.ts";
import { WorkerProcess } from "./worker-process.ts";

/**
 * Few calls for each connection, so that workers behind a balancer of connections share the work; and a worker that hangs is
 * noticed after two seconds.
 */
const TABLES = `[worker.invoker]
http2-streams-per-connection-limit = 2
http2-keep-alive-interval = "1s"
http2-keep-alive-timeout = "1s"
`;

/** How often executions began and how many of them there were, as the workers told it. */
export interface Executions {
  readonly began: number;
  /** Different ones. */
  readonly distinct: number;
  /** How often each began, by its path in the run. */
  readonly byKey: ReadonlyMap<string, number>;
  /** The workers that did them. */
  readonly workers: ReadonlySet<string>;
}

/** One place. */
export class RestatePlace {
  readonly folder: string;
  readonly server: RestateServer;
  readonly host: ReturnType<typeof restateHost>;
  readonly workers = new Map<string, WorkerProcess>();
  readonly #balancer: TcpBalancer;
  readonly #backends: number[];
  readonly #names: string[] = [];
  readonly #steps: "here" | "anywhere";

  private constructor(
    server: RestateServer,
    balancer: TcpBalancer,
    backends: number[],
    steps: "here" | "anywhere",
  ) {
    this.folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-restate-test-"));
    this.server = server;
    this.#balancer = balancer;
    this.#backends = backends;
    this.#steps = steps;
    const { ingress, admin } = server;
    this.host = restateHost({ ingress, admin });
  }

  /** Opens a place with workers of these names, behind a balancer of connections or one of requests. */
  static async open(
    names: readonly string[],
    steps: "here" | "anywhere" = "here",
    shares: "connections" | "requests" = "connections",
  ): Promise<RestatePlace> {
    const backends: number[] = [];
    const byRequests = shares === "requests";
    const [server, balancer] = await Promise.all([
      RestateServer.start(byRequests ? {} : { tables: TABLES }),
      byRequests ? balanceRequests(backends) : balance(backends),
    ]);
    const place = new RestatePlace(server, balancer, backends, steps);
    place.#names.push(...names);
    await place.complete();
    await place.register();
    return place;
  }

  /** Starts a worker of this name, behind the balancer. */
  async begin(name: string): Promise<WorkerProcess> {
    const [port = 0] = await freePorts(1);
    const worker = await WorkerProcess.start(name, port, {
      folder: this.folder,
      steps: this.#steps,
      ingress: this.server.ingress,
    });
    this.workers.set(name, worker);
    this.#backends.push(port);
    return worker;
  }

  /** Starts the workers that are not there any more. */
  async complete(): Promise<void> {
    await Promise.all(this.#names.filter((name) => !this.workers.has(name)).map((name) => this.begin(name)));
  }

  /** Sends all new connections to one worker while `act` goes on, and breaks those that are open. */
  async alone(name: string, act: () => Promise<void>): Promise<void> {
    const { port = 0 } = this.workers.get(name) ?? {};
    const all = this.#backends.splice(0, this.#backends.length, port);
    this.#balancer.cut();
    await act();
    this.#backends.splice(0, 1, ...all);
  }

  /** Kills a worker by SIGKILL. */
  async kill(name: string): Promise<void> {
    const worker = this.workers.get(name);
    if (worker === undefined) return;
    this.workers.delete(name);
    this.#backends.splice(this.#backends.indexOf(worker.port), 1);
    await worker.kill();
  }

  /** Tells the server where the workers are. */
  async register(): Promise<void> {
    const uri = `http://127.0.0.1:${this.#balancer.port}`;
    const response = await fetch(`${this.server.admin}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri, force: true }),
    });
    if (!response.ok) throw new Error(`the deployment was refused: ${await response.text()}`);
  }

  /** Holds all but the first searches until `openGate`. */
  shutGate(): void {
    writeFileSync(gateFile(this.folder), "");
  }

  openGate(): void {
    rmSync(gateFile(this.folder), { force: true });
  }

  /** What was executed for a run. */
  executions(runId: string): Executions {
    const file = workFile(this.folder);
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    const byKey = new Map<string, number>();
    const workers = new Set<string>();
    let began = 0;
    for (const line of lines) {
      const [says, key, worker] = line.split(" ");
      if (says !== "began" || worker === undefined || key?.startsWith(`${runId}/`) !== true) continue;
      const path = key.slice(runId.length + 1);
      began += 1;
      byKey.set(path, (byKey.get(path) ?? 0) + 1);
      workers.add(worker);
    }
    return { began, distinct: byKey.size, byKey, workers };
  }

  async close(): Promise<void> {
    this.openGate();
    for (const worker of this.workers.values()) await worker.kill();
    await this.server.stop();
    await this.#balancer.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
