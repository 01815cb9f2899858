import { memorySessions } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";
import { DurableHost, type JournalStore, memoryStore } from "@orch/core/host";
import { expect, it } from "vitest";
import { FolderRuns } from "./folder-runs.ts";
import { standingOf } from "./run-standing.ts";

const RUNS = 250;

it("runs are listed, and one is found by its id, without reading the journal of any", async () => {
  const kept = memoryStore();
  let read = 0;
  const counting: JournalStore = {
    ...kept,
    load: (id) => {
      read++;
      return kept.load(id);
    },
  };
  const state = runnable("state", (input: string) => input);
  const chart = orchestration<string, string>("chart", (o) => o.start(state).finish(state));
  const sessions = memorySessions();
  await sessions.open("s", 0);
  const host = new DurableHost(counting);
  for (let at = 0; at < RUNS; at++) {
    const id = `RUN${String(at).padStart(5, "0")}`;
    await chart.start("hello", { host, runId: id }).result;
    const message = { role: "user" as const, content: [{ type: "text" as const, text: "hello" }] };
    await sessions.begin("s", { id, configuration: "chart", message, startedAt: at });
    const usage = at === 0 ? {} : { usage: { input: 5, output: 2 }, ...(at === 1 && { cost: 0.5 }) };
    const turn = { id, configuration: "chart", messages: [message], startedAt: at, endedAt: at };
    await sessions.finish("s", { ...turn, status: "completed", ...usage });
  }
  const runs = await FolderRuns.open({
    openSessions: async () => sessions,
    openHost: async () => host,
    openRuns: async () => counting,
    folder: "/work/here",
  });
  read = 0;
  expect(await runs.list()).toHaveLength(0);
  expect(await runs.list({ all: true })).toHaveLength(RUNS);
  expect(await runs.ids()).toHaveLength(RUNS);
  expect((await runs.find("run00123")).run.runId).toBe("RUN00123");
  expect(await runs.questions()).toEqual([]);
  await expect(runs.find("NOTHING")).rejects.toMatchObject({ code: "ORCH_RUN_MISSING" });
  expect(read).toBe(0);
  const all = await runs.list({ all: true });
  // A run that has ended was paid in its turn, which says why it failed too.
  const spent = await runs.spentBy(all);
  expect(spent.get("RUN00000")).toEqual({ tokens: 0, cost: 0 });
  expect(spent.get("RUN00001")).toEqual({ tokens: 7, cost: 0.5 });
  expect(spent.get("RUN00002")).toEqual({ tokens: 7 });
  expect(spent.size).toBe(RUNS);
  const failed = { ...all[0]!, run: { ...all[0]!.run, status: "failed" as const } };
  const { session, turn } = failed.answers!;
  const answers = { session, turn: { ...turn, error: "the provider is ill" } };
  expect((await standingOf({ ...failed, answers }, host)).reason).toBe("the provider is ill");
  expect(read).toBe(0);
});
