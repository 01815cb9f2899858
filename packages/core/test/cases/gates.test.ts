/** Rule 23, at gates: a state that waits gives its place back, and who waits for a place is queued behind somebody. */
import { manualClock, seededRandom } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { memoryHost, performOperation } from "../../src/host.ts";
import {
  all,
  each,
  orchestration,
  question,
  type Run,
  type RunContext,
  type Runnable,
  runnable,
  type Schema,
  sleep,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>, id = "flow") {
  return orchestration(id, (o) => o.start(only).finish(only));
}

/** A runnable with a gate, which waits in the middle of its work and works on until the test says so. */
function waiter(concurrency: number, wait: (name: string, ctx: RunContext) => unknown) {
  const doors = new Map<string, () => void>();
  const working = new Set<string>();
  const state = runnable({
    id: "waiter",
    concurrency,
    invoke: async (name: string, ctx: RunContext) => {
      working.add(name);
      working.delete(name);
      const answer = await wait(name, ctx);
      working.add(name);
      expect(working.size).toBeLessThanOrEqual(concurrency);
      await new Promise<void>((resolve) => doors.set(name, resolve));
      working.delete(name);
      return `${name}: ${answer}`;
    },
  });
  return { state, doors, working };
}

const asking = (name: string, { ask }: RunContext): Promise<unknown> =>
  ask({ prompt: name, answer: anything });

describe("a state inside a gate that waits", () => {
  it("gives its place back while it asks, and takes one again before it works on", async () => {
    const { state, doors, working } = waiter(1, asking);
    const flow = alone(state);
    const runs = ["a", "b", "c"].map((name) => flow.start(name, { runId: name }));
    await turn();
    expect(runs.map(({ status }) => status)).toEqual(["waiting", "waiting", "waiting"]);

    for (const run of [runs[2]!, runs[0]!, runs[1]!]) await run.answer(run.questions[0]!.id, "yes");
    await turn();
    expect([...working]).toEqual(["c"]);
    expect(runs.map(({ status }) => status)).toEqual(["queued", "queued", "running"]);
    const holders = [{ runId: "c", path: "flow/waiter#1" }];
    expect(runs[0]!.describe()).toMatchObject({
      status: "queued",
      open: [{ path: "flow/waiter#1", queued: { runnable: "waiter", place: 1, holders } }],
    });
    expect(runs[1]!.describe().open[0]!.queued).toEqual({ runnable: "waiter", place: 2, holders });
    expect(runs[2]!.describe().open[0]).not.toHaveProperty("queued");

    for (const name of ["c", "a", "b"]) {
      doors.get(name)!();
      await turn();
    }
    expect(await Promise.all(runs.map(({ result }) => result))).toEqual(["a: yes", "b: yes", "c: yes"]);
  });

  it("further: on a host that keeps runs, also when the question is a composite called by hand", async () => {
    const q = question<string>("q", { ask: (name) => name, answer: anything });
    const { state, doors } = waiter(1, (name, ctx) => q.invoke(name, ctx));
    const host = memoryHost();
    const flow = alone(state);
    const runs = ["a", "b"].map((name) => flow.start(name, { host, runId: name }));
    await turn();
    expect(runs.map(({ status }) => status)).toEqual(["waiting", "waiting"]);
    for (const { id: runId, questions } of runs) await host.answer(flow, runId, questions[0]!.id, 1);
    await turn();

    expect(runs.map(({ status }) => status)).toEqual(["running", "queued"]);
    expect(await host.describe(flow, "b")).toMatchObject({
      status: "queued",
      open: [{ queued: { place: 1, holders: [{ runId: "a", path: "flow/waiter#1" }] } }],
    });
    for (const name of ["a", "b"]) {
      doors.get(name)!();
      await turn();
    }
    expect(await Promise.all(runs.map(({ result }) => result))).toEqual(["a: 1", "b: 1"]);
    await host.close();
  });

  it("further: while it sleeps by hand", async () => {
    const clock = manualClock();
    const nap = sleep<string>("nap", 50);
    const { state, doors, working } = waiter(2, (name, ctx) => nap.invoke(name, ctx));
    const results = alone(each("fan", state)).run(["a", "b", "c", "d"], { clock });
    await clock.advance(50);
    expect([...working]).toEqual(["a", "b"]);
    for (const name of ["a", "b", "c", "d"]) {
      doors.get(name)!();
      await turn();
    }

    expect(await results).toEqual(["a: a", "b: b", "c: c", "d: d"]);
  });

  it("further: while it waits for an orchestration called by hand that goes through the same gate", async () => {
    const inner: Runnable<number, number> = runnable({
      id: "down",
      concurrency: 1,
      invoke: async (n: number, ctx: RunContext) =>
        n === 0 ? 0 : 1 + (await alone(inner, "deeper").invoke(n - 1, ctx)),
    });

    expect(await alone(inner).run(3)).toBe(3);
  });

  it("further: as an attempt that another engine performs, which ends with its question", async () => {
    const { state, doors } = waiter(1, asking);
    const flow = alone(state);
    const operation = (runId: string, answers?: readonly [string, string][]) => ({
      id: `${runId}@1`,
      runId,
      path: "flow/waiter#1",
      visit: 1,
      attempt: 1,
      input: runId,
      ...(answers === undefined ? {} : { answers }),
    });
    for (const runId of ["a", "b"]) {
      expect(await performOperation(flow, operation(runId))).toMatchObject({ kind: "asks" });
    }
    const outcomes = ["a", "b"].map((runId) =>
      performOperation(flow, operation(runId, [["question", "yes"]])),
    );
    await turn();
    expect([...doors.keys()]).toEqual(["a"]);
    for (const name of ["a", "b"]) {
      doors.get(name)!();
      await turn();
    }

    expect(await Promise.all(outcomes)).toMatchObject([{ value: "a: yes" }, { value: "b: yes" }]);
  });

  it("takes its place again with the last of several answers", async () => {
    const { state, doors } = waiter(1, (_name, { ask }) =>
      Promise.all(["x", "y"].map((name) => ask({ name, prompt: name, answer: anything }))),
    );
    const [first, second] = ["a", "b"].map((name) => alone(state).start(name));
    await turn();
    await first!.answer("flow/waiter#1/x", 1);
    await turn();
    expect(doors.size).toBe(0);
    expect(second!.questions).toHaveLength(2);
    await first!.answer("flow/waiter#1/y", 2);
    await turn();
    doors.get("a")!();

    expect(await first!.result).toBe("a: 1,2");
    await second!.cancel();
  });

  it("leaves the queue when it is cancelled, or its attempt's time is over, and keeps no place", async () => {
    const clock = manualClock();
    const doors = new Map<string, () => void>();
    const timed = runnable({
      id: "timed",
      concurrency: 1,
      timeout: 100,
      invoke: async (name: string, ctx) => {
        await asking(name, ctx);
        await new Promise<void>((resolve) => doors.set(name, resolve));
        return `${name} is done`;
      },
    });
    const runs = ["a", "b", "c"].map((name) => alone(timed).start(name, { clock }));
    await turn();
    for (const run of runs) await run.answer(run.questions[0]!.id, "yes");
    await turn();
    await runs[1]!.cancel();
    expect(runs.map(({ status }) => status)).toEqual(["running", "cancelled", "queued"]);
    await clock.advance(100);

    await expect(runs[0]!.result).rejects.toMatchObject({ cause: { code: "ORCH_TIMEOUT" } });
    await expect(runs[2]!.result).rejects.toMatchObject({ cause: { code: "ORCH_TIMEOUT" } });
    const next = alone(timed).start("d", { clock });
    await turn();
    await next.answer(next.questions[0]!.id, "yes");
    await turn();
    expect(next.status).toBe("running");
    doors.get("d")!();
    expect(await next.result).toBe("d is done");
  });
});

describe("a run behind a gate", () => {
  it("is queued behind a state that works, and waits for nobody who waits", async () => {
    const { state, doors } = waiter(1, async (name, ctx) => (name === "asks" ? asking(name, ctx) : "no"));
    const works = alone(state, "works").start("works", { runId: "works" });
    await turn();
    const asks = alone(state, "asks").start("asks", { runId: "asks" });
    await turn();
    expect(asks.status).toBe("queued");
    expect(asks.describe().open[0]!.queued!.holders).toEqual([{ runId: "works", path: "works/waiter#1" }]);
    doors.get("works")!();
    await works.result;
    await turn();
    expect(asks.status).toBe("waiting");

    // It stood behind a question before, and nothing of it went on until that was answered.
    const behind = alone(state, "behind").start("behind");
    await turn();
    expect(behind.status).toBe("running");
    doors.get("behind")!();
    expect(await behind.result).toBe("behind: no");
    await asks.cancel();
  });

  it("is running while any of its branches works", async () => {
    const { state, doors } = waiter(1, async () => "no");
    const open = Promise.withResolvers<string>();
    const busy = runnable("busy", () => open.promise);
    const holder = alone(state).start("holder");
    await turn();
    const run = alone(all("both", { busy, state })).start("own");
    await turn();
    expect(run.status).toBe("running");
    open.resolve("done");
    await turn();
    expect(run.status).toBe("queued");
    doors.get("holder")!();
    await turn();
    expect(run.status).toBe("running");
    doors.get("own")!();

    expect(await run.result).toEqual({ busy: "done", state: "own: no" });
    await holder.result;
  });
});

describe("gates under random waits", () => {
  it("P15: never let more than their number work, and never stand idle while a run is queued", async () => {
    const chance = seededRandom(20261129);
    const pick = (n: number): number => Math.floor(chance() * n);
    let queuedSeen = 0;
    for (let round = 0; round < 60; round++) {
      const clock = manualClock();
      const limit = 1 + pick(3);
      let working = 0;
      const doors: (() => void)[] = [];
      const work = async (signal: AbortSignal): Promise<void> => {
        working += 1;
        expect(working).toBeLessThanOrEqual(limit);
        try {
          await new Promise<void>((resolve, reject) => {
            doors.push(resolve);
            signal.addEventListener("abort", () => reject(signal.reason));
          });
        } finally {
          working -= 1;
        }
      };
      const nap = sleep<number>("nap", (n) => n);
      const child = orchestration<number, number>("child", (o) => o.start(nap).finish(nap));
      const state = runnable({
        id: "state",
        concurrency: limit,
        invoke: async (steps: readonly number[], ctx: RunContext) => {
          for (const [place, step] of steps.entries()) {
            if (step === 0) await work(ctx.signal);
            else if (step === 1) await ctx.ask({ name: `q${place}`, prompt: "?", answer: anything });
            else await child.invoke(step, ctx);
          }
          await work(ctx.signal);
          return steps.length;
        },
      });
      const flow = alone(state);
      const host = round % 2 === 0 ? undefined : memoryHost({ clock });
      const runs: Run<number>[] = Array.from({ length: 6 }, () =>
        flow.start(
          Array.from({ length: 1 + pick(4) }, () => pick(4)),
          { clock, ...(host === undefined ? {} : { host }) },
        ),
      );
      for (let guard = 0; runs.some(({ status }) => !["completed", "cancelled"].includes(status)); guard++) {
        expect(guard).toBeLessThan(500);
        await turn();
        const queued = runs.filter(({ status }) => status === "queued").length;
        queuedSeen += queued;
        if (queued > 0) expect(working).toBe(limit);
        const asks = runs.filter(({ questions }) => questions.length > 0);
        const dice = pick(10);
        if (dice === 0 && round % 3 === 0) await runs[pick(runs.length)]!.cancel();
        else if (dice < 4 && asks.length > 0) {
          const asked = asks[pick(asks.length)]!;
          await asked.answer(asked.questions[0]!.id, "yes");
        } else if (dice < 7 && doors.length > 0) doors.splice(pick(doors.length), 1)[0]!();
        else await clock.advance(1);
      }
      expect(working).toBe(0);
      await host?.close();
    }
    expect(queuedSeen).toBeGreaterThan(100);
  });
});
