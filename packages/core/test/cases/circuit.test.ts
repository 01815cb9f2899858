/** The circuit of a run: a terminal error asks a person instead of failing its state. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { DurableHost } from "../../src/durable/durable-host.ts";
import { memoryStore } from "../../src/durable/memory-store.ts";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  type CircuitOptions,
  circuit,
  each,
  FatalError,
  isOrchError,
  type OrchestrationEvent,
  orchestration,
  type Run,
  type Runnable,
  runnable,
} from "../../src/index.ts";
import { branchesOf } from "./paid-branches.ts";

const hosts = [
  ["in memory", () => ({})],
  ["on a host that keeps runs", () => ({ host: memoryHost() })],
] as const;

const twenty = Array.from({ length: 20 }, (_, index) => index);

function flowOf(only: Runnable<never, unknown>, options: CircuitOptions = {}) {
  return orchestration("f", (o) => o.start(only as Runnable<unknown, unknown>).finish(only), {
    onTerminal: circuit(options),
  });
}

/** Resolves when the run waits for a person. */
async function waits(run: Run<unknown>): Promise<void> {
  for (let turn = 0; run.status !== "waiting"; turn++) {
    if (turn > 10_000 || !["running", "queued"].includes(run.status)) throw new Error(`it is ${run.status}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe.each(hosts)("P20: the circuit of a run %s", (_name, options) => {
  it("point 7: asks one question however many branches met the error, and starts nothing meanwhile", async () => {
    const paid = branchesOf({ dies: (n) => n >= 5 });
    const flow = flowOf(each("verify", paid.branch, { settled: true, concurrency: 4 }));
    const run = flow.start(twenty, options());
    const events: OrchestrationEvent[] = [];
    void (async () => {
      for await (const event of run.events()) events.push(event);
    })();
    await waits(run);
    const before = paid.started.length;
    await quiet();

    expect(run.questions).toMatchObject([
      { id: "f/circuit#1", path: "f", prompt: { choices: ["go on", "stop", "end with what is there"] } },
    ]);
    expect(JSON.stringify(run.questions[0]!.prompt)).toContain("session limit");
    expect(paid.started).toHaveLength(before);
    expect(before).toBeLessThan(12);
    await expect(run.answer("f/circuit#1", "perhaps")).rejects.toMatchObject({ code: "ORCH_INVALID_ANSWER" });

    paid.heal();
    await run.answer("f/circuit#1", "go on");
    const results = (await run.result) as { value: unknown }[];
    expect(results.map(({ value }) => value)).toEqual(twenty);
    expect(paid.repeated()).toEqual([]);
    await quiet();
    expect(events.filter(({ type }) => type === "question.asked")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "run.waiting")).toHaveLength(1);
    expect(events.some(({ type }) => type === "state.failed")).toBe(false);
  });

  it("point 7: asks again when the error comes again, and stop ends all branches with a census", async () => {
    const paid = branchesOf({ dies: (n) => n >= 5 });
    const flow = flowOf(each("verify", paid.branch, { concurrency: 4 }));
    const run = flow.start(twenty, options());
    await waits(run);
    await run.answer("f/circuit#1", "go on");
    await waits(run);
    expect(run.questions.map(({ id }) => id)).toEqual(["f/circuit#2"]);
    const before = paid.started.length;
    await run.answer("f/circuit#2", "stop");
    const error: unknown = await run.result.catch((thrown: unknown) => thrown);
    if (!isOrchError(error, "ORCH_HALTED")) throw error;
    const { done, failed, open } = error.facts;
    expect([done, done + failed + open]).toEqual([5, 20]);
    expect(failed).toBeGreaterThan(0);
    expect(paid.started).toHaveLength(before);
    expect(run.status).toBe("failed");
    expect(run.describe().census).toMatchObject([{ path: "f", done, failed, open }]);
  });

  it("point 7: ends with what is there, saying so", async () => {
    const paid = branchesOf({ dies: (n) => n === 5 });
    const fan = each("verify", paid.branch as Runnable<number, unknown>, { settled: true, concurrency: 2 });
    const count = runnable("count", (results: readonly { status: string; open?: true }[]) =>
      results.map(({ status, open }) => (open === true ? "open" : status)),
    );
    const flow = orchestration("f", (o) => o.start(fan).advance(fan, count).finish(count), {
      onTerminal: circuit(),
    });
    const run = flow.start(twenty, options());
    await waits(run);
    const before = paid.started.length;
    await run.answer("f/circuit#1", "end with what is there");
    const said = await run.result;
    const times = (word: string): number => said.filter((one) => one === word).length;
    expect(times("failed")).toBe(1);
    expect(times("completed") + times("open")).toBe(19);
    expect(times("open")).toBeGreaterThan(10);
    expect(paid.started).toHaveLength(before);
    const census = { done: times("completed"), failed: 1, open: times("open") };
    expect(run.describe().census).toMatchObject([census]);
  });

  it("point 7, further: a state outside of a fan-out waits too, with data in the answer that its next attempt reads", async () => {
    const seen: unknown[] = [];
    const call = runnable("call", async (n: number, ctx) => {
      seen.push(ctx.choice);
      if (ctx.choice === undefined) throw Object.assign(new Error("wrong key"), { retryable: false });
      return n;
    });
    const flow = flowOf(call, { ask: ({ message }) => ({ why: message }), choices: { other: "go-on" } });
    const run = flow.start(1, options());
    await waits(run);
    expect(run.questions[0]!.prompt).toEqual({ prompt: { why: "wrong key" }, choices: ["other"] });
    await run.answer("f/circuit#1", { choice: "other", data: { model: "small" } });
    expect(await run.result).toBe(1);
    expect(seen).toEqual([undefined, { choice: "other", data: { model: "small" } }]);
  });

  it("point 7, further: keeps the place at a gate, and branches of all kinds", async () => {
    const paid = branchesOf({ dies: (name) => name === "a" });
    const gated = runnable({
      id: "gated",
      concurrency: 1,
      invoke: (name: string, ctx) => paid.branch.invoke(name as never, ctx),
    });
    const named = (name: string) => orchestration(name, (o) => o.start(gated).finish(gated));
    const fan = all("fan", { a: named("a"), b: named("b"), c: named("c") });
    const items = each("items", gated);
    const flow = flowOf(items);
    void fan;
    const run = flow.start(["a", "b", "c"], options());
    await waits(run).catch(() => {});
    await quiet();
    expect(paid.started).toEqual(["a"]);
    paid.heal();
    await run.answer("f/circuit#1", "go on");
    expect(await run.result).toEqual(["a", "b", "c"]);
  });

  it("point 7, further: is cancelled like any other run", async () => {
    const paid = branchesOf({ dies: (n) => n === 1 });
    const run = flowOf(each("verify", paid.branch, { concurrency: 2 })).start([0, 1, 2, 3], options());
    await waits(run);
    await run.cancel("enough");
    expect(run.status).toBe("cancelled");
    await expect(run.answer("f/circuit#1", "go on")).rejects.toMatchObject({ code: "ORCH_QUESTION_CLOSED" });
  });
});

describe.each(hosts)("the end with what is there, %s", (_name, options) => {
  it.each(["before the answer", "after it"])(
    "point 7, further: leaves a branch open that came between two states %s",
    async (when) => {
      const { promise: started, resolve: begin } = Promise.withResolvers<void>();
      const first = runnable("first", async (n: number) => {
        if (n === 0) await started;
        else throw new FatalError("no quota");
        return n;
      });
      const second = runnable("second", (n: number) => n);
      const branch = orchestration("branch", (o) => o.start(first).advance(first, second).finish(second));
      const run = flowOf(each("verify", branch, { settled: true, concurrency: 2 })).start([0, 1], options());
      await quiet();
      if (when === "before the answer") begin();
      await quiet();
      const [question] = run.questions;
      await run.answer(question!.id, "end with what is there");
      begin();

      expect(await run.result).toMatchObject([{ status: "failed", open: true }, { status: "failed" }]);
    },
  );
});

describe("the circuit of a run that is cancelled", () => {
  it.each(hosts)("takes no answer %s while what is under way has its grace time", async (_name, options) => {
    const clock = manualClock();
    const dies = runnable("dies", async () => {
      throw new FatalError("no money");
    });
    const stubborn = runnable("stubborn", () => new Promise<string>(() => {}));
    const both = all("both", { dies, stubborn });
    const run = flowOf(both).start(undefined, { ...options(), clock, grace: 1_000 });
    await clock.advance(1);
    expect(run.questions).toHaveLength(1);
    const cancelled = run.cancel("enough");
    await clock.advance(1);

    expect(run.questions).toEqual([]);
    await expect(run.answer("f/circuit#1", "go on")).rejects.toMatchObject({
      code: "ORCH_QUESTION_CLOSED",
      facts: { by: "cancelled", reason: "enough" },
    });
    await clock.advance(1_000);
    await cancelled;
    expect(run.status).toBe("cancelled");
  });
});

describe("the circuit of a run that nobody can answer", () => {
  it("point 7, further: stops the run", async () => {
    const paid = branchesOf({ dies: (n) => n === 1 });
    const flow = flowOf(each("verify", paid.branch, { settled: true, concurrency: 1 }));
    await expect(flow.run([0, 1, 2])).rejects.toMatchObject({
      code: "ORCH_HALTED",
      facts: { done: 1, failed: 1, open: 1 },
    });
  });
});

describe("the circuit of a run that is kept", () => {
  it("point 7: a resume without an answer starts nothing, and another process answers", async () => {
    for (const answer of ["go on", "stop", "end with what is there"]) {
      const store = memoryStore();
      const host = () => new DurableHost(store, {});
      const paid = branchesOf({ dies: (n) => n >= 3 });
      const flow = flowOf(each("verify", paid.branch, { settled: true, concurrency: 2 }));
      const first = host();
      const run = flow.start([0, 1, 2, 3, 4, 5], { host: first, runId: "r" });
      await waits(run);
      await run.suspend();
      const before = paid.started.length;

      const second = host();
      const resumed = await second.resume(flow, "r");
      await waits(resumed);
      await quiet();
      expect(paid.started).toHaveLength(before);
      expect(resumed.questions).toMatchObject([{ id: "f/circuit#1" }]);
      await resumed.suspend();

      const other = host();
      expect(await other.questions(flow, "r")).toMatchObject([{ id: "f/circuit#1" }]);
      await expect(other.answer(flow, "r", "f/circuit#1", "perhaps")).rejects.toMatchObject({
        code: "ORCH_INVALID_ANSWER",
      });
      await other.answer(flow, "r", "f/circuit#1", answer);
      paid.heal();
      const last = await other.resume(flow, "r");
      if (answer === "stop") {
        await expect(last.result).rejects.toMatchObject({ code: "ORCH_HALTED", facts: { done: 3 } });
        expect(paid.started).toHaveLength(before);
        const again = await other.retry(flow, "r");
        expect(await again.result).toHaveLength(6);
      } else if (answer === "go on") {
        expect(await last.result).toMatchObject([0, 1, 2, 3, 4, 5].map((value) => ({ value })));
      } else {
        const results = (await last.result) as { status: string; open?: true }[];
        expect(paid.started).toHaveLength(before);
        expect(results.filter(({ status }) => status === "completed")).toHaveLength(3);
        expect(results.filter(({ open }) => open === true).length).toBeGreaterThan(0);
      }
      expect(paid.repeated()).toEqual([]);
      const live = (await other.events(flow, "r")).map(({ seq }) => seq);
      expect(live).toEqual(live.map((_, index) => index + 1));
    }
  });

  it.each(["cancelled", "stop"] as const)(
    "asks nothing once the run has ended, and is asked anew when it is tried again: %s",
    async (end) => {
      const store = memoryStore();
      const host = () => new DurableHost(store, {});
      const paid = branchesOf({ dies: () => true });
      const flow = flowOf(each("verify", paid.branch, { settled: true, concurrency: 2 }));
      const run = flow.start([0, 1], { host: host(), runId: "r" });
      await waits(run);
      if (end === "cancelled") await run.cancel("enough");
      else await run.answer("f/circuit#1", end);
      await run.result.catch(() => {});

      expect(await host().questions(flow, "r")).toEqual([]);
      await expect(host().answer(flow, "r", "f/circuit#1", "go on")).rejects.toMatchObject({
        code: end === "cancelled" ? "ORCH_QUESTION_CLOSED" : "ORCH_ALREADY_ANSWERED",
      });

      const again = await host().retry(flow, "r");
      await waits(again);
      const { id } = again.questions[0]!;
      expect(await host().questions(flow, "r")).toMatchObject([{ id }]);
      paid.heal();
      await again.answer(id, "go on");
      expect(await again.result).toHaveLength(2);
      const events = await host().events(flow, "r");
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.map(({ type }) => type).filter((type) => type.startsWith("run."))).toEqual([
        "run.started",
        "run.waiting",
        end === "cancelled" ? "run.cancelled" : "run.failed",
        "run.retried",
        "run.waiting",
        "run.completed",
      ]);
    },
  );
});
