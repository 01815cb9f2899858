/** Rule 23 on a database, over a restart: who waits has no place, and every question is there again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AnyRunnable,
  each,
  orchestration,
  question,
  type RunContext,
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
const numbers = Array.from({ length: 20 }, (_, index) => index);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-waiting-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function alone(only: AnyRunnable) {
  return orchestration<never, unknown>("flow", (o) => o.start(only as never).finish(only as never));
}

describe.each([
  ["are questions", question<number>("q", { ask: (n) => `${n}?`, answer: anything })],
  [
    "ask on their way",
    runnable("asking", async (n: number, { ask }: RunContext) => ask({ prompt: n, answer: anything })),
  ],
] as [string, AnyRunnable][])("a fan-out on a database whose branches %s", (_kind, branch) => {
  it.each(["step", "group", "end"] as const)(
    "shows all questions at once, also after a restart, at level %s",
    async (durability) => {
      const file = join(folder, "runs.db");
      const flow = alone(each("fan", branch));
      const first = sqliteHost(file, { durability });
      const run = flow.start(numbers as never, { host: first, runId: "r" });
      while (run.status !== "waiting") await turn();
      expect(run.questions).toHaveLength(20);
      await run.answer(run.questions[11]!.id, "early");
      await first.close();

      const second = sqliteHost(file, { durability });
      expect(await second.questions(flow, "r")).toHaveLength(19);
      const again = await second.resume(flow, "r");
      while (again.questions.length < 19) await turn();
      for (const { id } of again.questions) await again.answer(id, "late");

      expect(await again.result).toEqual(numbers.map((n) => (n === 11 ? "early" : "late")));
      await second.close();
    },
  );
});

describe("a gate over runs on a database", () => {
  it("is held by nobody who asks, also after a restart", async () => {
    const file = join(folder, "runs.db");
    const doors = new Map<string, () => void>();
    const gated = runnable({
      id: "gated",
      concurrency: 1,
      invoke: async (name: string, ctx: RunContext) => {
        await ctx.ask({ prompt: name, answer: anything });
        await new Promise<void>((resolve) => doors.set(name, resolve));
        return name;
      },
    });
    const flow = alone(gated);
    const first = sqliteHost(file);
    const runs = ["a", "b", "c"].map((name) => flow.start(name as never, { host: first, runId: name }));
    while (!runs.every(({ status }) => status === "waiting")) await turn();
    await first.close();

    const second = sqliteHost(file);
    const { runs: again } = await second.resumeAll([flow]);
    while (!again.every(({ status }) => status === "waiting")) await turn();
    for (const run of again) await run.answer(run.questions[0]!.id, "yes");
    while (doors.size === 0) await turn();
    expect(again.map(({ status }) => status).sort()).toEqual(["queued", "queued", "running"]);
    const [holder] = doors.keys();
    for (const { id, status } of again) {
      const [open] = (await second.describe(flow, id)).open;
      if (status === "queued")
        expect(open!.queued!.holders).toEqual([{ runId: holder, path: "flow/gated#1" }]);
    }
    for (let ended = 0; ended < 3; ended++) {
      while (doors.size === 0) await turn();
      const [[name, open]] = [...doors] as [[string, () => void]];
      doors.delete(name);
      open();
    }
    expect((await Promise.all(again.map(({ result }) => result))).sort()).toEqual(["a", "b", "c"]);
    await second.close();
  });
});
