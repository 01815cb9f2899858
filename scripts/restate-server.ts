/**
 * A real Restate server for tests, examples and measurements: the program that an optional package of the repository brings, on free
 * ports of the loopback, with a data folder of its own.
 *
 *     node scripts/restate-server.ts    says which one the tests take, or in one line that they skip it
 *
 * `RESTATE_SERVER_PATH` names another one. Where there is none, tests that ask for `restateServerPath` are skipped.
 */
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { freePorts } from "./free-ports.ts";
import { type GuardedProcess, guardedProcess } from "./guarded-process.ts";

/** The line that says why tests of Restate are skipped. */
export const NO_RESTATE =
  "skipped: tests on a Restate server; its optional package is not installed here (it exists for Linux and macOS on x64 and arm64). Name a restate-server in RESTATE_SERVER_PATH.";

/**
 * Finds the program. A path in `RESTATE_SERVER_PATH` is taken as it is, also when nothing stands there: then the start of the server
 * says so. `resolve` gives the place of a package's file, or throws.
 */
export function findRestateServer(
  env: { readonly [name: string]: string | undefined },
  machine: { readonly platform: string; readonly arch: string },
  resolve: (file: string) => string,
): string | undefined {
  const named = env["RESTATE_SERVER_PATH"];
  if (named !== undefined && named !== "") return named;
  try {
    return resolve(`@restatedev/restate-server-${machine.platform}-${machine.arch}/bin/restate-server`);
  } catch {
    return undefined;
  }
}

/** The program of this machine; `undefined` where there is none. */
export const restateServerPath: string | undefined = findRestateServer(
  process.env,
  process,
  createRequire(import.meta.url).resolve,
);

/** How a server is started. */
export interface RestateServerOptions {
  /** How many parts the server divides its work into. Default 4, so that a start costs little; the server's own default is 24. */
  readonly partitions?: number;
  /** More lines of its configuration, as TOML, before its first table. */
  readonly settings?: string;
  /** More tables of its configuration, as TOML. */
  readonly tables?: string;
  /** Its name, by which a cluster knows it. Default `n1`. */
  readonly name?: string;
  /** Its ports: for runs, for administration, for other nodes. Default: free ones. */
  readonly ports?: readonly number[];
  /** Its data folder is made in this folder. Default: in memory where the system has room for it, else where temporary files are. */
  readonly folder?: string;
}

/** A server with its data folder. It ends with this process, whatever ends this process. */
export class RestateServer {
  /** Where runs are started and answered: an address like `http://127.0.0.1:8080`. */
  readonly ingress: string;
  /** Where deployments are registered and invocations cancelled. */
  readonly admin: string;
  readonly folder: string;
  readonly #name: string;
  #process: GuardedProcess | undefined;

  private constructor(folder: string, ports: readonly number[], name: string) {
    this.folder = folder;
    this.#name = name;
    this.ingress = `http://127.0.0.1:${ports[0]}`;
    this.admin = `http://127.0.0.1:${ports[1]}`;
  }

  /** Starts a server on an empty folder and free ports; resolves when it takes requests. */
  static async start(options: RestateServerOptions = {}): Promise<RestateServer> {
    const { folder = roomyFolder(), name = "n1" } = options;
    for (let tries = 1; ; tries++) {
      const ports = options.ports ?? (await freePorts(3));
      const server = new RestateServer(mkdtempSync(join(folder, "orch-restate-")), ports, name);
      writeFileSync(join(server.folder, "restate.toml"), configuration(ports, options));
      try {
        await server.again();
        return server;
      } catch (error) {
        await server.stop();
        // Between the look for free ports and the start another program may have taken one of them.
        if (tries === 3 || options.ports !== undefined || !String(error).includes("in use")) throw error;
      }
    }
  }

  /** The process of the server. */
  get pid(): number {
    if (this.#process === undefined) throw new TypeError("The Restate server does not run now.");
    return this.#process.pid;
  }

  /** Starts the server again after `kill`, on the same folder and ports; resolves when it takes requests. */
  async again(): Promise<void> {
    const path = restateServerPath;
    if (path === undefined) throw new TypeError(NO_RESTATE);
    const args = [
      "--config-file",
      join(this.folder, "restate.toml"),
      "--base-dir",
      join(this.folder, "data"),
    ];
    const all = [...args, "--node-name", this.#name, "--no-logo"];
    this.#process = await guardedProcess(path, all, this.folder, { DO_NOT_TRACK: "1" });
    const { signal } = this.#process;
    for (const url of [`${this.ingress}/restate/health`, `${this.admin}/health`]) {
      while (!(await answers(url, signal))) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the server wrote last. */
  get output(): string {
    return this.#process?.output() ?? "";
  }

  /** Kills the server by SIGKILL, as a machine that loses power does, and leaves its data. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    await process?.kill();
  }

  /** Kills the server and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** An empty server takes 154 MB, and grows with its runs. */
const ROOM = 2 ** 30;

function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > ROOM ? "/dev/shm" : tmpdir();
  } catch {
    return tmpdir();
  }
}

function configuration(ports: readonly number[], options: RestateServerOptions): string {
  const { partitions = 4, settings = "", tables = "" } = options;
  const [ingress, admin, node] = ports;
  return `bind-ip = "127.0.0.1"
listen-mode = "tcp"
bind-port = ${node}
default-num-partitions = ${partitions}
rocksdb-total-memory-size = "128 MiB"
disable-telemetry = true
log-filter = "warn,octocrab=off"
log-disable-ansi-codes = true
${settings}
[ingress]
bind-port = ${ingress}
[admin]
bind-port = ${admin}
disable-web-ui = true
${tables}`;
}

/** Whether an address gives a good answer. Rejects with the reason of `signal` when the server is gone. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(url, { signal })).ok;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(
    restateServerPath === undefined ? NO_RESTATE : `tests on a Restate server use ${restateServerPath}`,
  );
}
