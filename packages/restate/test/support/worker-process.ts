import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnvironment } from "../../../../scripts/child-environment.ts";

const PROGRAM = join(import.meta.dirname, "worker-program.ts");

/** A worker that is a process of its own, to be killed and stopped. */
export class WorkerProcess {
  readonly name: string;
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(name: string, port: number, child: ChildProcess) {
    this.name = name;
    this.port = port;
    this.#child = child;
  }

  /** Starts it; resolves when it listens. It ends with this process. */
  static async start(
    name: string,
    port: number,
    {
      folder,
      steps,
      ingress,
    }: { readonly folder: string; readonly steps: "here" | "anywhere"; readonly ingress: string },
  ): Promise<WorkerProcess> {
    const argv = ["--conditions=@orch/source", PROGRAM, folder, name, String(port), steps, ingress];
    const child = spawn(process.execPath, argv, {
      stdio: ["pipe", "pipe", "pipe"],
      env: childEnvironment({ RESTATE_LOGGING: "ERROR" }),
    });
    let problems = "";
    child.stderr.on("data", (data) => {
      problems += data;
    });
    const ended = once(child, "exit").then(() => {
      throw new Error(`the worker ${name} has ended: ${problems}`);
    });
    ended.catch(() => {});
    const ready = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    await Promise.race([ready, ended]);
    return new WorkerProcess(name, port, child);
  }

  /** Kills it by SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await gone;
  }

  /** Stops it where it is, as a machine does that hangs. Its connections stay open. */
  hang(): void {
    this.#child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  wake(): void {
    this.#child.kill("SIGCONT");
  }
}
