/** Rule 12 of the issue of kept runs: any process follows and steers a run, with its code or without. */

import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DurableHost, type JournalStore, memoryStore } from "../../src/host.ts";
import {
  all,
  choose,
  circuit,
  each,
  FatalError,
  type OrchestrationEvent,
  orchestration,
  question,
  race,
  runnable,
  type Schema,
  sleep,
} from "../../src/index.ts";
import { sampleFlows } from "../sample-flows.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function eventsOf(events: AsyncIterable<OrchestrationEvent>): Promise<OrchestrationEvent[]> {
  const all: OrchestrationEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Two hosts on one store, as two processes: the second has none of the code. */
function places(store: JournalStore = memoryStore()) {
  return { worker: new DurableHost(store), reader: new DurableHost(store) };
}

const approve = question("approve", { ask: (text: string) => `Pay for ${text}?`, answer: z.boolean() });
const pay = runnable("pay", (yes: boolean) => (yes ? "paid" : "not paid"));
const asking = orchestration("asking", (o) => o.start(approve).advance(approve, pay).finish(pay));

describe("host.run without the orchestration", () => {
  it("describes a run, lists its questions and tells its events", async () => {
    const { worker, reader } = places();
    const run = asking.start("shoes", { host: worker, runId: "r" });
    await turn();
    const seen = reader.run("r");

    expect(await seen.status()).toBe("waiting");
    expect(await seen.describe()).toEqual(await worker.describe(asking, "r"));
    expect(await seen.questions()).toMatchObject([{ id: "asking/approve#1", prompt: "Pay for shoes?" }]);
    const following = eventsOf(seen.events());
    await run.answer("asking/approve#1", true);
    await run.result;

    expect(await following).toEqual(await worker.events(asking, "r"));
    expect(await seen.result).toBe("paid");
    expect(await seen.status()).toBe("completed");
  });

  it("goes on from a number, and stops when its signal is aborted", async () => {
    const { worker, reader } = places();
    asking.start("shoes", { host: worker, runId: "r" });
    await turn();
    const leaving = new AbortController();
    const told: number[] = [];
    for await (const { seq, type } of reader.run("r").events({ from: 2, signal: leaving.signal })) {
      told.push(seq);
      if (type === "run.waiting") leaving.abort();
    }

    expect(told[0]).toBe(2);
    expect(told).toEqual(told.map((_, index) => index + 2));
    await worker.close();
  });

  it("cancels a run that no process drives, and lets the driver judge an answer", async () => {
    const { worker, reader } = places();
    const run = asking.start("shoes", { host: worker, runId: "r" });
    await turn();
    const other = reader.run("r");
    await expect(other.answer("asking/approve#1", "yes")).rejects.toMatchObject({
      code: "ORCH_INVALID_ANSWER",
    });
    await run.suspend();
    await expect(other.answer("asking/approve#1", true)).rejects.toMatchObject({ code: "ORCH_RUN_STATE" });
    await other.cancel("enough");

    expect(await other.status()).toBe("cancelled");
    await expect(other.result).rejects.toMatchObject({ code: "ORCH_CANCELLED", facts: { reason: "enough" } });
  });

  it("reads composites of every kind, also a choice of a composite that was made on the way", async () => {
    const double = runnable("double", (n: number) => n * 2);
    const inner = orchestration("inner", (o) => o.start(double).finish(double), {
      deadline: 1_000,
      maxSteps: 5,
    });
    const pick = choose("pick", (n: number) =>
      n > 1 ? (each("many", double, { concurrency: 1 }) as never) : inner,
    );
    const both = all("both", { odd: double, "2": inner }, { when: { odd: (n) => n > 1 }, concurrency: 1 });
    const either = race("either", { inner, nap: sleep<number>("nap", 10_000) });
    const gone = runnable("gone", (_: unknown): number => {
      throw new Error("gone");
    });
    const rescue = runnable("rescue", () => 3);
    const items = runnable("items", (_: unknown) => [1, 2, 3]);
    const flow = orchestration("flow", (o) =>
      o
        .start(both)
        .advance(both, either, { convert: () => 1 })
        .advance(either, gone)
        .catch(gone, rescue, { when: () => true, label: "again" })
        .advance(rescue, pick)
        .advance(pick, items)
        .finish(items, gone),
    );
    const { worker, reader } = places();
    await flow.run(1, { host: worker, runId: "plain" }).catch(() => {});

    for (const id of ["plain"]) {
      expect(await eventsOf(reader.run(id).events())).toEqual(await worker.events(flow, id));
      expect(await reader.run(id).describe()).toEqual(await worker.describe(flow, id));
    }
  });

  it("reads every sample orchestration as its code does", async () => {
    const clock = manualClock();
    for (const [name, flow] of Object.entries(sampleFlows(clock))) {
      const store = memoryStore();
      const [worker, reader] = [new DurableHost(store, { clock }), new DurableHost(store, { clock })];
      const run = flow.start(2, { host: worker, runId: name });
      await turn();
      for (let step = 0; step < 40; step++) {
        const seen = await reader.run(name).describe();
        expect(seen, name).toEqual(await new DurableHost(store, { clock }).run(name, flow).describe());
        if (!["running", "waiting"].includes(seen.status)) break;
        for (const { id } of run.questions) await run.answer(id, 1).catch(() => {});
        await clock.advance(5);
      }
      expect(await reader.run(name).describe(), name).toEqual(await reader.run(name, flow).describe());
      await worker.close();
    }
  });

  it("reads a run whose circuit is open, and offers its choices", async () => {
    const { worker, reader } = places();
    let isBroke = true;
    const call = runnable("call", async (n: number) => {
      if (isBroke) throw new FatalError("no quota");
      return n;
    });
    const calls = each("calls", call, { settled: true });
    const flow = orchestration("flow", (o) => o.start(calls).finish(calls), {
      onTerminal: circuit({ choices: { again: "go-on", enough: "stop" } }),
    });
    const run = flow.start([1, 2, 3], { host: worker, runId: "r" });
    for await (const { type } of run.events()) if (type === "run.waiting") break;
    const seen = reader.run("r");

    expect(await seen.describe()).toEqual(await reader.run("r", flow).describe());
    const [asked] = await seen.questions();
    expect(asked).toMatchObject({ prompt: { choices: ["again", "enough"] } });
    isBroke = false;
    await seen.answer(asked!.id, "again");
    await run.result;

    expect(await eventsOf(seen.events())).toEqual(await worker.events(flow, "r"));
  });

  it("says what is missing for a run of a store that keeps no graphs, and reads it with the code", async () => {
    const { putGraph: _put, graph: _graph, ...rest } = memoryStore();
    const { worker, reader } = places(rest);
    await asking.start("x", { host: worker, runId: "r" }).cancel();

    await expect(reader.run("r").describe()).rejects.toMatchObject({
      code: "ORCH_RUN_STATE",
      message: expect.stringContaining("host.run(id, orchestration)"),
    });
    expect(await reader.run("r", asking).describe()).toMatchObject({ status: "cancelled" });
    await expect(reader.run("nobody").describe()).rejects.toMatchObject({ code: "ORCH_UNKNOWN_RUN" });
  });
});

describe("host.list", () => {
  it("tells what each run cost and how long it took, page by page, also while new runs start", async () => {
    const clock = manualClock();
    const host = new DurableHost(memoryStore(), { clock });
    const spend = runnable("spend", async (_: number, ctx) => {
      ctx.spend({ inputTokens: 10, outputTokens: 5, cost: 0.25 });
      await new Promise<void>((resolve) => clock.after(20, resolve));
    });
    const flow = orchestration("flow", (o) => o.start(spend).finish(spend));
    for (const id of ["a", "b", "c"]) {
      const run = flow.start(1, { host, runId: id });
      await clock.advance(20);
      await run.result;
    }

    expect(await host.list({ limit: 2 })).toMatchObject([
      { runId: "c", tokens: 15, cost: 0.25, duration: 20, status: "completed" },
      { runId: "b", tokens: 15, cost: 0.25, duration: 20 },
    ]);
    void flow.start(1, { host, runId: "d" });
    await turn();
    expect(await host.list({ limit: 2, after: "b" })).toMatchObject([{ runId: "a" }]);
    await expect(host.list({ after: "gone" })).rejects.toMatchObject({ code: "ORCH_OPTION" });
    await expect(host.list({ limit: -1 })).rejects.toMatchObject({ code: "ORCH_OPTION" });
    await host.close();
  });
});

describe("host.watch", () => {
  it("tells of open runs, and of every run that starts, waits, goes on and ends, from another host", async () => {
    const store = memoryStore();
    const clock = manualClock();
    const [worker, watcher] = [new DurableHost(store, { clock }), new DurableHost(store, { clock })];
    const first = asking.start("shoes", { host: worker, runId: "first" });
    await turn();
    const leaving = new AbortController();
    const told: string[] = [];
    const watching = (async () => {
      for await (const { change, run } of watcher.watch({ signal: leaving.signal }))
        told.push(`${run.runId} ${change}`);
    })();
    await clock.advance(100);
    const quick = runnable("quick", (n: number) => n);
    await orchestration("short", (o) => o.start(quick).finish(quick)).run(1, {
      host: worker,
      runId: "short",
    });
    await clock.advance(100);
    await first.answer("asking/approve#1", true);
    await first.result;
    await clock.advance(100);
    leaving.abort();
    await watching;

    expect(told).toEqual(["first started", "first waiting", "short started", "short ended", "first ended"]);
    expect(clock.pending()).toBe(0);
  });
});

describe("an open question", () => {
  const order = z.object({ size: z.number().int(), gift: z.boolean().optional() });
  const pick = question("pick", { ask: "Which?", answer: order });
  const asks = runnable("asks", (_: unknown, ctx) => ctx.ask({ prompt: "Which?", answer: order }));
  const opaque = question("opaque", { ask: "?", answer: z.string().transform((text) => text.length) });
  const flow = orchestration("flow", (o) => {
    const fan = all("fan", { pick, asks, opaque });
    return o.start(fan).finish(fan);
  });

  it("carries the JSON schema of its answer, in memory, on a durable host and for a process without the code", async () => {
    const { worker, reader } = places();
    const shown = {
      type: "object",
      properties: { size: { type: "integer" }, gift: { type: "boolean" } },
      required: ["size"],
    };
    const inMemory = flow.start(null);
    const kept = flow.start(null, { host: worker, runId: "r" });
    await turn();

    for (const questions of [inMemory.questions, kept.questions, await reader.run("r").questions()]) {
      const schemas = questions.map(({ schema }) => schema);
      expect(schemas.filter((schema) => schema?.["type"] === "object")).toMatchObject([shown, shown]);
      // What goes in is a text, whatever becomes of it.
      expect(schemas.find((schema) => schema?.["type"] === "string")).toBeDefined();
    }
    await kept.suspend();
    expect((await reader.run("r").questions()).filter(({ schema }) => schema !== undefined)).toHaveLength(3);
    await inMemory.cancel();
  });

  it("has none where the library gives none", async () => {
    const anything: Schema<unknown> = {
      "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
    };
    const bare = question("bare", { ask: "?", answer: anything });
    const run = orchestration("bare-flow", (o) => o.start(bare).finish(bare)).start(null);
    await turn();

    expect(Object.keys(run.questions[0]!)).toEqual(["id", "path", "prompt", "askedAt"]);
    await run.cancel();
  });
});

it("refuses a reason that is no text and a number of an event that is none, wherever they are given", async () => {
  const { worker, reader } = places();
  const run = asking.start("shoes", { host: worker, runId: "r" });
  await turn();
  const refused = { code: "ORCH_OPTION" };
  for (const reason of [5, null, { why: "x" }] as unknown as string[]) {
    await expect(run.cancel(reason)).rejects.toMatchObject(refused);
    await expect(worker.cancel(asking, "r", reason)).rejects.toMatchObject(refused);
    await expect(reader.run("r").cancel(reason)).rejects.toMatchObject(refused);
  }
  for (const from of [Number.NaN, -1, "2" as unknown as number]) {
    expect(() => run.events({ from })).toThrow(expect.objectContaining(refused));
    await expect(reader.run("r").events({ from }).next()).rejects.toMatchObject(refused);
  }
  expect(run.status).toBe("waiting");
  await run.cancel("enough");
});
