/** Rule 23: a circle of waiting is an error that names the circle, and nothing else is. */
import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  type AnyRunnable,
  all,
  each,
  type Orchestration,
  orchestration,
  question,
  type RunContext,
  race,
  runnable,
  type Schema,
} from "../../src/index.ts";

/** Takes any answer. */
const anything: Schema<unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function alone(only: AnyRunnable, id = "flow"): Orchestration<number, unknown> {
  return orchestration(id, (o) => o.start(only as never).finish(only as never));
}

/** A flow through a gate whose state goes through the same gate again, so many times, in the given way. */
function deep(
  again: (flow: Orchestration<number, unknown>, n: number, ctx: RunContext) => unknown,
  concurrency = 1,
) {
  const narrow: AnyRunnable = runnable({
    id: "narrow",
    concurrency,
    invoke: async (n: number, ctx: RunContext): Promise<unknown> =>
      n === 0 ? "bottom" : again(flow, n - 1, ctx),
  });
  const flow = alone(narrow);
  return flow;
}

/** The error at the bottom of a failure. */
async function circleOf(result: Promise<unknown>): Promise<unknown> {
  let error = await result.then(
    (value) => expect.unreachable(String(value)),
    (failure: unknown) => failure,
  );
  while ((error as { code?: string }).code !== "ORCH_DEADLOCK") {
    expect(error).toBeInstanceOf(Error);
    error = (error as Error).cause;
  }
  return (error as { facts: unknown }).facts;
}

describe("a circle of waiting", () => {
  it("is an error where a state runs what needs its own gate, and not through its context", async () => {
    const flow = deep((self, n) => self.run(n, { runId: `inner${n}` }));

    expect(await flow.run(0)).toBe("bottom");
    expect(await circleOf(flow.run(1, { runId: "outer" }))).toEqual({
      circle: [
        { runId: "inner0", path: "flow/narrow#1", waitsFor: { runnable: "narrow" } },
        { runId: "outer", path: "flow/narrow#1", waitsFor: { runId: "inner0" } },
      ],
    });
    // The gate is free again.
    expect(await flow.run(0)).toBe("bottom");
  });

  it("further: on a host that keeps runs, where the state awaits the result of a run that it started", async () => {
    const host = memoryHost();
    const flow = deep((self, n) => self.start(n, { host, runId: `inner${n}` }).result);
    const run = flow.start(1, { host, runId: "outer" });

    expect(await circleOf(run.result)).toMatchObject({ circle: [{ runId: "inner0" }, { runId: "outer" }] });
    expect(await host.get("inner0")).toMatchObject({ status: "failed" });
  });

  it("further: over orchestrations called by hand and fan-outs in between", async () => {
    const narrow: AnyRunnable = runnable({
      id: "narrow",
      concurrency: 1,
      invoke: async (n: number): Promise<unknown> => (n === 0 ? 0 : outer.run(n - 1, { runId: "inner" })),
    });
    const calling = runnable("calling", (n: number, ctx: RunContext) =>
      alone(narrow, "within").invoke(n, ctx),
    );
    const list = runnable("list", (n: number) => [n]);
    const outer: Orchestration<number, unknown> = orchestration("outer", (o) => {
      const fan = each("fan", calling);
      return o.start(list).advance(list, fan).finish(fan);
    });
    const { circle } = (await circleOf(outer.run(1, { runId: "r" }))) as {
      circle: { path: string; runId: string }[];
    };

    expect(circle.map(({ path }) => path)).toEqual([
      "within/narrow#1",
      "within/narrow#1",
      "outer/fan#1[0]/calling#1",
    ]);
  });

  it("further: of two gates crosswise", async () => {
    const flows: { [name: string]: Orchestration<number, unknown> } = {};
    const gate = (id: string, other: string): AnyRunnable =>
      runnable({
        id,
        concurrency: 1,
        invoke: async (n: number) =>
          n === 0 ? id : flows[other]!.start(0, { runId: `${id}${other}` }).result,
      });
    flows["a"] = alone(gate("a", "b"), "fa");
    flows["b"] = alone(gate("b", "a"), "fb");
    const results = [flows["a"].run(1, { runId: "ra" }), flows["b"].run(1, { runId: "rb" })];
    const [first, second] = await Promise.allSettled(results);

    // One of the two is refused, and the other goes on.
    const settled = [first!, second!];
    const failed = settled.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await circleOf(Promise.reject(failed.reason))).toEqual({
      circle: [
        { runId: "ba", path: "fa/a#1", waitsFor: { runnable: "a" } },
        { runId: "ra", path: "fa/a#1", waitsFor: { runId: "ab" } },
        { runId: "ab", path: "fb/b#1", waitsFor: { runnable: "b" } },
        { runId: "rb", path: "fb/b#1", waitsFor: { runId: "ba" } },
      ],
    });
  });

  it("further: of all who have the places of a gate for two, and only then", async () => {
    const open = Promise.withResolvers<string>();
    const flow = deep((self, n) => (n === 8 ? open.promise : self.run(n, { runId: `inner${n}` })), 2);
    const works = flow.run(9);
    const waits = flow.start(1, { runId: "outer" });
    await turn();
    expect(waits.status).toBe("queued");
    expect(waits.describe().open[0]!.queued!.holders).toHaveLength(2);
    const more = flow.run(5, { runId: "more" });
    open.resolve("done");

    expect(await works).toBe("done");
    // Its place went to who came first.
    expect(await waits.result).toBe("bottom");
    expect(await circleOf(more)).toMatchObject({ circle: expect.any(Array) });
  });

  it("further: of a state that waits for a promise made of the output", async () => {
    const flow = deep(async (self, n) => `${await self.run(n).then((value) => value)}`);
    expect(await circleOf(flow.run(1))).toMatchObject({ circle: [{}, {}] });
    const caught = deep((self, n) => self.run(n).catch(() => "caught"));
    expect(await caught.run(1)).toBe("caught");
  });

  it("makes no further attempt", async () => {
    let calls = 0;
    const narrow: AnyRunnable = runnable({
      id: "narrow",
      concurrency: 1,
      retry: { attempts: 3, firstDelay: 1 },
      invoke: async (n: number): Promise<unknown> => {
        calls += 1;
        return n === 0 ? "bottom" : alone(narrow).run(n - 1);
      },
    });

    await circleOf(alone(narrow).run(1));
    expect(calls).toBe(1);
  });
});

describe("no circle", () => {
  it.each([
    ["invoke", (self, n, ctx) => self.invoke(n, ctx)],
    ["run", (self, n, { signal }) => self.run(n, { signal })],
    ["start", (self, n, { signal }) => self.start(n, { signal }).result],
    ["start on a host", (self, n, { signal }) => self.start(n, { signal, host: memoryHost() }).result],
  ] as [string, Parameters<typeof deep>[0]][])(
    "is a run that a state awaits through its context, by %s, because its place is free meanwhile",
    async (_way, again) => {
      expect(await deep(again).run(4)).toBe("bottom");
    },
  );

  it("is a run that fails while nobody waits for it, which harms nothing", async () => {
    const fails = runnable("fails", () => {
      throw new Error("broken");
    });
    let inner: { readonly status: string } | undefined;
    const begins = runnable("begins", (_: number, { signal }: RunContext) => {
      inner = alone(fails, "inner").start(0, { signal });
      return "gone on";
    });

    expect(await alone(begins).run(0)).toBe("gone on");
    while (inner?.status !== "failed") await turn();
    await turn();
  });

  it("is a run that a state begins and does not wait for", async () => {
    const ended: unknown[] = [];
    const flow = deep((self, n) => {
      void self.run(n).catch(() => ended.push("failed"));
      const { result } = self.start(n);
      void result.then((value) => ended.push(value));
      return turn().then(() => "gone on");
    });

    expect(await flow.run(1)).toBe("gone on");
    while (ended.length === 0) await turn();
    expect(ended).toEqual(["bottom"]);
  });

  it("is a wait that a time, an answer or a branch beside it can end", async () => {
    const clock = manualClock();
    const timed: AnyRunnable = runnable({
      id: "timed",
      concurrency: 1,
      timeout: 100,
      invoke: async (n: number): Promise<unknown> => (n === 0 ? 0 : alone(timed).run(0, { clock })),
    });
    const late = alone(timed).run(1, { clock });
    late.catch(() => {});
    await turn();
    await clock.advance(100);
    await expect(late).rejects.toMatchObject({ cause: { code: "ORCH_TIMEOUT" } });

    const q = question<number>("q", { ask: "Well?", answer: anything });
    let inner = alone(q).start(0);
    const holder: AnyRunnable = runnable({
      id: "narrow2",
      concurrency: 1,
      invoke: async (n: number): Promise<unknown> => {
        if (n === 0) return "in";
        inner = alone(race("either", { holder, q })).start(0);
        return inner.result;
      },
    });
    const asks = alone(holder).start(1);
    await turn();
    expect(asks.status).toBe("queued");
    await inner.answer(inner.questions[0]!.id, "answered");
    expect(await asks.result).toBe("answered");
  });

  it("is seen before a branch beside it has ended", async () => {
    const open = Promise.withResolvers<string>();
    const work = runnable("work", () => open.promise);
    const narrow: AnyRunnable = runnable({
      id: "narrow",
      concurrency: 1,
      invoke: async (n: number): Promise<unknown> =>
        n === 0 ? "in" : alone(all("both", { narrow, work })).run(0),
    });
    const run = alone(narrow).start(1);
    await turn();
    expect(run.status).toBe("running");
    open.resolve("done");

    expect(await circleOf(run.result)).toMatchObject({ circle: [{}, {}] });
  });
});

describe("a state that waits for a run behind a gate", () => {
  it("is queued as that run is, and says behind whom", async () => {
    const open = Promise.withResolvers<string>();
    const narrow = runnable({ id: "narrow", concurrency: 1, invoke: () => open.promise });
    const calling = runnable("calling", (n: number, ctx: RunContext) =>
      alone(narrow, "within").invoke(n, ctx),
    );
    const first = alone(narrow).start(0, { runId: "first" });
    const run = alone(calling).start(0);
    await turn();

    expect(run.status).toBe("queued");
    expect(run.describe().open).toMatchObject([
      { path: "flow/calling#1", queued: { runnable: "narrow", place: 1, holders: [{ runId: "first" }] } },
    ]);
    open.resolve("done");
    expect([await first.result, await run.result]).toEqual(["done", "done"]);
  });
});
