import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { isOrchError, type Orchestration, orchestration, type Run, runnable } from "@orch/core";
import { type Claim, DurableHost, type JournalStore } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/database/open-database.ts";
import { processOwner } from "../src/database/owner.ts";
import { sqliteHost, sqliteStore } from "../src/index.ts";
import { RunStore } from "../src/run/run-store.ts";

const STEPS = 40;
const LEVELS = ["step", "group", "end"] as const;
const PARTS = ["", "-wal", "-shm"];

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-disk-"));
  file = join(folder, "runs.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Forty states of some kilobytes each; `each` is called in every one, with its number. */
function large(each: (step: number) => unknown): Orchestration<string, number> {
  const grow = runnable("grow", async (text: string) => {
    const step = text.length === 0 ? 1 : Number(text.split(" ")[0]) + 1;
    await each(step);
    return `${step} ${"x".repeat(8_000)}`;
  });
  const end = runnable("end", async (text: string) => Number(text.split(" ")[0]));
  const isOver = (text: string): boolean => Number(text.split(" ")[0]) >= STEPS;
  return orchestration("large", (o) =>
    o
      .start(grow)
      .advance(grow, end, { when: isOver })
      .advance(grow, grow, { when: (text) => !isOver(text) })
      .finish(end),
  );
}

/** A store whose connection is in the test's hands. */
function storeInHand(): { readonly store: JournalStore; readonly database: DatabaseSync } {
  const owner = processOwner();
  const clock = manualClock();
  const { database } = openDatabase({
    file,
    onDamage: "fail",
    busyTimeout: 100,
    now: clock.now,
    token: owner.token,
    verify: () => {},
  });
  const runs = new RunStore({ file, database, owner, clock, waits: false });
  const store: JournalStore = {
    shared: false,
    create: (run, records, until) => runs.create(run, records, until),
    createAll: (creations) => runs.createAll(creations),
    claim: (runId, now, until) => runs.claim(runId, now, until),
    renew: (claims, until) => runs.renew(claims, until),
    release: (claims) => runs.release(claims),
    append: (batch) => runs.append(batch),
    load: (runId, from) => runs.load(runId, from),
    get: (runId) => runs.get(runId),
    list: (query) => runs.list(query),
    offer: (runId, request, now) => runs.requests.offer(runId, request, now),
    keep: (runId, answer, judged) => runs.requests.keep(runId, answer, judged),
    withdraw: (runId, number) => runs.requests.withdraw(runId, number),
    requests: (runId) => runs.requests.all(runId),
    openRequests: () => runs.requests.open(),
    delete: (runId, now) => runs.delete(runId, now),
    close: () => runs.close(),
  };
  return { store, database };
}

/** Runs a flow that stops, and gives what SQLite said of it. */
async function stoppedBy(host: DurableHost, flow: Orchestration<string, number>): Promise<string> {
  const error = await flow.run("", { host, runId: "r" }).catch((it: unknown) => it);
  expect(error).toMatchObject({ code: "ORCH_NOT_WRITTEN", cause: { code: "ORCH_STORE_FAILED" } });
  if (!isOrchError(error, "ORCH_NOT_WRITTEN")) throw error;
  const { problem } = (error.cause as { readonly facts: { readonly problem: string } }).facts;
  expect(error.message).toContain(problem);
  return problem;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Starts a flow, and waits until the disk has no room for it. */
async function fullAt(host: DurableHost, flow: Orchestration<string, number>): Promise<Run<number>> {
  const events: string[] = [];
  const run = flow.start("", { host, runId: "r", onEvent: ({ type }) => events.push(type) });
  while (run.status !== "paused") await turn();
  expect(run.describe()).toMatchObject({
    status: "paused",
    paused: { reason: expect.stringMatching(/full|disk I\/O/) },
  });
  while (!events.includes("run.paused")) await turn();
  // Reading is possible all the time.
  expect(await host.get("r")).toMatchObject({ status: "running" });
  expect(await host.list()).toHaveLength(1);
  return run;
}

/** Looks that a paused run ends when there is room, and that nothing of it was lost or made twice. */
async function expectGoesOn(host: DurableHost, run: Run<number>, steps: readonly number[]): Promise<void> {
  expect(await run.result).toBe(STEPS);
  expect(steps).toEqual(Array.from({ length: STEPS }, (_, index) => index + 1));
  expect(await host.get("r")).toMatchObject({ status: "completed", records: STEPS + 3 });
}

describe("a disk that is full", () => {
  it.each(LEVELS)("pauses a run, which goes on when there is room, at level %s", async (durability) => {
    const { store, database } = storeInHand();
    const [{ page_count: pages }] = database.prepare("PRAGMA page_count").all() as [{ page_count: number }];
    database.exec(`PRAGMA max_page_count = ${pages + 25}`);
    const steps: number[] = [];
    const host = new DurableHost(store, { durability });
    const run = await fullAt(
      host,
      large((step) => steps.push(step)),
    );
    database.exec("PRAGMA max_page_count = 1000000");

    await expectGoesOn(host, run, steps);
    await host.close();
  });

  it("that is a real one of two megabytes does the same", async ({ skip }) => {
    const small = join(folder, "small");
    mkdirSync(small);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "orch", small], {
      stdio: "ignore",
    });
    skip(mounted.status !== 0, "needs the right to mount");
    try {
      const filler = join(small, "filler");
      const host = sqliteHost(join(small, "runs.db"));
      const { bavail, bsize } = statfsSync(small);
      const steps: number[] = [];
      // Room for the log of some steps, and no more.
      writeFileSync(filler, Buffer.alloc(bavail * bsize - 150_000));
      const run = await fullAt(
        host,
        large((step) => steps.push(step)),
      );
      rmSync(filler);
      await expectGoesOn(host, run, steps);
      await host.close();
    } finally {
      spawnSync("umount", ["-l", small]);
    }
  });

  it("lets a host close at once, which says what was not written, and the run goes on later from there", async () => {
    const { store, database } = storeInHand();
    const [{ page_count: pages }] = database.prepare("PRAGMA page_count").all() as [{ page_count: number }];
    database.exec(`PRAGMA max_page_count = ${pages + 25}`);
    const host = new DurableHost(store);
    const steps: number[] = [];
    const run = await fullAt(
      host,
      large((step) => steps.push(step)),
    );
    const kept = (await host.get("r"))!.records;
    await expect(host.close()).rejects.toMatchObject({
      code: "ORCH_NOT_WRITTEN",
      facts: { runs: [{ runId: "r", records: 1 }] },
    });
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_NOT_WRITTEN" });

    const next = sqliteHost(file, { clock: manualClock(Date.now() + 60_000) });
    const again: number[] = [];
    const resumed = await next.resume(
      large((step) => again.push(step)),
      "r",
    );
    expect(await resumed.result).toBe(STEPS);
    // The first record is the start, each other a state.
    expect(again[0]).toBe(kept);
    expect(again).toHaveLength(STEPS - kept + 1);
    await next.close();
  });
});

describe("a claim that did not get into the file", () => {
  const made = (runId: string) => ({ runId, orchestration: "o", version: "1", hash: "h", createdAt: 1 });
  const step = (value: string) => ({ type: "committed", at: 1, path: "o/a#1", value }) as const;

  it("is not the one that another store gets under its number, and does not end it", async () => {
    const { store, database } = storeInHand();
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const both = [
      { run: made("r"), records: [step("1")], until: 9e15 },
      { run: made("s"), records: [step("x".repeat(20_000))], until: 9e15 },
    ];
    expect(() => store.createAll!(both)).toThrow(expect.objectContaining({ code: "ORCH_STORE_FAILED" }));
    database.exec("PRAGMA max_page_count = 100000");
    const other = sqliteStore(file);
    const claim = other.create(made("r"), [step("1")], 9e15) as Claim;
    await store.close();
    expect(other.append([{ claim, from: 2, records: [step("2")] }])).toEqual([]);
    await other.close();
  });
});

describe("a file that cannot be written any more", () => {
  it.each(LEVELS)("stops a run that names it, at level %s", async (durability) => {
    const { store, database } = storeInHand();
    const host = new DurableHost(store, { durability });
    const steps: number[] = [];
    const flow = large((step) => {
      steps.push(step);
      if (step === 10) database.exec("PRAGMA query_only = ON");
    });
    expect(await stoppedBy(host, flow)).toMatch("readonly");
    database.exec("PRAGMA query_only = OFF");
    const run = await host.resume(
      large(() => {}),
      "r",
    );
    expect(await run.result).toBe(STEPS);
    await host.close();
  });
});

describe("a file that is taken away under the process", () => {
  const away = (): void => {
    for (const part of PARTS) if (existsSync(file + part)) renameSync(file + part, `${file}.away${part}`);
  };
  const back = (): void => {
    for (const part of PARTS)
      if (existsSync(`${file}.away${part}`)) renameSync(`${file}.away${part}`, file + part);
  };

  it.each(LEVELS)("does not let a run end as if it were kept, at level %s", async (durability) => {
    const host = sqliteHost(file, { durability });
    const flow = large((step) => {
      if (step === STEPS) away();
    });
    expect(await stoppedBy(host, flow)).toMatch("removed or replaced");
    expect(existsSync(file)).toBe(false);
    await host.close();
  });

  it("stops a run that only makes small steps at the next look, and lets it go on when it is back", async () => {
    const clock = manualClock();
    const host = sqliteHost(file, { clock });
    let steps = 0;
    const flow = large((step) => {
      steps = step;
      if (step === 10) away();
      return step === 20 ? clock.advance(250) : undefined;
    });
    expect(await stoppedBy(host, flow)).toMatch("removed or replaced");
    expect(steps).toBeLessThan(25);
    back();
    const run = await host.resume(
      large(() => {}),
      "r",
    );
    expect(await run.result).toBe(STEPS);
    await host.close();
    const store = sqliteStore(file);
    expect(await store.get("r")).toMatchObject({ status: "completed" });
    await store.close();
  });
});
