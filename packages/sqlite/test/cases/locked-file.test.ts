/** Rule 27 on a database: a lock of another process pauses the runs that write, and the thread goes on. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import {
  type OrchestrationEvent,
  orchestration,
  question,
  type Run,
  runnable,
  type Schema,
} from "@orch/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqliteHost } from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const holder = fileURLToPath(new URL("../fixtures/hold-lock.ts", import.meta.url));

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-locked-"));
  file = join(folder, "runs.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another process that holds the file locked, until the test lets it go. */
async function lockedBy(kind: "IMMEDIATE" | "EXCLUSIVE"): Promise<() => Promise<void>> {
  const child: ChildProcess = spawn(process.execPath, ["--no-warnings", holder, file, kind], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout!, "data");
  return async () => {
    child.stdin!.end();
    await once(child, "exit");
  };
}

/** A flow that counts to twenty, one state after the other. */
function counting(before: (n: number) => unknown = () => undefined) {
  const steps: number[] = [];
  const add = runnable("add", async (n: number) => {
    steps.push(n);
    await before(n);
    return n + 1;
  });
  const end = runnable("end", (n: number) => n);
  const flow = orchestration<number, number>("counting", (o) =>
    o
      .start(add)
      .advance(add, add, { when: (n) => n < 20 })
      .advance(add, end)
      .finish(end),
  );
  return { flow, steps };
}

async function until(run: Run<unknown>, status: string): Promise<void> {
  while (run.status !== status) await turn();
}

describe.each(["step", "group", "end"] as const)(
  "a file that another process has locked, at level %s",
  (durability) => {
    it.each(["IMMEDIATE", "EXCLUSIVE"] as const)(
      "P16: pauses the run and not the thread, and the run goes on when the lock is gone: %s",
      async (kind) => {
        const host = sqliteHost(file, { durability });
        const door = Promise.withResolvers<void>();
        const { flow, steps } = counting((n) => (n === 3 ? door.promise : undefined));
        const events: OrchestrationEvent[] = [];
        const run = flow.start(0, { host, runId: "r", onEvent: (event) => events.push(event) });
        while (steps.length < 4) await turn();
        const release = await lockedBy(kind);
        door.resolve();
        await until(run, "paused");
        const began = steps.length;
        // The thread is not held: timers go on, many for each try of the write.
        for (let ticks = 0; ticks < 200; ticks++) await new Promise((resolve) => setTimeout(resolve, 1));
        expect(run.status).toBe("paused");
        expect(steps.length).toBe(began);
        expect(run.describe().paused!.reason).toContain("stayed locked by another process");
        expect(await host.get("r")).toMatchObject({ runId: "r" });
        await release();

        expect(await run.result).toBe(20);
        expect(steps).toEqual(Array.from({ length: 20 }, (_, index) => index));
        const told = events.filter(({ type }) => type === "run.paused" || type === "run.continued");
        expect(told.map(({ type }) => type)).toEqual(["run.paused", "run.continued"]);
        const recorded = await host.events(flow, "r");
        expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
        await host.close();
      },
    );
  },
);

describe("calls of a host on a locked file", () => {
  it("wait for the lock: a run begins, is answered and is resumed", async () => {
    const q = question<string>("q", { ask: "Well?", answer: anything });
    const flow = orchestration<string, unknown>("asking", (o) => o.start(q).finish(q));
    const first = sqliteHost(file);
    const run = flow.start("x", { host: first, runId: "r" });
    await until(run, "waiting");
    await first.close();
    const host = sqliteHost(file);

    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const begun = flow.start("y", { host, runId: "s" });
    const resumed = host.resume(flow, "r");
    await until(begun, "paused");
    // Reading waits for nobody.
    expect(await host.questions(flow, "r")).toHaveLength(1);
    other.exec("ROLLBACK");
    const again = await resumed;
    await until(begun, "waiting");
    await until(again, "waiting");

    other.exec("BEGIN IMMEDIATE");
    const answers = Promise.all([again, begun].map((one) => one.answer(one.questions[0]!.id, "yes")));
    await until(again, "paused");
    other.exec("ROLLBACK");
    other.close();
    await answers;
    expect([await again.result, await begun.result]).toEqual(["yes", "yes"]);
    await host.close();
  });

  it("give up after their time, and the run stays as it was", async () => {
    const { flow } = counting();
    const host = sqliteHost(file);
    const release = await lockedBy("IMMEDIATE");
    const run = flow.start(0, { host, runId: "r" });
    await until(run, "paused");
    const closed = host.close();
    await expect(closed).rejects.toMatchObject({
      code: "ORCH_NOT_WRITTEN",
      facts: { runs: [{ runId: "r", records: 1 }] },
      cause: { code: "ORCH_STORE_BUSY" },
    });
    await release();

    const next = sqliteHost(file);
    expect(await next.get("r")).toBeUndefined();
    expect(await flow.run(0, { host: next, runId: "r" })).toBe(20);
    await next.close();
  });
});
