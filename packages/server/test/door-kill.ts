/** A server that is killed in the middle of a stream: the client comes back to the next one, and sees each text once. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { whenStill } from "../../../scripts/when-still.ts";
import { PUBLISHED } from "./article.ts";
import { approveToEnd, type SuiteTools, shownAtEnd } from "./door-suite.ts";
import type { ServedAs } from "./served-article.ts";

const PROGRAM = join(import.meta.dirname, "serve-article.ts");

/** Adds the test. */
export function killTest({ under, define, client }: SuiteTools): void {
  define(
    "kill",
    "goes on after kill -9 in the middle of a text: the client comes back and sees each text once",
    async () => {
      const kills = budget("killedServers");
      for (let kill = 0; kill < kills; kill++) {
        const begun = { door: under.name, as: "orchestration" } as const;
        await whileServing({ ...begun, shut: "draft" }, async (first, next) => {
          const reading = await client(first.url).begin("tides");
          // A door that shows the answer alone has nothing to show yet; its run is on the host all the same.
          if (under.shows === "all") await reading.begun();
          const bookmark = reading.bookmark();
          await first.kill();
          await reading.leave();
          const second = await next();
          const one = client(second.url);
          const last = await approveToEnd(one, await one.attach(bookmark));
          expect(last.texts()).toEqual(shownAtEnd(under));
        });
      }
      figure(`door ${under.name}: ${kills} servers killed in the middle of a text, each text seen once`);
    },
  );
}

/** Adds the test of a chat: its server is killed in the middle of the answer, and the next one goes on with the turn by itself. */
export function killedAnswerTest({ under, define, client }: SuiteTools): void {
  define(
    "kill",
    "goes on after kill -9 in the middle of an answer: the client comes back, and sees the cut text no more and each text once",
    async () => {
      const kills = budget("killedChatServers");
      for (let kill = 0; kill < kills; kill++) {
        await whileServing({ door: under.name, as: "chat", shut: "publish" }, async (first, next) => {
          const one = client(first.url);
          const asked = await one.begin("tides");
          const question = await asked.asked();
          const reading = (await one.answer(asked.bookmark(), question, true)) ?? asked;
          await reading.saying!(PUBLISHED.slice(0, 5));
          const bookmark = reading.bookmark();
          await first.kill();
          await reading.leave();
          const second = await next();
          const last = await client(second.url).attach(bookmark);
          expect(await last.ended()).toBe("completed");
          expect(last.texts()).toEqual(shownAtEnd(under));
        });
      }
      figure(`door ${under.name}: ${kills} servers killed in the middle of an answer, each text seen once`);
    },
  );
}

interface Serving {
  readonly door: string;
  readonly as: ServedAs;
  /** The state whose gate is shut; the gates of the next process are open. */
  readonly shut: "draft" | "publish";
}

/** Serves on a folder, which goes with all processes. */
async function whileServing(
  { door, as, shut }: Serving,
  run: (first: ServingProcess, next: () => Promise<ServingProcess>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "orch-server-"));
  const first = await ServingProcess.start({ door, folder, as, shut });
  let second: ServingProcess | undefined;
  try {
    await run(first, async () => {
      second = await ServingProcess.start({ door, folder, as, shut: "open", port: first.port });
      return second;
    });
  } finally {
    await first.kill();
    await second?.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

interface ProcessOptions extends Omit<Serving, "shut"> {
  readonly folder: string;
  readonly shut: Serving["shut"] | "open";
  readonly port?: number;
}

/** A server in a process of its own, on files. */
export class ServingProcess {
  readonly url: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /** Starts it. `shut` is the state whose gate is shut, or none is. */
  static async start({ door, folder, as, shut, port = 0 }: ProcessOptions): Promise<ServingProcess> {
    const argv = ["--conditions=@orch/source", PROGRAM, door, folder, shut, String(port), as];
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
