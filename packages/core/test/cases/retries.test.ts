/** A retry runs what failed or is open: what was done beside the failure stays, and counts once. */
import { describe, expect, it } from "vitest";
import { memoryHost } from "../../src/host.ts";
import {
  all,
  background,
  collect,
  each,
  orchestration,
  question,
  type Run,
  type RunContext,
  runnable,
  sharedState,
} from "../../src/index.ts";

const notes = sharedState("notes", {
  taken: { start: 0, reduce: (sum: number, more: number) => sum + more },
});
const anything = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
} as const;

const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/**
 * One branch fails while another in its fan-out ignores its signal, so that the run ends later. `beside` works meanwhile, and
 * `act` is called then. Gives the run, retried.
 */
async function retried(
  fault: "throws" | "finds no edge",
  beside: (ctx: RunContext) => Promise<unknown>,
  act: (run: Run<unknown>) => void | Promise<void> = () => {},
) {
  const late = Promise.withResolvers<void>();
  let isHealed = false;
  const work = runnable("work", async (n: number, ctx) => {
    if (isHealed) return n;
    if (n === 1) await late.promise;
    if (n === 0 && fault === "throws") throw new TypeError("no");
    ctx.state(notes).add("taken", 1);
    return n;
  });
  const end = runnable("end", (n: number, ctx) => {
    if (isHealed) ctx.state(notes).add("taken", 1);
    return n;
  });
  const machine = orchestration("machine", (o) =>
    o
      .start(work)
      .advance(work, end, { when: (n) => isHealed || n !== 0 })
      .finish(end),
  );
  const other = runnable("other", (_: readonly number[], ctx) => beside(ctx));
  const both = all("both", { machines: each("machines", machine), other });
  const total = runnable("total", (_: unknown, ctx) => ctx.state(notes).get("taken"));
  const flow = orchestration("f", (o) => o.start(both).advance(both, total).finish(total));
  const host = memoryHost();
  const run = flow.start([0, 1], { host, runId: "r", grace: 60_000 });
  await quiet();
  await act(run as Run<unknown>);
  await quiet();
  late.resolve();
  await expect(run.result).rejects.toMatchObject({ name: expect.any(String) });
  isHealed = true;
  const again = await host.retry(flow, "r");
  return { again, host, flow };
}

const aborted = (ctx: RunContext): Promise<never> =>
  new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));

describe("P1: a retry of a run that went on for a while after its failure", () => {
  it("does not run again what completed beside a state that no edge took, and counts what that wrote once", async () => {
    let lives = 0;
    const { again, host, flow } = await retried("finds no edge", async () => {
      lives += 1;
      await quiet();
    });
    // Two states and their ends, each once.
    expect(await again.result).toBe(2);
    expect(lives).toBe(1);
    const numbers = (await host.events(flow, "r")).map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it("does not make a value of ctx.once again", async () => {
    let [made, lives] = [0, 0];
    const { again } = await retried("throws", async (ctx) => {
      lives += 1;
      if (lives === 1) await quiet();
      await ctx.once("pay", () => ++made);
      if (lives === 1) await aborted(ctx);
    });
    await again.result;
    expect({ made, lives }).toEqual({ made: 1, lives: 2 });
  });

  it("keeps an answer that was accepted", async () => {
    let lives = 0;
    const said: unknown[] = [];
    const { again } = await retried(
      "throws",
      async (ctx) => {
        lives += 1;
        said.push(await ctx.ask({ prompt: "?", answer: anything }));
        if (lives === 1) await aborted(ctx);
      },
      async (run) => run.answer(run.questions[0]!.id, "yes"),
    );
    await again.result;
    expect(again.questions).toEqual([]);
    expect(said).toEqual(["yes", "yes"]);
  });

  it("keeps the result of a branch that ended while its fan-out was being stopped", async () => {
    const late = Promise.withResolvers<void>();
    let [isHealed, lives] = [false, 0];
    const fails = runnable("fails", async () => {
      if (!isHealed) throw new TypeError("no");
      return "mended";
    });
    const dies = runnable("dies", async (): Promise<string> => {
      await quiet();
      throw new TypeError("it is no result");
    });
    const deaf = runnable("deaf", async () => {
      lives += 1;
      await late.promise;
      return "deaf";
    });
    const inner = all("inner", { pair: all("pair", { dies, deaf }) }, { settled: true });
    const slow = runnable("slow", async () => {
      await quiet();
      await quiet();
      return fails.invoke(undefined, undefined as never);
    });
    const both = all("both", { slow, inner });
    const flow = orchestration("f", (o) => o.start(both).finish(both));
    const host = memoryHost();
    const run = flow.start(undefined, { host, runId: "r", grace: 60_000 });
    for (let turn = 0; turn < 4; turn++) await quiet();
    late.resolve();
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    isHealed = true;
    expect(await (await host.retry(flow, "r")).result).toMatchObject({
      slow: "mended",
      inner: { pair: { status: "failed" } },
    });
    expect(lives).toBe(1);
  });

  it("asks again what a branch had asked that begins again later, when its fan-out has a place", async () => {
    let isHealed = false;
    const asks = runnable("asks", (_: number, ctx) => ctx.ask({ prompt: "?", answer: anything }));
    const fails = runnable("fails", async (n: number) => {
      await quiet();
      if (!isHealed && n === 0) throw new TypeError("no");
    });
    const items = each("items", all("item", { asks, fails }), { settled: true, concurrency: 1 });
    const beside = runnable("beside", async () => {
      for (let turn = 0; turn < 10; turn++) await quiet();
      if (!isHealed) throw new TypeError("no");
    });
    const start = runnable("start", () => [0, 1]);
    const branches = orchestration("branches", (o) => o.start(start).advance(start, items).finish(items));
    const both = all("both", { branches, beside });
    const flow = orchestration("f", (o) => o.start(both).finish(both));
    const host = memoryHost();
    const run = flow.start(undefined, { host, runId: "r", onUnheard: false });
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    isHealed = true;
    const again = await host.retry(flow, "r", { onUnheard: false });
    let isRetried = false;
    const asked: string[] = [];
    for await (const event of again.events()) {
      if (event.type === "run.retried") isRetried = true;
      if (!isRetried) continue;
      if (event.type === "question.asked") asked.push(event.question);
      // Also one that was not told, or the run would wait for ever.
      if (event.type === "run.waiting") for (const { id } of again.questions) await again.answer(id, "yes");
    }
    expect(asked.map((question) => /\[\d\]/.exec(question)?.[0])).toEqual(["[0]", "[1]"]);
    expect(again.status).toBe("completed");
  });

  it("goes on at once with what was open, also where its fan-out has no place for it", async () => {
    const held = Promise.withResolvers<void>();
    let isHealed = false;
    const done: number[] = [];
    const waits = question("waits", { ask: (n: number) => n, answer: anything });
    const work = runnable("work", async (answer: unknown) => {
      if (answer === 0 && !isHealed) throw new TypeError("no");
      if (answer === 0) await held.promise;
      done.push(answer as number);
    });
    const item = orchestration("item", (o) => o.start(waits).advance(waits, work).finish(work));
    const items = each("items", item, { concurrency: 1 });
    const flow = orchestration("f", (o) => o.start(items).finish(items));
    const host = memoryHost();
    const answer = (run: Run<unknown>, slot: number): Promise<void> =>
      run.answer(run.questions.find(({ path }) => path.includes(`[${slot}]`))!.id, slot);
    // The second branch began when the first one asked, and asks too.
    const run = flow.start([0, 1], { host, runId: "r" });
    await quiet();
    await answer(run, 0);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_RUNNABLE_FAILED" });
    isHealed = true;
    const again = await host.retry(flow, "r");
    await quiet();
    await answer(again, 1);
    await quiet();
    expect(done).toEqual([1]);
    held.resolve();
    await again.result;
    expect(done).toEqual([1, 0]);
  });
});

describe("a run with a child in the background that failed, and that is retried", () => {
  it.each(["whoever collects it", "something else"])(
    "P1: runs the child again, whether %s failed with it or something else did",
    async (what) => {
      const started: string[] = [];
      let isHealed = false;
      const audit = runnable("audit", async (order: string) => {
        started.push("audit");
        if (!isHealed) throw new TypeError("no auditor");
        return `${order} was audited`;
      });
      const ship = runnable("ship", async (order: string) => {
        started.push("ship");
        await quiet();
        if (!isHealed && what === "something else") throw new TypeError("no ship");
        return `${order} was shipped`;
      });
      const auditing = background("auditing", audit);
      const audited = collect("audited", auditing);
      const join = runnable("join", (both: readonly string[]) => both.join(", "));
      const flow = orchestration<string, string>("f", (o) =>
        o
          .start(auditing)
          .advance(auditing, ship)
          .advance(ship, audited)
          .advance(audited, join, { convert: (one, other) => [other as string, one] })
          .finish(join),
      );
      const host = memoryHost();
      const run = flow.start("it", { host, runId: "r" });
      await expect(run.result).rejects.toThrow(what === "something else" ? "no ship" : "no auditor");
      isHealed = true;

      expect(await (await host.retry(flow, "r")).result).toBe("it was shipped, it was audited");
      const before =
        what === "something else" ? ["audit", "ship", "audit", "ship"] : ["audit", "ship", "audit"];
      expect(started).toEqual(before);
      const told = (await host.events(flow, "r")).filter(
        ({ path }) => path === "f/auditing#1[audit]/audit#1",
      );
      expect(told.map(({ type }) => type)).toEqual([
        "state.started",
        "state.failed",
        "state.started",
        "state.completed",
      ]);
    },
  );

  it("P1: fails again where the child fails again, and can be retried again", async () => {
    const audit = runnable("audit", async (_: string): Promise<string> => {
      throw new TypeError("no auditor");
    });
    const auditing = background("auditing", audit);
    const audited = collect("audited", auditing);
    const flow = orchestration<string, string>("f", (o) =>
      o.start(auditing).advance(auditing, audited).finish(audited),
    );
    const host = memoryHost();
    await expect(flow.start("it", { host, runId: "r" }).result).rejects.toThrow("no auditor");

    await expect((await host.retry(flow, "r")).result).rejects.toThrow("no auditor");
    await expect((await host.retry(flow, "r")).result).rejects.toThrow("no auditor");
  });

  it("P1: has what was collected again where no edge took it", async () => {
    let isHealed = false;
    const audit = runnable("audit", async (order: string) => `${order} was audited`);
    const auditing = background("auditing", audit);
    const audited = collect("audited", auditing);
    const end = runnable("end", (text: string) => text);
    const flow = orchestration<string, string>("f", (o) =>
      o
        .start(auditing)
        .advance(auditing, audited)
        .advance(audited, end, { when: () => isHealed })
        .finish(end),
    );
    const host = memoryHost();
    await expect(flow.start("it", { host, runId: "r" }).result).rejects.toMatchObject({
      code: "ORCH_NO_ADVANCE",
    });
    isHealed = true;

    expect(await (await host.retry(flow, "r")).result).toBe("it was audited");
  });
});
