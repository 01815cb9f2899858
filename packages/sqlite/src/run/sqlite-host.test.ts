import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, runnable } from "@orch/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sqliteHost } from "./sqlite-host.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-host-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each(["step", "group", "end"] as const)(
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
