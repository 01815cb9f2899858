/** One definition under memory, SQLite and Restate: the same outputs, and the same events on each path. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OrchestrationEvent, Run } from "@orch/core";
import type { Host } from "@orch/core/host";
import { restateHost } from "@orch/restate";
import { type RestateWorker, restateWorker } from "@orch/restate/worker";
import { sqliteHost } from "@orch/sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_RESTATE, RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { paid, research, search } from "./support/flows.ts";

if (restateServerPath === undefined) console.log(NO_RESTATE);

/** A run that is answered and paid as it asks for it. */
async function live(host: Host | undefined, runId: string): Promise<{ output: string; told: Told }> {
  const run: Run<string> = research.start("tides", { ...(host && { host }), runId });
  const events: OrchestrationEvent[] = [];
  for await (const event of run.events()) {
    events.push(event);
    if (event.type === "question.asked") await run.answer(event.question, "yes");
    if (event.type === "state.waiting") await run.signal(paid, { sum: 120 }, { key: "transfer-1" });
  }
  return { output: await run.result, told: pathsOf(events) };
}

/** The structural events of each path, in their order. The order of paths side by side is free. */
type Told = { readonly [path: string]: readonly string[] };

/** How often a run waits depends on how its arrivals meet. */
function pathsOf(events: readonly OrchestrationEvent[]): Told {
  const told: { [path: string]: string[] } = {};
  for (const { type, path, part } of events) {
    if (part !== undefined || type === "run.waiting") continue;
    told[path] = [...(told[path] ?? []), type];
  }
  return told;
}

describe.skipIf(restateServerPath === undefined)("one definition", () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-three-"));
  let server: RestateServer;
  const workers: RestateWorker[] = [];
  beforeAll(async () => {
    server = await RestateServer.start();
    for (const options of [{}, { remote: [search], prefix: "far", restAfter: 0, journalLength: 5 }]) {
      const worker = restateWorker({ flows: [research], port: 0, ...options });
      workers.push(worker);
      await worker.listen();
      await worker.register(server.admin);
    }
  });
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives the same output and the same events on each path in memory, on SQLite and on Restate", async () => {
    const sqlite = sqliteHost(join(folder, "runs.db"));
    const inMemory = await live(undefined, "r");
    const onDisk = await live(sqlite, "r");
    const onServer = await live(restateHost(server), "r");
    const elsewhere = await live(restateHost({ ...server, prefix: "far" }), "r");
    await sqlite.close();

    expect(inMemory.output).toBe("tides a,tides b,tides c for 120");
    expect([onDisk.output, onServer.output, elsewhere.output]).toEqual(Array(3).fill(inMemory.output));
    expect(onDisk.told).toEqual(inMemory.told);
    expect(onServer.told).toEqual(inMemory.told);
    expect(elsewhere.told).toEqual(inMemory.told);
  });
});
