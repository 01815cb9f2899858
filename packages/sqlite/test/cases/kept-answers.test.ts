/** Answers to a run in a database that nobody drives, from two connections at the same moment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration, question, race } from "@orch/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { sqliteHost } from "../../src/index.ts";

const a = question<undefined, string>("a", { ask: "?", answer: z.string() });
const b = question<undefined, string>("b", { ask: "?", answer: z.string() });
const pick = race("pick", { a, b });
const flow = orchestration<undefined, string>("f", (o) => o.start(pick).finish(pick));
const [toA, toB] = ["f/pick#1[a]/a#1", "f/pick#1[b]/b#1"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-answers-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("P14: of two answers to the questions of one race one is accepted, and the run has its value", async () => {
  const file = join(folder, "runs.db");
  const [one, other] = [sqliteHost(file), sqliteHost(file)];
  for (const runId of ["r1", "r2", "r3"]) {
    const run = flow.start(undefined, { host: one, runId });
    for await (const { type } of run.events()) if (type === "run.waiting") break;
    await run.suspend();
    // Each reads the run before the other one writes.
    const told = await Promise.allSettled([
      one.answer(flow, runId, toA, "to a"),
      other.answer(flow, runId, toB, "to b"),
    ]);

    const accepted = told.findIndex(({ status }) => status === "fulfilled");
    expect(told[1 - accepted]).toMatchObject({
      status: "rejected",
      reason: { code: "ORCH_QUESTION_CLOSED", facts: { question: accepted === 0 ? toB : toA, by: "race" } },
    });
    const result = await (await other.resume(flow, runId)).result;
    expect(result).toBe(accepted === 0 ? "to a" : "to b");
  }
  await one.close();
  await other.close();
});
