/**
 * A file that commit 381a9ab3 wrote, with runs in every state and a conversation, is opened and gone on with.
 * `write-kept-runs.ts` wrote it and was killed in the middle of two of its runs.
 */
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DurableHost } from "@orch/core/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ManualClock, manualClock } from "../../../testing/src/clock/manual-clock.ts";
import { sqliteHost } from "../../src/index.ts";
import { sqliteSessions } from "../../src/sessions.ts";
import { asking, failing, fanning, resting, titling } from "../kept-flows.ts";

/** After every lease and every sleep in the file. */
const LATER = Date.UTC(2027, 0, 1);
const SEEN = "n0,n1,n2,n3,n4";

let folder = "";
let file = "";
let host: DurableHost;
let clock: ManualClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-kept-file-"));
  file = join(folder, "runs.db");
  copyFileSync(join(import.meta.dirname, "../fixtures/formats/5-381a9ab3.db"), file);
  chmodSync(file, 0o600);
  clock = manualClock(LATER);
  host = sqliteHost(file, { clock });
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("P10: a file of commit 381a9ab3", () => {
  it("has runs that are parked at a question, by a suspension and by a kill, and are answered", async () => {
    for (const id of ["asked", "killed-asked"]) {
      expect((await host.questions(asking, id)).map((one) => [one.id, one.prompt])).toEqual([
        ["asking/approve#1", "Go on with 5?"],
      ]);
      await host.answer(asking, id, "asking/approve#1", true);
      expect(await (await host.resume(asking, id)).result).toBe(`true ${SEEN}`);
      expect(await host.list({ limit: 100 })).toContainEqual(
        expect.objectContaining({ runId: id, status: "completed", tokens: 55, cost: 1.25 }),
      );
    }
    expect(await (await host.resume(asking, "answered")).result).toBe(`true ${SEEN}`);
  });

  it("has a runnable that asks, which is answered while it is driven", async () => {
    const run = await host.resume(titling, "titled");
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await run.answer("titling/title#1/title", "Waves");
    expect(await run.result).toBe("Waves");
  });

  it("has a run that sleeps, which is due", async () => {
    expect(await host.list({ dueBefore: LATER })).toMatchObject([{ runId: "slept" }]);
    const run = await host.resume(resting, "slept");
    await clock.advance(0);
    expect(await run.result).toBe("Ada is up");
  });

  it("has a run in the middle of a fan-out, which goes on there", async () => {
    expect(await host.run("fanned").describe()).toMatchObject({ status: "running" });
    const run = await host.resume(fanning, "fanned");
    expect(await run.result).toBe("key-0,key-1,key-2,key-3");
  });

  it("has failed runs, which are tried again", async () => {
    for (const id of ["failed", "failed-twice"]) {
      await expect((await host.resume(failing, id)).result).rejects.toMatchObject({
        cause: { message: "the line is down" },
      });
      expect(await (await host.retry(failing, id)).result).toBe(35_001);
    }
  });

  it("has runs that ended, with their story", async () => {
    expect(await (await host.resume(asking, "ended")).result).toBe(`false ${SEEN}`);
    const types = (await host.events(asking, "ended")).map(({ type }) => type);
    expect(types.filter((type) => type === "state.completed")).toHaveLength(7);
    expect(types.at(-1)).toBe("run.completed");
    await expect(host.run("cancelled").result).rejects.toMatchObject({ facts: { reason: "enough" } });
  });

  it("has runs that are cancelled, forked and removed", async () => {
    await host.cancel(asking, "to-cancel", "not needed");
    expect(await host.get("to-cancel")).toMatchObject({ status: "cancelled" });
    const fork = await host.fork(asking, "asked", { after: "asking/count#4", output: 9, runId: "fork" });
    while (fork.status !== "waiting") await new Promise((resolve) => setImmediate(resolve));
    expect(fork.questions).toMatchObject([{ prompt: "Go on with 9?" }]);
    await fork.suspend();
    for (const { runId } of await host.list({ limit: 100 })) await host.delete(runId);
    expect(await host.list({})).toEqual([]);
  });

  it("has a conversation, and the run that answered it", async () => {
    const sessions = sqliteSessions({ file });
    try {
      const session = await sessions.load("talk");
      expect(session).toMatchObject({ turns: [{ status: "completed" }] });
      const [{ id }] = session!.turns as unknown as readonly [{ readonly id: string }];
      expect(await host.get(id)).toMatchObject({ status: "completed", orchestration: "asking" });
      await sessions.remove("talk");
      expect(await host.list({ limit: 100 })).not.toContainEqual(expect.objectContaining({ runId: id }));
    } finally {
      await sessions.close();
    }
  });
});
