/** A server that is killed in the middle of a stream: the client comes back to the next one, and sees each text once. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { whenStill } from "../../../scripts/when-still.ts";
import { approveToEnd, type SuiteTools, shownAtEnd } from "./door-suite.ts";

const PROGRAM = join(import.meta.dirname, "serve-article.ts");

/** Adds the test. */
export function killTest({ under, define, client }: SuiteTools): void {
  define(
    "kill",
    "goes on after kill -9 in the middle of a text: the client comes back and sees each text once",
    async () => {
      const kills = budget("killedServers");
      for (let kill = 0; kill < kills; kill++) {
        const folder = await mkdtemp(join(tmpdir(), "orch-server-"));
        const first = await ServingProcess.start(under.name, folder, "shut");
        let second: ServingProcess | undefined;
        try {
          const reading = await client(first.url).begin("tides");
          // A door that shows the answer alone has nothing to show yet; its run is on the host all the same.
          if (under.shows === "all") await reading.begun();
          const bookmark = reading.bookmark();
          await first.kill();
          await reading.leave();
          second = await ServingProcess.start(under.name, folder, "open", first.port);
          const one = client(second.url);
          const last = await approveToEnd(one, await one.attach(bookmark));
          expect(last.texts()).toEqual(shownAtEnd(under));
        } finally {
          await first.kill();
          await second?.kill();
          await rm(folder, { recursive: true, force: true });
        }
      }
      figure(`door ${under.name}: ${kills} servers killed in the middle of a text, each text seen once`);
    },
  );
}

/** A server in a process of its own, on a file. */
export class ServingProcess {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /** Starts it. Its gate is shut, or open for all. */
  static async start(door: string, folder: string, gate: "open" | "shut", port = 0): Promise<ServingProcess> {
    const argv = ["--conditions=@orch/source", PROGRAM, door, join(folder, "runs.db"), gate, String(port)];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    let out = "";
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    child.stdout!.on("data", (data) => {
      out += String(data);
      const told = /listens on (\d+)\n/.exec(out)?.[1];
      if (told !== undefined) resolve(Number(told));
    });
    void ended.then(() => reject(new TypeError(`the server ended: ${out}`)));
    const still = whenStill(
      child.pid,
      () => out,
      () => child.kill("SIGKILL"),
    );
    try {
      return new ServingProcess(child, ended, await promise);
    } finally {
      still();
    }
  }

  constructor(child: ChildProcess, ended: Promise<void>, port: number) {
    this.#child = child;
    this.#ended = ended;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Kills it at once, as a machine does that runs out of memory. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }
}
