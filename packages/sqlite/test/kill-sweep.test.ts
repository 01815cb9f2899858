import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostFlows } from "../../testing/src/host-flows.ts";
import { seeded } from "./seeded.ts";

const SEED = 20261122;
const CHILD = join(import.meta.dirname, "live-flow.ts");
/** How much later the next process begins: more than a claim holds, less than the longest waits. */
const LATER = 60_000;
const MODES = ["before", "amid", "after"] as const;

/** What one process told before it ended or was killed. */
interface Told {
  readonly killed: boolean;
  readonly ran: readonly string[];
  /** How many writes it made; what was wrong at the end. */
  readonly end: { readonly writes: number; readonly problems: readonly string[] } | undefined;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-kill-sweep-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function live(file: string, flow: string, process_: number, kill?: string): Promise<Told> {
  const args = ["--conditions=@orch/source", CHILD, file, flow, "step", String(process_ * LATER)];
  const child = spawn(process.execPath, kill === undefined ? args : [...args, kill], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: join(folder, "cache") },
  });
  let out = "";
  let problems = "";
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    problems += data;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (signal !== "SIGKILL" && code !== 0) return reject(new Error(`${flow} ${kill}: ${problems}`));
      const lines = out.split("\n");
      const end = /^end (\d+) (.*)$/.exec(lines.find((line) => line.startsWith("end ")) ?? "");
      resolve({
        killed: signal === "SIGKILL",
        ran: lines.flatMap((line) => (line.startsWith("ran ") ? [line.slice(4)] : [])),
        end: end === null ? undefined : { writes: Number(end[1]), problems: JSON.parse(end[2]!) as string[] },
      });
    });
  });
}

/** What a sweep counted. */
const sums = { kills: 0, lives: 0, again: 0 };

/** Lives a flow with one kill at this place and some more on the way back; gives what was wrong. */
async function liveKilled(
  flow: string,
  first: string,
  more: readonly string[],
  name: string,
): Promise<string[]> {
  const file = join(folder, `${name}.db`);
  const kills = [first, ...more];
  const ran = new Map<string, number>();
  let killed = 0;
  for (let life = 0; ; life++) {
    const told = await live(file, flow, life + 1, kills[life]);
    for (const path of told.ran) ran.set(path, (ran.get(path) ?? 0) + 1);
    if (told.killed) {
      killed += 1;
      continue;
    }
    sums.lives += 1;
    sums.kills += killed;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
    const found = [...(told.end?.problems ?? ["it never ended"])];
    for (const [path, times] of ran) {
      if (times > 1 + killed) found.push(`${path} ran ${times} times over ${killed} kills`);
      sums.again += times - 1;
    }
    return found.map((problem) => `${flow}, killed ${kills.join(" then ")}: ${problem}`);
  }
}

describe("a run whose process is killed by SIGKILL before, amid and after every write", () => {
  const random = seeded(SEED);
  const someMore = (): string[] =>
    Array.from({ length: Math.floor(random() * 3) }, () => {
      const mode = MODES[Math.floor(random() * 3)]!;
      return `${mode}:${1 + Math.floor(random() * 3)}:${Math.floor(random() * 40)}`;
    });

  it("loses nothing, doubles no result, and is never stuck", async () => {
    const jobs: (() => Promise<string[]>)[] = [];
    for (const { name } of hostFlows) {
      const calm = await live(join(folder, "calm.db"), name, 1);
      expect(calm.end?.problems).toEqual([]);
      for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `calm.db${suffix}`), { force: true });
      for (let write = 1; write <= calm.end!.writes; write++) {
        for (const mode of MODES) {
          const first = `${mode}:${write}:${Math.floor(random() * 40)}`;
          const more = someMore();
          const file = `life-${jobs.length}`;
          jobs.push(() => liveKilled(name, first, more, file));
        }
      }
    }
    const found: string[] = [];
    const worker = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) found.push(...(await job()));
    };
    await Promise.all([worker(), worker(), worker()]);

    expect(found).toEqual([]);
    expect(sums.kills).toBeGreaterThanOrEqual(1_000);
    console.log(
      `kill sweep, seed ${SEED}: ${sums.kills} kills of ${sums.lives} runs: 0 lost, 0 doubled, 0 stuck; ${sums.again} executions were repeated`,
    );
  }, 600_000);
});
