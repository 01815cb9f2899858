/** Damaged files are repaired: what can be read is carried into a new one, and the damaged one is kept. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TurnRecord } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteHost } from "../src/index.ts";
import { type RepairReport, repairSqlite, sqliteSessions } from "../src/sessions.ts";
import { seeded } from "./seeded.ts";

const TRIES = budget("repairedDatabases");
const SESSIONS = ["alpha", "beta", "gamma"];
const TURNS = 30;
const RUNS = 12;
const grow = runnable("grow", async (n: number) => `${n} `.repeat(n % 3 === 0 ? 20_000 : 10));
const flow = orchestration<number, string>("growing", (o) => o.start(grow).finish(grow));
type Repaired = Extract<RepairReport, { type: "repaired" }>;

let folder = "";
let whole = "";
/** The same as a killed process leaves it: all of it in the log. */
let killed = "";

function turnOf(session: string, at: number): TurnRecord {
  const text = `answer ${at} `.repeat(1 + ((at * 37) % 200));
  const origin = { provider: "test", api: "test", model: "test" };
  return {
    id: `${session}-${at}`,
    configuration: "test",
    status: "completed",
    messages: [
      { role: "user", content: [{ type: "text", text: `question ${at} of ${session}` }] },
      { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } },
    ],
    startedAt: at,
    endedAt: at + 1,
  };
}

function copy(from: string): string {
  const file = join(mkdtempSync(join(folder, "try-")), "orch.db");
  for (const part of ["", "-wal"]) if (existsSync(from + part)) copyFileSync(from + part, file + part);
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-repair-"));
  whole = join(folder, "whole.db");
  killed = join(folder, "killed.db");
  const store = sqliteSessions({ file: whole });
  const host = sqliteHost(whole);
  for (const id of SESSIONS) {
    await store.open(id, 1);
    await store.rename(id, `Title of ${id}`);
    for (let at = 1; at <= TURNS; at++) await store.finish(id, turnOf(id, at));
    await store.release(id);
  }
  for (let at = 1; at <= RUNS; at++) await flow.run(at, { host, runId: `run-${at}` });
  for (const part of ["", "-wal"]) copyFileSync(whole + part, killed + part);
  await host.close();
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Looks that a repaired file is whole and tells the truth of what it has, and that the damaged one is kept as it was. */
async function expectRepaired(file: string, damaged: Buffer, report: Repaired): Promise<void> {
  expect(readFileSync(report.keptAt).equals(damaged)).toBe(true);
  expect(report.keptAt).toMatch(/orch\.db\.damaged-/);
  const again = await repairSqlite({ file });
  expect(again).toEqual({ type: "whole", file, sessions: report.sessions, runs: report.runs });
  const store = sqliteSessions({ file });
  const host = sqliteHost(file);
  try {
    let turns = 0;
    for (const { id, title } of await store.list()) {
      const found = (await store.load(id))!;
      const changed = report.changed.find((one) => one.id === id);
      expect(found.turns).toHaveLength(changed?.turns ?? TURNS);
      expect(TURNS - found.turns.length).toBe(changed?.lostTurns ?? 0);
      for (const turn of found.turns) expect(turn).toEqual(turnOf(id, Number(turn.id.replace(`${id}-`, ""))));
      if (changed === undefined) expect(title).toBe(`Title of ${id}`);
      turns += found.turns.length;
    }
    expect(turns).toBe(report.turns);
    const runs = await host.list({ limit: 1_000 });
    for (const { runId, status } of runs) {
      expect(runId).toMatch(/^run-(?:\d|1[0-2])$/);
      expect(status).toBe("completed");
      // With its code, because what the file keeps of that may be what was damaged.
      expect((await host.run(runId, flow).describe()).status).toBe("completed");
      // What is named as lost besides may be a name that the damage has changed.
      expect(report.lostRuns).not.toContain(runId);
    }
    expect(runs).toHaveLength(report.runs);
    // It is a file like any other.
    await store.open("alpha", 5);
    await store.finish("alpha", turnOf("alpha", 99));
  } finally {
    await host.close();
    await store.close();
  }
  const left = readdirSync(join(file, "..")).filter((name) => /read-|repaired-|new-/.test(name));
  expect(left).toEqual([]);
}

async function repaired(file: string, damage: (file: string) => void): Promise<Repaired> {
  damage(file);
  const damaged = readFileSync(file);
  const report = await repairSqlite({ file });
  if (report.type !== "repaired") throw new Error("it is whole");
  await expectRepaired(file, damaged, report);
  return report;
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

function flip(file: string, at: number, mask: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= mask;
  writeFileSync(file, bytes);
}

describe("P6: a damaged file", () => {
  it("is repaired wherever bytes are changed: what is left is as it was, and what is lost is named", async () => {
    const random = seeded(seed);
    const counts = { whole: 0, repaired: 0, hopeless: 0, turns: 0, lostTurns: 0, runs: 0, lostRuns: 0 };
    for (let at = 0; at < TRIES; at++) {
      const from = at % 3 === 0 ? killed : whole;
      const file = copy(from);
      const part = at % 6 === 0 && existsSync(`${file}-wal`) ? "-wal" : "";
      const { size } = statSync(file + part);
      // Every tenth damage is one of the first page, and every seventh a whole block.
      const place = Math.floor(random() * (at % 10 === 0 ? 1_024 : size));
      const length = at % 7 === 0 ? 4_096 : 1;
      const bytes = readFileSync(file + part);
      for (let byte = place; byte < Math.min(place + length, size); byte++)
        bytes[byte]! ^= 1 + Math.floor(random() * 255);
      writeFileSync(file + part, bytes);
      const damaged = readFileSync(file);
      const report = await repairSqlite({ file }).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "ORCH_STORE_DAMAGED" });
        return undefined;
      });
      if (report === undefined) {
        counts.hopeless += 1;
        expect(readFileSync(file).equals(damaged)).toBe(true);
      } else if (report.type === "whole") counts.whole += 1;
      else {
        await expectRepaired(file, damaged, report);
        counts.repaired += 1;
        counts.turns += report.turns;
        counts.lostTurns += SESSIONS.length * TURNS - report.turns;
        counts.runs += report.runs;
        counts.lostRuns += RUNS - report.runs;
      }
      rmSync(join(file, ".."), { recursive: true, force: true });
    }
    figure(
      `repaired databases: ${TRIES} damages: ${counts.whole} whole, ${counts.repaired} repaired, ${counts.hopeless} of which nothing can be read; ` +
        `${counts.turns} turns saved and ${counts.lostTurns} lost, ${counts.runs} runs saved and ${counts.lostRuns} lost`,
    );
    expect(counts.repaired).toBeGreaterThan(0);
  }, 0);

  it("loses the turn and the run whose letters were changed, and names them", async () => {
    const report = await repaired(copy(whole), (file) =>
      change(
        file,
        `UPDATE turns SET body = replace(body, 'question', 'Question') WHERE id = 'beta-7';
         UPDATE journal SET path = path || 'x' WHERE place >> 32 = (SELECT run FROM runs WHERE id = 'run-5')`,
      ),
    );
    expect(report).toMatchObject({
      sessions: 3,
      turns: 3 * TURNS - 1,
      changed: [{ id: "beta", title: "Title of beta", turns: TURNS - 1, lostTurns: 1 }],
      runs: RUNS - 1,
      lostRuns: ["run-5"],
    });
  });

  it("is cleared of what a repair left that was killed, and not of what one works in that runs", async () => {
    const file = copy(whole);
    // Above every number that a system gives to a process. One that has ended may have its number given to another.
    const dead = 2 ** 22 + 1;
    const left = [`${file}.read-${dead}-a`, `${file}.read-${dead}-a-wal`, `${file}.repaired-${dead}-a`];
    const used = [`${file}.read-${process.pid}-b`, `${file}.damaged-${dead}-c`];
    for (const name of [...left, ...used]) writeFileSync(name, "");
    expect((await repairSqlite({ file })).type).toBe("whole");
    expect([...left, ...used].filter((name) => existsSync(name))).toEqual(used);
  });

  it("keeps the turns of a session whose row is lost, under a title of its first message", async () => {
    const report = await repaired(copy(whole), (file) =>
      change(file, "UPDATE sessions SET title = 'Forged' WHERE id = 'beta'"),
    );
    expect(report.changed).toEqual([{ id: "beta", title: "question 1 of beta", turns: TURNS, lostTurns: 0 }]);
    expect(report.problem).toContain('session "beta"');
  });

  it("is repaired without its header, and when its end is cut off", async () => {
    const headless = await repaired(copy(whole), (file) => {
      for (let at = 0; at < 24; at++) flip(file, at, 0xff);
    });
    expect(headless).toMatchObject({ turns: 3 * TURNS, runs: RUNS, changed: [], lostRuns: [] });
    const first = await repaired(copy(whole), (file) => {
      for (let at = 100; at < 300; at++) flip(file, at, 0xff);
    });
    expect(first.turns).toBe(3 * TURNS);
    const cut = await repaired(copy(whole), (file) => truncateSync(file, statSync(file).size - 8_192));
    expect(cut.turns).toBeGreaterThan(0);
  });

  it("stays as it is where nothing of ours is in it, and where a process has a conversation open", async () => {
    const foreign = join(mkdtempSync(join(folder, "foreign-")), "orch.db");
    writeFileSync(foreign, "A letter of mine.\n".repeat(500));
    await expect(repairSqlite({ file: foreign })).rejects.toMatchObject({ code: "ORCH_STORE_DAMAGED" });
    expect(readFileSync(foreign, "utf8")).toContain("A letter of mine.");
    await expect(repairSqlite({ file: join(folder, "nowhere.db") })).rejects.toMatchObject({
      code: "ORCH_STORE_FAILED",
    });
    const file = copy(whole);
    change(file, "UPDATE turns SET body = 'x' WHERE id = 'beta-7'");
    const store = sqliteSessions({ file });
    await store.open("alpha", 1);
    await expect(repairSqlite({ file })).rejects.toMatchObject({
      code: "ORCH_STORE_FAILED",
      message: expect.stringMatching(/process \d+ on .* has it open; close it there first/),
    });
    expect((await store.load("alpha"))?.turnCount).toBe(TURNS);
    await store.close();
    expect(await repairSqlite({ file })).toMatchObject({ type: "repaired" });
  });
});
