/**
 * A file that an earlier commit wrote is brought to the present format, and its runs go on. `fixtures/formats/3-c67184b.db` was
 * written by commit c67184b: of `buying` a run that waits, one with an answer that no process had taken, and one that had ended;
 * of `writing` one that waits, and one with an answer that no process had taken.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { orchestration, question, runnable } from "@orch/core";
import type { DurableHost } from "@orch/core/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { FORMAT } from "../../src/database/migrations.ts";
import { sqliteHost, sqliteStore } from "../../src/index.ts";

let folder = "";
let file = "";
let host: DurableHost;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-formats-"));
  file = join(folder, "runs.db");
  copyFileSync(join(import.meta.dirname, "../fixtures/formats/3-c67184b.db"), file);
  host = sqliteHost(file);
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

const approve = question("approve", {
  ask: (topic: string) => `Spend on ${topic}?`,
  answer: z.boolean(),
});
const pay = runnable("pay", (yes: boolean) => (yes ? "paid" : "not paid"));
const buying = orchestration("buying", (o) => o.start(approve).advance(approve, pay).finish(pay));
const write = runnable("write", (topic: string, ctx) =>
  ctx.ask({ name: "title", prompt: { topic }, answer: z.string().min(2) }),
);
const writing = orchestration("writing", (o) => o.start(write).finish(write));

describe("P10: a file of commit c67184b", () => {
  it("has its open questions, which can be answered while no process drives the run", async () => {
    expect((await host.questions(buying, "parked")).map(({ id, prompt }) => [id, prompt])).toEqual([
      ["buying/approve#1", "Spend on books?"],
    ]);
    await host.answer(buying, "parked", "buying/approve#1", true);

    expect(await (await host.resume(buying, "parked")).result).toBe("paid");
  });

  it("has the answers that were kept, and they count", async () => {
    expect(await host.questions(buying, "answered")).toEqual([]);
    await expect(host.answer(buying, "answered", "buying/approve#1", false)).rejects.toMatchObject({
      code: "ORCH_ALREADY_ANSWERED",
    });

    expect(await (await host.resume(buying, "answered")).result).toBe("paid");
    expect(await (await host.resume(writing, "titled")).result).toBe("Tides");
  });

  it("has a runnable that waits, and is answered by the process that drives it", async () => {
    const run = await host.resume(writing, "asking");
    for await (const { type } of run.events()) if (type === "question.asked") break;
    await run.answer("writing/write#1/title", "Waves");

    expect(await run.result).toBe("Waves");
  });

  it("has the runs that ended, with their story", async () => {
    expect(await (await host.resume(buying, "ended")).result).toBe("not paid");
    const types = (await host.events(buying, "ended")).map(({ type }) => type);
    expect(types).toContain("question.answered");
    expect(types.at(-1)).toBe("run.completed");
  });

  it("has runs that can be cancelled", async () => {
    await host.cancel(buying, "parked", "enough");

    expect(await host.get("parked")).toMatchObject({ status: "cancelled" });
  });
});

it("a file of a newer format is refused by name, and not changed", async () => {
  await host.close();
  const newer = new DatabaseSync(file);
  newer.exec(`PRAGMA user_version = ${FORMAT + 1}`);
  newer.close();

  expect(() => sqliteStore(file)).toThrow(
    expect.objectContaining({
      code: "ORCH_STORE_NEWER",
      facts: { file, found: FORMAT + 1, known: FORMAT },
    }),
  );
});
