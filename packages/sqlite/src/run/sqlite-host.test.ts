import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { orchestration, runnable } from "@orch/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { sqliteHost } from "./sqlite-host.ts";

const levels = ["step", "group", "end"] as const;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(levels)(
  "drives a run that can be read from the file afterwards, with durability %s",
  async (durability) => {
    const file = join(folder, "runs.db");
    let calls = 0;
    const double = runnable({
      id: "double",
      invoke: (count: number) => {
        calls += 1;
        return count * 2;
      },
    });
    const flow = orchestration("flow", (o) => o.start(double).finish(double));
    const host = sqliteHost(file, { durability, synchronous: "full" });
    expect(await flow.start(21, { host, runId: "r" }).result).toBe(42);
    await host.close();

    const next = sqliteHost(file, { durability });
    expect(await next.get("r")).toMatchObject({ status: "completed", orchestration: "flow" });
    expect(await (await next.resume(flow, "r")).result).toBe(42);
    expect(calls).toBe(1);
    await next.close();
  },
);

it.each(levels)(
  "suspends a run in the turn it begins in, and takes it up at once, at level %s",
  async (durability) => {
    const echo = runnable("echo", (text: string) => text);
    const flow = orchestration("flow", (o) => o.start(echo).finish(echo), { deadline: 60_000 });
    const host = sqliteHost(join(folder, "runs.db"), { durability });
    const run = flow.start("x", { host, runId: "r" });
    await run.suspend();
    await run.result.catch(() => {});
    expect(await host.get("r")).toMatchObject({ runId: "r" });
    expect(await host.get("r")).not.toHaveProperty("holder");
    expect(await (await host.resume(flow, "r")).result).toBe("x");
    await host.close();
  },
);

it.each([
  ["step", 9],
  ["group", 1],
  ["end", 1],
] as const)(
  "begins nine runs of one turn at level %s in %i transactions, and refuses a taken id",
  async (durability, transactions) => {
    const wait = Promise.withResolvers<string>();
    const hold = runnable("hold", (text: string) => wait.promise.then((more) => text + more));
    const flow = orchestration("flow", (o) => o.start(hold).finish(hold));
    const host = sqliteHost(join(folder, "runs.db"), { durability });
    const taken = flow.start("taken", { host, runId: "r4" });
    while ((await host.get("r4")) === undefined) await new Promise(setImmediate);
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    try {
      const other = sqliteHost(join(folder, "runs.db"), { durability });
      exec.mockClear();
      const runs = Array.from({ length: 9 }, (_, at) =>
        flow.start(`${at}`, { host: other, runId: `r${at}` }),
      );
      await expect(runs[4]!.result).rejects.toMatchObject({ code: "ORCH_RUN_EXISTS" });
      expect(exec.mock.calls.filter(([sql]) => sql === "BEGIN IMMEDIATE")).toHaveLength(transactions);
      wait.resolve(".");
      const rest = runs.filter((_, at) => at !== 4).map((run) => run.result);
      expect(await Promise.all(rest)).toEqual(["0.", "1.", "2.", "3.", "5.", "6.", "7.", "8."]);
      expect(await taken.result).toBe("taken.");
      await other.close();
    } finally {
      exec.mockRestore();
      await host.close();
    }
  },
);

it("keeps long texts of any kind as they are, in a row and apart", async () => {
  const file = join(folder, "runs.db");
  const hand = runnable(
    "hand",
    ({ texts, n }: { readonly texts: readonly string[]; readonly n: number }) => ({
      texts,
      n: n + 1,
    }),
  );
  const flow = orchestration("flow", (o) =>
    o
      .start(hand)
      .advance(hand, hand, { when: ({ n }) => n < 3 })
      .finish(hand),
  );
  for (const length of [5_000, 50_000]) {
    const texts = ['"\\\r\n\t', "\ufeffé馬🐎", "a\0b", "~[]\n", "half \ud83d"].map((text) =>
      text.repeat(length / text.length + 1),
    );
    const host = sqliteHost(file);
    expect(await flow.run({ texts, n: 0 }, { host, runId: `${length}` })).toEqual({ texts, n: 3 });
    await host.close();

    const next = sqliteHost(file);
    expect(await (await next.resume(flow, `${length}`)).result).toEqual({ texts, n: 3 });
    expect((await next.events(flow, `${length}`))[1]).toMatchObject({ input: { texts, n: 0 } });
    await next.close();
  }
});
