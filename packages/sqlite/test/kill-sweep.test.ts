import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { budget, figure, seed, takes } from "../../../scripts/lanes.ts";
import { whenStill } from "../../../scripts/when-still.ts";
import { manualClock } from "../../testing/src/clock/manual-clock.ts";
import { type HostFlow, hostFlows } from "../../testing/src/host/host-flows.ts";
import { HostLifeOnStore } from "../../testing/src/host/host-life-on-store.ts";
import { faultyStore } from "../../testing/src/store/faulty-store.ts";
import { sqliteStore } from "../src/index.ts";
import { seeded } from "./seeded.ts";

const EVERY = budget("killedRunsEvery");
const CHILD = join(import.meta.dirname, "live-flow.ts");
/** How much later the next process begins: more than a claim holds, less than the longest waits. */
const LATER = 60_000;
const MODES = ["before", "amid", "after"] as const;
const PARTS = ["", "-wal", "-shm"];

type Level = "step" | "group";

/** What one process told before it ended or was killed. */
interface Told {
  readonly killed: boolean;
  /** How many records it found, and how many the store acknowledged last. */
  readonly found: number;
  readonly wrote: number;
  readonly ran: readonly string[];
  /** Whether it was killed inside a write. */
  readonly inside: boolean;
  /** What was wrong at the end, where it came to it. */
  readonly problems: readonly string[] | undefined;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-kill-sweep-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// A process that is killed leaves no compiled code behind; one that ends leaves it to all others.
beforeAll(async () => {
  const { problems } = await liveApart(join(folder, "warm.db"), hostFlows[0]!.name, "step", 1);
  expect(problems).toEqual([]);
});

/** Lives a flow in a process that kills itself. */
function liveApart(file: string, flow: string, level: Level, life: number, kill = ""): Promise<Told> {
  const args = ["--conditions=@orch/source", CHILD, file, flow, level, String(life * LATER), kill];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment({ NODE_COMPILE_CACHE: join(folder, "cache") }),
  });
  let out = "";
  let complaints = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  return new Promise((resolve, reject) => {
    const end = whenStill(
      child.pid,
      () => out.length,
      () => {
        reject(new Error(`${flow} ${kill}: does nothing any more: ${complaints}`));
        child.kill("SIGKILL");
      },
    );
    child.once("error", reject);
    child.once("close", (code, signal) => {
      end();
      if (signal !== "SIGKILL" && code !== 0) return reject(new Error(`${flow} ${kill}: ${complaints}`));
      resolve(toldBy(out.split("\n"), signal === "SIGKILL"));
    });
  });
}

function toldBy(lines: readonly string[], killed: boolean): Told {
  const all = (word: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const [end] = all("end");
  return {
    killed,
    found: Number(all("found")[0] ?? 0),
    wrote: Number(all("wrote").at(-1) ?? 0),
    ran: all("ran"),
    inside: lines.includes("begun") && !lines.includes("late"),
    problems: end === undefined ? undefined : (JSON.parse(end) as string[]),
  };
}

/** Lives a flow to its end in this process. */
async function liveHere(file: string, flow: HostFlow, level: Level, life: number): Promise<Told> {
  const store = sqliteStore(file);
  try {
    const found = (await store.get("run-1"))?.records ?? 0;
    const here = new HostLifeOnStore(flow, level, { clock: manualClock(life * LATER) });
    await here.live(store);
    const problems = [...here.problems(), ...(await here.journalProblems(store))];
    return { killed: false, found, wrote: 0, ran: here.executed, inside: false, problems };
  } finally {
    await store.close();
  }
}

/** How many writes a flow makes when nothing happens to it. */
async function writesOf(flow: HostFlow, level: Level): Promise<number> {
  const file = join(folder, "calm.db");
  const store = faultyStore(sqliteStore(file), { at: Number.POSITIVE_INFINITY });
  const life = new HostLifeOnStore(flow, level);
  await life.live(store);
  expect([...life.problems(), ...(await life.journalProblems(store))]).toEqual([]);
  await store.close();
  remove(file);
  return store.writes();
}

function remove(file: string): void {
  for (const part of PARTS) rmSync(`${file}${part}`, { force: true });
}

/** What a sweep counted. */
interface Sums {
  kills: number;
  /** Kills that fell into a write: begun, and not over. */
  inside: number;
  runs: number;
  /** Records that were acknowledged and then gone; results that were made twice; runs that did not end as they should. */
  lost: number;
  doubled: number;
  stuck: number;
  /** Executions of what was not committed yet when its process was killed. */
  again: number;
}

/** Lives a flow with these kills, one process each, and ends it here; gives what was wrong. */
async function liveKilled(
  flow: HostFlow,
  level: Level,
  kills: readonly string[],
  name: string,
  sums: Sums,
): Promise<string[]> {
  const file = join(folder, `${name}.db`);
  const ran = new Map<string, number>();
  const problems: string[] = [];
  let killed = 0;
  let acknowledged = 0;
  for (let life = 1; ; life++) {
    const kill = kills[life - 1];
    const told =
      kill === undefined
        ? await liveHere(file, flow, level, life)
        : await liveApart(file, flow.name, level, life, kill);
    if (told.found < acknowledged) {
      sums.lost += acknowledged - told.found;
      problems.push(`${acknowledged} records were acknowledged, and ${told.found} found`);
    }
    acknowledged = Math.max(acknowledged, told.wrote);
    for (const path of told.ran) ran.set(path, (ran.get(path) ?? 0) + 1);
    if (told.killed) {
      killed += 1;
      if (told.inside) sums.inside += 1;
      continue;
    }
    remove(file);
    const ended = told.problems ?? ["it never ended"];
    sums.doubled += ended.filter((problem) => problem.endsWith("ran again")).length;
    if (ended.some((problem) => !problem.endsWith("ran again"))) sums.stuck += 1;
    problems.push(...ended);
    for (const [path, times] of ran) {
      sums.again += times - 1;
      if (times <= 1 + killed) continue;
      sums.doubled += 1;
      problems.push(`${path} ran ${times} times over ${killed} kills`);
    }
    sums.kills += killed;
    sums.runs += 1;
    return problems.map((problem) => `${flow.name}, ${level}, killed ${kills.join(" then ")}: ${problem}`);
  }
}

describe("P1: a run whose process is killed by SIGKILL before, amid and after every write", () => {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  /** A kill at this write and up to three more of the processes that take the run up, while there are writes left. */
  const killsFrom = (write: number, first: string, writes: number): string[] => {
    const kills = [`${first}:${write}:${below(200)}`];
    let done = first === "before" ? write - 1 : write;
    for (let more = below(4); more > 0 && done < writes; more--) {
      const mode = MODES[below(3)]!;
      const at = 1 + below(Math.min(2, writes - done));
      kills.push(`${mode}:${at}:${below(200)}`);
      done += mode === "before" ? at - 1 : at;
    }
    return kills;
  };

  /** Kills at every write of every flow, in some of the modes. */
  const sweep = async (level: Level, modes: readonly (typeof MODES)[number][]): Promise<Sums> => {
    const sums: Sums = { kills: 0, inside: 0, runs: 0, lost: 0, doubled: 0, stuck: 0, again: 0 };
    const jobs: (() => Promise<string[]>)[] = [];
    let drawn = 0;
    for (const flow of hostFlows) {
      const writes = await writesOf(flow, level);
      for (let write = 1; write <= writes; write++) {
        for (const mode of modes) {
          // Drawn also where it is not taken, so that a lane with a larger budget kills the same runs and more.
          const kills = killsFrom(write, mode, writes);
          if (!takes(drawn++, EVERY)) continue;
          const name = `${level}-${jobs.length}`;
          jobs.push(() => liveKilled(flow, level, kills, name, sums));
        }
      }
    }
    const from = performance.now();
    const problems: string[] = [];
    const worker = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) problems.push(...(await job()));
    };
    await Promise.all([worker(), worker()]);
    const seconds = ((performance.now() - from) / 1000).toFixed(0);
    const { kills, inside, runs, lost, doubled, stuck, again } = sums;
    figure(
      `kill sweep at level ${level}, seed ${seed}: ${kills} kills (${inside} of them inside a write) of ${runs} runs: ` +
        `${lost} lost, ${doubled} doubled, ${stuck} stuck; ${again} executions were repeated; ${seconds} s`,
    );
    expect(problems).toEqual([]);
    return sums;
  };

  /** What a sweep of all runs has at least; of a sample, half of its share. */
  const atLeast = (all: number): number => (EVERY === 1 ? all : all / EVERY / 2);
  let kills = 0;
  it("loses nothing, doubles no result, and is never stuck", async () => {
    kills += (await sweep("step", MODES)).kills;
    expect(kills).toBeGreaterThan(atLeast(500));
  }, 0);

  it("does so at the level group too, for what was committed", async () => {
    kills += (await sweep("group", MODES)).kills;
    expect(kills).toBeGreaterThanOrEqual(atLeast(1_000));
  }, 0);
});
