import { circuit, each, items, orchestration, question, runnable, sleep } from "@orch/core";
import { openMachine, performOperation } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { hostConformance } from "@orch/testing/conformance";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ArrayHost } from "./array-host.ts";
import { arraysUnderTest } from "./arrays-under-test.ts";

describe("a host on an array", () => {
  hostConformance(() => arraysUnderTest(), { crashes: 2 });
});

describe("a host on an array whose attempts are performed elsewhere", () => {
  hostConformance(
    () =>
      arraysUnderTest({
        perform: async (operation, flow) => {
          const outcome = await performOperation(flow, JSON.parse(JSON.stringify(operation)));
          return JSON.parse(JSON.stringify(outcome));
        },
      }),
    { crashes: 2 },
  );
});

describe("a run of such a host", () => {
  const plan = runnable("plan", (topic: string, ctx) => {
    ctx.spend({ inputTokens: 3, cost: 0.5 });
    return `${topic}?`;
  });
  const ask = question("ask", { ask: (text: string) => ({ text }), answer: z.enum(["yes", "no"]) });
  const nap = sleep<"yes" | "no">("nap", 1_000);
  const flow = orchestration("flow", (o) => o.start(plan).advance(plan, ask).advance(ask, nap).finish(nap));
  const id = "flow/ask#1";

  it("is described, answered and followed as one in memory is", async () => {
    const clock = manualClock();
    const arrays = new Map<string, string[]>();
    const host = new ArrayHost({ arrays, clock });
    const here = flow.start("x", { host, runId: "r" });
    const inMemory = flow.start("x", { clock, runId: "r" });
    await clock.advance(0);
    expect(here.status).toBe("waiting");
    expect(here.describe()).toEqual(inMemory.describe());
    expect(here.questions).toEqual(inMemory.questions);

    await expect(here.answer(id, "perhaps")).rejects.toMatchObject({ code: "ORCH_INVALID_ANSWER" });
    await here.answer(id, "yes");
    await expect(here.answer(id, "no")).rejects.toMatchObject({ code: "ORCH_ALREADY_ANSWERED" });
    await expect(here.answer("flow/other", "no")).rejects.toMatchObject({ code: "ORCH_UNKNOWN_QUESTION" });
    await inMemory.answer(id, "yes");
    await clock.advance(0);
    expect(here.describe()).toEqual(inMemory.describe());

    const followed = host.follow(flow as never, "r");
    await clock.advance(1_000);
    expect([await here.result, await followed.result, await inMemory.result]).toEqual(["yes", "yes", "yes"]);
    const numbers: number[] = [];
    for await (const { seq } of followed.events()) numbers.push(seq);
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
    await expect(flow.run("x", { host, runId: "r" })).rejects.toMatchObject({ code: "ORCH_RUN_EXISTS" });
  });

  it("is cancelled by its signal, also by one that was aborted before", async () => {
    const clock = manualClock();
    const host = new ArrayHost({ arrays: new Map(), clock });
    const controller = new AbortController();
    const run = flow.start("x", { host, signal: controller.signal });
    await clock.advance(0);
    controller.abort(new Error("enough"));
    await clock.advance(2_000);
    await expect(run.result).rejects.toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: "enough" } });
    await expect(run.answer(id, "late")).rejects.toMatchObject({
      code: "ORCH_QUESTION_CLOSED",
      facts: { by: "cancelled", reason: "enough" },
    });
    const never = flow.start("x", { host, signal: controller.signal });
    await clock.advance(2_000);
    await expect(never.result).rejects.toMatchObject({ code: "ORCH_CANCELLED" });
  });

  it("point 7, further: is refused by name when its definition has a circuit, which this host does not keep", async () => {
    const asks = orchestration("asks", (o) => o.start(plan).finish(plan), { onTerminal: circuit() });
    const host = new ArrayHost({ arrays: new Map(), clock: manualClock() });
    expect(() => asks.start("x", { host })).toThrow('The option onTerminal of "asks"');
    expect(() => openMachine(asks, "x", { runId: "r" })).toThrow('The option onTerminal of "asks"');
  });

  it("point 8, further: is refused by name when its states add items, which its attempts cannot", async () => {
    const links = items<string>("links");
    const visit = runnable("visit", (url: string, ctx) => links.add(ctx, url));
    const crawl = each("crawl", visit, { items: links });
    const crawls = orchestration("crawls", (o) => o.start(crawl).finish(crawl));
    const around = orchestration("around", (o) => o.start(crawls).finish(crawls));
    const host = new ArrayHost({ arrays: new Map(), clock: manualClock() });
    expect(() => around.start(["x"], { host })).toThrow('The option items of "crawl" is "links"');
    expect(() => openMachine(around, ["x"], { runId: "r" })).toThrow('The option items of "crawl"');
  });
});
