import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  all,
  each,
  orchestration,
  type RunContext,
  type Runnable,
  race,
  runnable,
  sharedState,
} from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

const memory = sharedState("memory", {
  language: { start: "en" },
  notes: { start: [] as readonly string[], reduce: (all, more) => [...all, ...more] },
  count: { start: 0, schema: z.number().int(), reduce: (sum, more) => sum + more },
});

const read = runnable("read", (_: unknown, ctx) => {
  const { get } = ctx.state(memory);
  return { language: get("language"), notes: get("notes"), count: get("count") };
});
const note = (ctx: RunContext, text: string): void => ctx.state(memory).add("notes", [text]);

describe("shared state", () => {
  it("starts as declared in every run, and is read by later states as it was written", async () => {
    const write = runnable("write", (language: string, ctx) => ctx.state(memory).set("language", language));
    const flow = orchestration("flow", (o) => o.start(write).advance(write, read).finish(read));
    const first = runnable("first", read.invoke);

    expect(await flow.run("de")).toEqual({ language: "de", notes: [], count: 0 });
    expect(await alone(first).run(undefined)).toMatchObject({ language: "en" });
  });

  it("shows a runnable its own writes before they count, in their order", async () => {
    const work = runnable("work", (_: unknown, ctx) => {
      const { get, set, add } = ctx.state(memory);
      set("language", "fr");
      add("count", 2);
      add("count", 3);
      return [get("language"), get("count"), ctx.state(memory).get("count")];
    });

    expect(await alone(work).run(undefined)).toEqual(["fr", 5, 5]);
  });

  it("adds to what was read in between, and to what was set by force", async () => {
    const add = runnable("add", (n: number, ctx) => {
      const before = ctx.state(memory).get("count");
      ctx.state(memory).add("count", n);
      return before + 1;
    });
    const flow = orchestration("flow", (o) =>
      o
        .start(add)
        .advance(add, add, { when: (n) => n < 4 })
        .advance(add, read)
        .finish(read),
    );
    // A caller without types may add where there is no reducer: the last value stays.
    const untyped = runnable("untyped", (_: unknown, ctx) => {
      const view = ctx.state(memory) as unknown as { add(key: string, value: unknown): void };
      view.add("language", "a");
      view.add("language", "b");
      return ctx.state(memory).get("language");
    });
    const after = orchestration("after", (o) => o.start(untyped).advance(untyped, read).finish(read));

    expect(await flow.run(1)).toMatchObject({ count: 7 });
    expect(await alone(untyped).run(undefined)).toBe("b");
    expect(await after.run(undefined)).toMatchObject({ language: "b" });
  });

  it("keeps two declarations apart, by id", async () => {
    const other = sharedState("other", { language: { start: "none" } });
    const work = runnable("work", (_: unknown, ctx) => {
      ctx.state(memory).set("language", "it");
      return ctx.state(other).get("language");
    });

    expect(await alone(work).run(undefined)).toBe("none");
  });

  it("hides what a runnable wrote until it completes", async () => {
    const door = Promise.withResolvers<void>();
    const seen: string[] = [];
    const writer = runnable("writer", async (_: unknown, ctx) => {
      ctx.state(memory).set("language", "es");
      await door.promise;
    });
    const reader = runnable("reader", (_: unknown, ctx) => {
      seen.push(ctx.state(memory).get("language"));
      door.resolve();
    });
    const fan = all("fan", { writer, reader });
    const last = runnable("last", (_: unknown, ctx) => {
      seen.push(ctx.state(memory).get("language"));
    });
    await orchestration("flow", (o) => o.start(fan).advance(fan, last).finish(last)).run(undefined);

    expect(seen).toEqual(["en", "es"]);
  });

  it("drops what a failed attempt wrote, and what a failed runnable wrote", async () => {
    const clock = manualClock();
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: 10, jitter: false },
      invoke: (_: unknown, ctx) => {
        note(ctx, `attempt ${ctx.attempt}`);
        if (ctx.attempt === 1) throw new Error("no");
      },
    });
    const broken = runnable("broken", (_: unknown, ctx) => {
      note(ctx, "broken");
      throw new Error("no");
    });
    const flow = orchestration("flow", (o) =>
      o
        .start(flaky)
        .advance(flaky, broken)
        .catch(broken, read, { convert: () => undefined })
        .advance(broken, read)
        .finish(read),
    );
    const result = flow.run(undefined, { clock });
    await clock.advance(20);

    expect(await result).toMatchObject({ notes: ["attempt 2"] });
  });

  it("drops what an attempt writes after it was given up", async () => {
    const clock = manualClock();
    const late = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const slow = runnable({
      id: "slow",
      timeout: 100,
      retry: { attempts: 2, firstDelay: 10, jitter: false },
      invoke: async (_: unknown, ctx) => {
        const view = ctx.state(memory);
        if (ctx.attempt === 1) {
          await late.promise;
          expect(() => view.add("notes", ["through an old view"])).toThrow("took longer than");
          expect(() => note(ctx, "through a new view")).toThrow("took longer than");
          done.resolve();
          return;
        }
        late.resolve();
        await done.promise;
        note(ctx, "second");
      },
    });
    const flow = orchestration("flow", (o) => o.start(slow).advance(slow, read).finish(read));
    const result = flow.run(undefined, { clock });
    await clock.advance(120);

    expect(await result).toMatchObject({ notes: ["second"] });
  });

  it("refuses a write that does not fit its schema, as a failed attempt", async () => {
    const clock = manualClock();
    const work = runnable({
      id: "work",
      retry: { attempts: 2, firstDelay: 1, jitter: false },
      invoke: (_: unknown, ctx) => ctx.state(memory).add("count", ctx.attempt === 1 ? 0.5 : 2),
    });
    const flow = orchestration("flow", (o) => o.start(work).advance(work, read).finish(read));
    const result = flow.run(undefined, { clock });
    await clock.advance(1);

    expect(await result).toMatchObject({ count: 2 });
    const once = runnable("once", (_: unknown, ctx) => ctx.state(memory).add("count", 0.5));
    await expect(alone(once).run(undefined)).rejects.toMatchObject({
      cause: { code: "ORCH_INVALID_STATE", facts: { state: "memory", key: "count" } },
    });
  });

  it("refuses a schema that does not answer at once", async () => {
    const slow = sharedState("slow", { text: { start: "", schema: z.string().refine(async () => true) } });
    const work = runnable("work", (_: unknown, ctx) => ctx.state(slow).set("text", "x"));

    await expect(alone(work).run(undefined)).rejects.toThrow(/answer at once|async/i);
  });

  it("fails with the reducer that throws when somebody reads", async () => {
    const bad = sharedState("bad", {
      total: {
        start: 0,
        reduce: (): number => {
          throw new Error("cannot add");
        },
      },
    });
    const write = runnable("write", (_: unknown, ctx) => ctx.state(bad).add("total", 1));
    const look = runnable("look", (_: unknown, ctx) => ctx.state(bad).get("total"));
    const flow = orchestration("flow", (o) => o.start(write).advance(write, look).finish(look));

    await expect(flow.run(undefined)).rejects.toMatchObject({ facts: { runnable: "look" } });
  });
});

describe("branches side by side", () => {
  const set = runnable("set", (language: string, ctx) => ctx.state(memory).set("language", language));

  it("fail when two set one value, and name both", async () => {
    await expect(alone(each("fan", set)).run(["a", "b"])).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: {
        code: "ORCH_STATE_CONFLICT",
        facts: {
          state: "memory",
          key: "language",
          path: "flow/fan#1[1]/set#1",
          other: "flow/fan#1[0]/set#1",
        },
      },
    });
  });

  it("fail although one ended before the other began, so that chance has no say", async () => {
    await expect(alone(each("fan", set, { concurrency: 1 })).run(["a", "b"])).rejects.toMatchObject({
      cause: { code: "ORCH_STATE_CONFLICT" },
    });
  });

  it("fail also when the writes are deep inside them", async () => {
    const inner = orchestration("inner", (o) => o.start(set).finish(set));
    const nested = all("nested", { one: inner });

    await expect(alone(each("fan", nested)).run(["a", "b"])).rejects.toMatchObject({
      cause: { code: "ORCH_STATE_CONFLICT" },
    });
  });

  it("take none of the writes of the one that failed", async () => {
    const mixed = runnable("mixed", (text: string, ctx) => {
      note(ctx, text);
      ctx.state(memory).set("language", text);
    });
    const fan = each("fan", mixed, { settled: true });
    const flow = orchestration("flow", (o) => o.start(fan).advance(fan, read).finish(read));

    expect(await flow.run(["a", "b", "c"])).toEqual({ language: "a", notes: ["a"], count: 0 });
  });

  it("add to a value that has a reduce, in the order they complete", async () => {
    const add = runnable("add", async (n: number, ctx) => {
      for (let tick = 0; tick < 10 - n; tick++) await Promise.resolve();
      ctx.state(memory).add("count", n);
      note(ctx, `${n}`);
    });
    const fan = each("fan", add);
    const flow = orchestration("flow", (o) => o.start(fan).advance(fan, read).finish(read));

    expect(await flow.run([1, 2, 3])).toMatchObject({ count: 6, notes: ["3", "2", "1"] });
  });

  it("may each be followed by a state that sets the value, and a fan-out may be entered again", async () => {
    const one = all("one", { only: set });
    const again = runnable("again", (_: unknown) => "second");
    const flow = orchestration("flow", (o) =>
      o
        .start(one)
        .advance(one, again, { when: (_): boolean => true })
        .advance(one, read)
        .advance(again, set)
        .advance(set, read)
        .finish(read),
    );
    let rounds = 0;
    const fan = each("fan", set);
    const twice = orchestration("twice", (o) =>
      o
        .start(fan)
        .advance(fan, fan, { when: () => rounds++ < 2, convert: () => ["x"] })
        .advance(fan, read)
        .finish(read),
    );

    expect(await flow.run("first")).toMatchObject({ language: "second" });
    expect(await twice.run(["a"])).toMatchObject({ language: "x" });
  });

  it("drop what the loser of a race wrote", async () => {
    const slow = runnable("slow", async (_: unknown, ctx) => {
      note(ctx, "slow");
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
    });
    const quick = runnable("quick", (_: unknown, ctx) => note(ctx, "quick"));
    const pick = race("pick", { slow, quick });
    const flow = orchestration("flow", (o) => o.start(pick).advance(pick, read).finish(read));

    expect(await flow.run(undefined)).toMatchObject({ notes: ["quick"] });
  });
});
