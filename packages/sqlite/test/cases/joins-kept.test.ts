import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect, each, items, orchestration, type RunContext, runnable } from "@orch/core";
import { manualClock } from "@orch/testing";
import { expect, it } from "vitest";
import { sqliteHost } from "../../src/index.ts";

it("a list that grows, has enough and leaves its rest behind goes on in another process", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-joins-"));
  try {
    const clock = manualClock();
    const links = items<number>("links");
    const take = (ms: number, { signal }: RunContext): Promise<void> =>
      new Promise((resolve, reject) => {
        const cancel = clock.after(ms, resolve);
        signal.addEventListener("abort", () => {
          cancel();
          reject(signal.reason);
        });
      });
    let calls = 0;
    const page = runnable("page", async (n: number, ctx) => {
      calls += 1;
      if (n === 10) links.add(ctx, 40, { key: "forty" });
      await take(n, ctx);
      return n;
    });
    const crawl = each("crawl", page, {
      items: links,
      enough: ({ values }) => values.includes(10),
      rest: "background",
    });
    const pause = runnable("pause", async (_: unknown, ctx) => take(20, ctx));
    const late = collect("late", crawl);
    const flow = orchestration("flow", (o) =>
      o.start(crawl).advance(crawl, pause).advance(pause, late).finish(late),
    );

    const file = join(folder, "runs.db");
    const before = sqliteHost(file, { clock });
    const run = flow.start([10, 30], { host: before, runId: "r" });
    run.result.catch(() => {});
    await run.accepted;
    await clock.advance(15);
    await run.suspend();
    await before.close();

    const host = sqliteHost(file, { clock });
    const again = await host.resume(flow, "r");
    await clock.runAll();
    expect(await again.result).toMatchObject([{ value: 30 }, { value: 40 }]);
    // What was open began again; what was done did not.
    expect(calls).toBe(5);
    await host.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
