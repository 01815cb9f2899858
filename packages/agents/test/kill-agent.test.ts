import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { budget, figure, takes } from "../../../scripts/lanes.ts";
import { whenStill } from "../../../scripts/when-still.ts";
import { sqliteStore } from "../../sqlite/src/index.ts";
import { CALLS, liveAgent, TURNS, watched } from "./live-agent.ts";

const CHILD = join(import.meta.dirname, "live-agent.ts");
const EVERY = budget("killedAgentsEvery");
const MODES = ["before", "after"] as const;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-kill-agent-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lives the run in a process of its own; gives whether it was killed. */
function liveApart(file: string, log: string, kill: string): Promise<boolean> {
  const child = spawn(process.execPath, ["--conditions=@orch/source", CHILD, file, log, kill], {
    stdio: ["ignore", "ignore", "pipe"],
    env: childEnvironment({ NODE_COMPILE_CACHE: join(folder, "cache") }),
  });
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  return new Promise((resolve, reject) => {
    const end = whenStill(
      child.pid,
      () => complaints,
      () => {
        reject(new Error(`${kill}: does nothing any more: ${complaints}`));
        child.kill("SIGKILL");
      },
    );
    child.once("error", reject);
    child.once("close", (code, signal) => {
      end();
      if (signal !== "SIGKILL" && code !== 0) return reject(new Error(`${kill}: ${complaints}`));
      resolve(signal === "SIGKILL");
    });
  });
}

/** Lives the run to its end in this process; gives its output and how many writes it made. */
async function liveHere(file: string, lines: string[]): Promise<{ output: string; writes: number }> {
  const store = sqliteStore(file);
  let writes = 0;
  const log = (line: string): void => void lines.push(line);
  const counted = watched(
    store,
    log,
    () => {},
    (write) => {
      writes = write;
    },
  );
  const output = await liveAgent(counted, log);
  await store.close();
  return { output, writes };
}

it("an agent whose process is killed at every write makes no finished call again, and pays no finished turn again", async () => {
  const calm: string[] = [];
  const { output, writes } = await liveHere(join(folder, "calm.db"), calm);
  expect(output).toBe("turn-3");
  expect(calm.filter((line) => line.startsWith("paid"))).toHaveLength(TURNS.length);
  expect(calm.filter((line) => line.startsWith("called"))).toHaveLength(CALLS.length);
  expect(await liveApart(join(folder, "warm.db"), join(folder, "warm.log"), "")).toBe(false);

  const sums = { runs: 0, kills: 0, turns: 0, calls: 0, finishedAgain: 0 };
  const live = async (kills: readonly string[]): Promise<void> => {
    const name = kills.join("-").replaceAll(":", "");
    const file = join(folder, `${name}.db`);
    const logFile = join(folder, `${name}.log`);
    let killed = 0;
    for (const kill of kills) if (await liveApart(file, logFile, kill)) killed += 1;
    const here: string[] = [];
    expect((await liveHere(file, here)).output).toBe("turn-3");
    const lines = [...(existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n") : []), ...here];
    for (const token of [...TURNS, ...CALLS]) {
      const isTurn = token.startsWith("turn");
      const made = lines.flatMap((line, at) =>
        line === `${isTurn ? "paid" : "called"} ${token}` ? [at] : [],
      );
      const kept = lines.findIndex((line) => line.startsWith("kept ") && line.includes(token));
      expect(made.length, `${token}, killed ${kills}`).toBeGreaterThan(0);
      expect(made.length, `${token}, killed ${kills}`).toBeLessThanOrEqual(1 + killed);
      expect(kept, `${token}, killed ${kills}`).toBeGreaterThan(made[0]!);
      sums.finishedAgain += made.filter((at) => at > kept).length;
      if (isTurn) sums.turns += made.length - 1;
      else sums.calls += made.length - 1;
    }
    sums.runs += 1;
    sums.kills += killed;
  };

  const all: (readonly string[])[] = [];
  for (let write = 1; write <= writes; write++) {
    for (const mode of MODES) {
      // Every second run loses its next process too, at its first write.
      all.push(all.length % 2 === 0 ? [`${mode}:${write}`] : [`${mode}:${write}`, `${mode}:1`]);
    }
  }
  const jobs = all.filter((_, index) => takes(index, EVERY));
  const least = jobs.length;
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await live(job);
  };
  await Promise.all([worker(), worker()]);
  const { runs, kills, turns, calls, finishedAgain } = sums;
  figure(
    `killed agents: ${kills} kills of ${runs} runs of ${TURNS.length} turns and ${CALLS.length} tool calls: ` +
      `${finishedAgain} finished turns or calls made again; in flight, ${turns} turns were paid and ${calls} calls made once more`,
  );
  expect(finishedAgain).toBe(0);
  // A kill takes at most the one turn that is in flight.
  expect(turns).toBeLessThanOrEqual(kills);
  expect(kills).toBeGreaterThanOrEqual(least);
}, 0);
