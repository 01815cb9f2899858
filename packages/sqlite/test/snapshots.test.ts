import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { orchestration, question, runnable, type Schema } from "@orch/core";
import type { JournalRecord } from "@orch/core/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteHost, sqliteStore } from "../src/index.ts";
import { EmptyLog } from "../src/run/empty-log.ts";

const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const STEPS = 400;
const step = runnable("step", (value: number) => value + 1);
const ask = question<number>("ask", { ask: (value) => ({ value }), answer: anything });
const tell = runnable("tell", (answer: unknown) => `told ${answer}`);
const flow = orchestration<number, string>("counting", (o) =>
  o
    .start(step)
    .advance(step, step, { when: (value) => value < STEPS })
    .advance(step, ask)
    .advance(ask, tell)
    .finish(tell),
);

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-snapshots-"));
  file = join(folder, "runs.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A run that waits, in a file that was closed. */
async function park(): Promise<void> {
  const host = sqliteHost(file);
  const run = flow.start(0, { host, runId: "r" });
  run.result.catch(() => {});
  while (run.status !== "waiting") await turn();
  await host.close();
}

/** Answers what the run asks, and takes it up; gives its output. */
async function goOn(): Promise<unknown> {
  const host = sqliteHost(file);
  try {
    const [open] = await host.questions(flow, "r");
    expect(open).toMatchObject({ prompt: { value: STEPS } });
    await host.answer(flow, "r", open!.id, "yes");
    return await (await host.resume(flow, "r")).result;
  } finally {
    await host.close();
  }
}

function change(sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** How many records are read when questions are listed. */
async function readForQuestions(): Promise<number> {
  const store = sqliteStore(file);
  const records = Number((await store.snapshot!("r"))?.split(",")[3] ?? 1);
  const read = (await store.load("r", records))!.length;
  await store.close();
  return read;
}

describe("snapshots in a file", () => {
  it("make a long run quick to take up", async () => {
    await park();
    expect(await readForQuestions()).toBe(1);
    expect(await goOn()).toBe("told yes");
  });

  it.each([
    ["a file of before snapshots", "DROP TABLE snapshots"],
    ["one without any", "DELETE FROM snapshots"],
    ["a body that is not what was written", "UPDATE snapshots SET body = replace(body, '400', '399')"],
    ["a table of something else", "DROP TABLE snapshots; CREATE TABLE snapshots (other TEXT)"],
  ])("are not needed: %s", async (_, sql) => {
    await park();
    change(sql);
    expect(await goOn()).toBe("told yes");
  });

  it("come into a file of before snapshots with the first one, and go with their run", async () => {
    const store = sqliteStore(file);
    store.close();
    change("DROP TABLE snapshots");
    await park();
    expect(await readForQuestions()).toBe(1);
    const host = sqliteHost(file);
    await host.delete("r");
    await host.close();
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare("SELECT count(*) AS count FROM snapshots").get()).toEqual({ count: 0 });
    database.close();
  });
});

describe("the first commit into an empty log", () => {
  const record: JournalRecord = { type: "committed", at: 1, path: "o/step#1" };
  const levelOf = (database: DatabaseSync): unknown =>
    database.prepare("PRAGMA synchronous").get()?.["synchronous"];

  it("waits for no disk, and the next ones are at the level that was asked for", async () => {
    const made = sqliteStore(file);
    await made.close();
    const database = new DatabaseSync(file);
    database.exec("PRAGMA synchronous = NORMAL");
    const commits = new EmptyLog(file, database, false);
    const levels: unknown[] = [];
    for (let time = 0; time < 2; time++) {
      commits.run(() => {
        levels.push(levelOf(database));
        database.exec(`INSERT INTO graphs (name, graph, sum) VALUES ('g${time}', '', 0)`);
      });
    }
    expect(levels).toEqual([0, 1]);
    expect(levelOf(database)).toBe(1);
    expect(() => commits.run(() => database.exec("nonsense"))).toThrow(/syntax error/);
    database.close();
  });

  it("is at that level where the log is not empty, or another process is faster", async () => {
    const made = sqliteStore(file);
    const other = new DatabaseSync(file);
    other.exec("INSERT INTO graphs (name, graph, sum) VALUES ('other', '', 0)");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA synchronous = NORMAL");
    const levels: unknown[] = [];
    new EmptyLog(file, database, false).run(() => levels.push(levelOf(database)));
    expect(levels).toEqual([1]);
    database.close();
    other.close();
    await made.close();
  });

  it("waits at level full", async () => {
    const store = sqliteStore(file, { synchronous: "full" });
    const run = { runId: "r", orchestration: "o", version: "1", hash: "h", createdAt: 1 };
    expect(store.create(run, [record], 100)).toMatchObject({ runId: "r" });
    const database = new DatabaseSync(file);
    const levels: unknown[] = [];
    database.exec("PRAGMA synchronous = FULL");
    new EmptyLog(file, database, true).run(() => levels.push(levelOf(database)));
    expect(levels).toEqual([2]);
    database.close();
    await store.close();
  });
});
