import { each, items, orchestration, runnable } from "@orch/core";
import { DurableHost, memoryHost, memoryStore } from "@orch/core/host";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const number = z.number();

describe("E25: lists that grow, and results that are taken as they come", () => {
  it("a fork may give the output of what takes a result", async () => {
    const branch = runnable("branch", (n: number) => n + 1);
    const after = runnable("after", (n: number) => n * 10);
    const fan = each("fan", branch, { follow: after, concurrency: 1 });
    const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
    const host = memoryHost();

    expect(await flow.run([1, 2], { host, runId: "r" })).toEqual([20, 30]);
    const fork = await host.fork(flow, "r", { after: "flow/fan#1[0]/after#1", output: 7 });
    expect(await fork.result).toEqual([7, 30]);
  });

  it("a branch that asks a person gives its place to what takes the result of another, and to an added item", async () => {
    const more = items<number>("more");
    const begun: string[] = [];
    const ask = runnable("ask", async (n: number, ctx) => {
      const said = await ctx.ask({ prompt: n, answer: number });
      if (n === 1) more.add(ctx, 3);
      return said;
    });
    const after = runnable("after", (n: number, ctx) => {
      begun.push(ctx.path);
      return n;
    });
    const fan = each("fan", ask, { items: more, follow: after, concurrency: 1 });
    const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
    const run = flow.start([1, 2]);
    for await (const event of run.events()) {
      if (event.type === "question.asked" && event.prompt === 1) await run.answer(event.question, 10);
      // The second branch still asks.
      if (event.type === "question.asked" && event.prompt === 3) await run.answer(event.question, 30);
      if (event.type === "state.completed" && event.path === "flow/fan#1[2]/after#1") break;
    }

    expect(begun).toEqual(["flow/fan#1[0]/after#1", "flow/fan#1[2]/after#1"]);
    await run.answer(run.questions[0]!.id, 20);
    expect(await run.result).toEqual([10, 20, 30]);
  });

  it("a fork of a state that adds items begins without them", async () => {
    const more = items<number>("more");
    const visit = runnable("visit", (n: number, ctx) => {
      if (n < 10) for (const by of [10, 20]) more.add(ctx, n + by);
      return n;
    });
    const beside = runnable("beside", (n: number) => n);
    const branch = orchestration("branch", (o) => o.start(visit).advance(visit, beside).finish(beside));
    const fan = each("fan", branch, { items: more });
    const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
    const host = new DurableHost(memoryStore());
    expect(await flow.run([1], { host, runId: "r" })).toEqual([1, 11, 21]);

    const at = "flow/fan#1[0]/branch#1/visit#1";
    const other = await host.fork(flow, "r", { before: at, input: 2 });
    expect(await other.result).toEqual([2, 12, 22]);
    const none = await host.fork(flow, "r", { after: at, output: 5 });
    expect(await none.result).toEqual([5]);
    // What it added before it ended stays, where it stays.
    const same = await host.fork(flow, "r", { after: at });
    expect(await same.result).toEqual([1, 11, 21]);
  });
});
