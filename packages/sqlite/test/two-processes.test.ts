import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { manualClock } from "@orch/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { budget, figure } from "../../../scripts/lanes.ts";
import { sqliteHost, sqliteStore } from "../src/index.ts";
import { asking, sleeping } from "./shared-flows.ts";

const TRIES = budget("contestedRuns");
const LEASE = 30_000;
const CHILD = join(import.meta.dirname, "drive-runs.ts");

let folder = "";
let file = "";
let drivers: Driver[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-two-"));
  file = join(folder, "runs.db");
});
afterEach(async () => {
  await Promise.all(drivers.map((driver) => driver.kill()));
  drivers = [];
  rmSync(folder, { recursive: true, force: true });
});

/** A process that drives runs of the file as it is told. */
class Driver {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly #ended: Promise<void>;
  #waiters: (() => void)[] = [];
  #complaints = "";

  constructor() {
    this.child = spawn(process.execPath, ["--conditions=@orch/source", CHILD, file], {
      stdio: ["pipe", "pipe", "pipe"],
      env: childEnvironment(),
    });
    this.#ended = new Promise((resolve) => this.child.once("close", () => resolve()));
    this.child.stderr?.on("data", (data) => {
      this.#complaints += data;
    });
    createInterface({ input: this.child.stdout! }).on("line", (line) => {
      this.lines.push(line);
      for (const wake of this.#waiters.splice(0)) wake();
    });
    drivers.push(this);
  }

  get pid(): number {
    return this.child.pid!;
  }

  tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** The first line that begins so, as soon as it is there. */
  async heard(beginning: string): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => line === beginning || line.startsWith(`${beginning} `));
      if (found !== undefined) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.#complaints}`);
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async kill(): Promise<void> {
    this.child.kill("SIGCONT");
    this.child.kill("SIGKILL");
    await this.#ended;
  }
}

async function ready(): Promise<Driver> {
  const driver = new Driver();
  await driver.heard("ready");
  return driver;
}

/** Makes runs that wait for an answer and that nobody drives. */
async function runsThatWait(ids: readonly string[]): Promise<void> {
  const host = sqliteHost(file);
  const flow = asking(async (answer) => answer);
  for (const runId of ids) {
    const run = flow.start("well", { host, runId });
    run.result.catch(() => {});
    while ((await host.get(runId))?.status !== "waiting") await new Promise(setImmediate);
    await run.suspend();
  }
  await host.close();
}

describe("P5: two processes", () => {
  it("that take one run up at once: one goes on, the other is told who does, every time", async () => {
    const ids = Array.from({ length: TRIES }, (_, index) => `run-${index}`);
    await runsThatWait(ids);
    const [one, two] = await Promise.all([ready(), ready()]);
    const wins = { one: 0, two: 0 };
    for (const id of ids) {
      const at = Date.now() + 3;
      for (const driver of [one, two]) driver.tell(`resume ${id} ${at}`);
      const [first, second] = await Promise.all(
        [one, two].map((driver) =>
          Promise.race([driver.heard(`resumed ${id}`), driver.heard(`refused ${id}`)]),
        ),
      );
      const [winner, loser, refusal] = first!.startsWith("resumed") ? [one, two, second] : [two, one, first];
      expect(winner.lines).toContain(`resumed ${id}`);
      expect(refusal).toMatch(`refused ${id} ORCH_RUN_HELD process ${winner.pid} on `);
      expect(loser.lines).not.toContain(`resumed ${id}`);
      wins[winner === one ? "one" : "two"] += 1;
    }

    // Their answers come from a third process.
    const host = sqliteHost(file);
    const flow = asking(async (answer) => answer);
    for (const id of ids) await host.answer(flow, id, "asking/ask#1", `to ${id}`);
    for (const id of ids) {
      const end = await Promise.race([one.heard(`end ${id}`), two.heard(`end ${id}`)]);
      expect(end).toBe(`end ${id} to ${id}`);
      const worked = [...one.lines, ...two.lines].filter((line) => line === `worked ${id}`);
      expect(worked).toHaveLength(1);
    }
    await host.close();
    figure(
      `two processes: ${TRIES} runs taken up at once, ${wins.one} by the one, ${wins.two} by the other, 0 by both`,
    );
  });
});

/** Stopping a process and seeing that it has stopped. */
const onLinux = describe.runIf(existsSync("/proc/self/stat"));

onLinux("a process that is stopped for longer than its lease", () => {
  it("loses its run, and writes nothing when it goes on", async () => {
    await runsThatWait(["r"]);
    const stopped = await ready();
    stopped.tell("hold r");
    await stopped.heard("resumed r");
    const flow = asking(async (answer) => `${answer}, by another`);
    const present = sqliteHost(file);
    await present.answer(flow, "r", "asking/ask#1", "yes");
    await present.close();
    await stopped.heard("worked r");
    const clock = manualClock(Date.now() + LEASE + 10_000);
    const host = sqliteHost(file, { clock });
    stopped.child.kill("SIGSTOP");
    while (!/^\d+ \(.*\) T/.test(readFileSync(`/proc/${stopped.pid}/stat`, "utf8")))
      await new Promise(setImmediate);

    const run = await host.resume(flow, "r");
    expect(await run.result).toBe("yes, by another");
    const store = sqliteStore(file);
    const before = await store.load("r");

    stopped.child.kill("SIGCONT");
    stopped.tell("work");
    expect(await stopped.heard("failed r")).toBe("failed r ORCH_FENCED");
    expect(await store.load("r")).toEqual(before);
    expect(await store.get("r")).toMatchObject({ status: "completed" });
    await store.close();
    await host.close();
  });

  it("keeps its run until then, also while it stands still", async () => {
    await runsThatWait(["r"]);
    const stopped = await ready();
    stopped.tell("hold r");
    await stopped.heard("resumed r");
    stopped.child.kill("SIGSTOP");
    const host = sqliteHost(file);
    await expect(
      host.resume(
        asking(async (answer) => answer),
        "r",
      ),
    ).rejects.toMatchObject({
      code: "ORCH_RUN_HELD",
      facts: { holder: expect.stringContaining(`process ${stopped.pid} on`) },
    });
    await host.close();
  });
});

describe("a wait over the end of a process", () => {
  it("ends when it is due, or at once when it was due meanwhile", async () => {
    const started = Date.now();
    const sleeper = await ready();
    for (const id of ["early", "late"]) {
      sleeper.tell(`sleep ${id}`);
      await sleeper.heard(`waits ${id}`);
    }
    await sleeper.kill();

    const clock = manualClock(started + 1_000_000);
    const worked: string[] = [];
    const flow = sleeping(async (input) => {
      worked.push(input);
      return `${input}!`;
    });
    const host = sqliteHost(file, { clock });
    expect(await host.list({ dueBefore: clock.now() })).toEqual([]);
    const early = await host.resume(flow, "early");
    await clock.advance(2_500_000);
    expect(worked).toEqual([]);
    await clock.advance(200_000);
    expect(await early.result).toBe("x.!");

    expect(await host.list({ dueBefore: clock.now() })).toMatchObject([{ runId: "late", status: "running" }]);
    const { runs, problems } = await host.resumeAll([flow]);
    expect(problems).toEqual([]);
    await clock.advance(0);
    expect(await runs[0]!.result).toBe("x.!");
    expect(worked).toEqual(["x.", "x."]);
    await host.close();
  });
});
