/** Starting a run whose id may be taken, with two hosts on one file, as two processes have it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OrchestrationEvent, orchestration, runnable } from "@orch/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqliteHost } from "../../src/index.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-starting-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const levels = ["step", "group", "end"] as const;

function gated() {
  const door = Promise.withResolvers<void>();
  const calls: string[] = [];
  const work = runnable("work", async (x: string) => {
    calls.push(x);
    await door.promise;
    return x;
  });
  return { door, calls, flow: orchestration("f", (o) => o.start(work).finish(work)) };
}

describe.each(levels)("at level %s", (durability) => {
  it("E04, further: a second start from another process is refused, and the first goes on", async () => {
    const { door, flow } = gated();
    const file = join(folder, `refused-${durability}.db`);
    const one = sqliteHost(file, { durability });
    const two = sqliteHost(file, { durability });
    const first = flow.start("one", { host: one, runId: "r" });
    await first.accepted;
    const second = flow.start("two", { host: two, runId: "r" });
    const events: OrchestrationEvent[] = [];
    for await (const event of second.events()) events.push(event);
    door.resolve();

    expect(events).toMatchObject([{ type: "run.refused", error: { code: "ORCH_RUN_EXISTS" } }]);
    expect(second.status).toBe("refused");
    await expect(second.accepted).rejects.toMatchObject({ code: "ORCH_RUN_EXISTS" });
    expect(await first.result).toBe("one");
    await Promise.all([one.close(), two.close()]);
  });

  it("E05: of two processes that start a run at once one drives it, and later calls have its end", async () => {
    const file = join(folder, `exists-${durability}.db`);
    const hosts = [sqliteHost(file, { durability }), sqliteHost(file, { durability })];
    for (let round = 0; round < 10; round++) {
      const { door, calls, flow } = gated();
      const runId = `r${round}`;
      const runs = hosts.map((host, n) => flow.start(`${n}`, { host, runId, ifExists: "retry" }));
      const accepted = await Promise.allSettled(runs.map((run) => run.accepted));
      const winner = accepted.findIndex(({ status }) => status === "fulfilled");
      expect(accepted[1 - winner]).toMatchObject({ status: "rejected", reason: { code: "ORCH_RUN_HELD" } });
      door.resolve();

      expect(await runs[winner]!.result).toBe(`${winner}`);
      const ends = hosts.map((host) => flow.run("later", { host, runId, ifExists: "resume" }));
      expect(await Promise.all(ends)).toEqual([`${winner}`, `${winner}`]);
      expect(calls).toEqual([`${winner}`]);
    }
    await Promise.all(hosts.map((host) => host.close()));
  });

  it("E05, further: takes up what another process suspended, and tries again what failed there", async () => {
    const file = join(folder, `again-${durability}.db`);
    const one = sqliteHost(file, { durability });
    const two = sqliteHost(file, { durability });
    const { door, calls, flow } = gated();
    const first = flow.start("one", { host: one, runId: "r" });
    await first.accepted;
    await first.suspend();
    const second = flow.start("two", { host: two, runId: "r", ifExists: "resume" });
    await second.accepted;
    door.resolve();
    expect(await second.result).toBe("one");
    expect(calls.at(-1)).toBe("one");

    let up = false;
    const flaky = runnable("flaky", (x: string) => {
      if (!up) throw new Error("down");
      return x;
    });
    const flow2 = orchestration("g", (o) => o.start(flaky).finish(flaky));
    await flow2.run("x", { host: one, runId: "g" }).catch(() => {});
    up = true;
    expect(await flow2.run("y", { host: two, runId: "g", ifExists: "retry" })).toBe("x");
    await Promise.all([one.close(), two.close()]);
  });
});
