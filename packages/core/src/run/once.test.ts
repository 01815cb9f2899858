import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { orchestration, type RunContext, type Runnable, runnable } from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

const retry = { attempts: 3, firstDelay: 10, jitter: false };

describe("ctx.once", () => {
  it("calls its function once over all attempts, and gives later ones what it gave", async () => {
    const clock = manualClock();
    let made = 0;
    const work = runnable({
      id: "work",
      retry,
      invoke: async (_: unknown, ctx) => {
        const order = await ctx.once("order", () => {
          made += 1;
          return `order ${made}`;
        });
        if (ctx.attempt < 3) throw new Error("not yet");
        return order;
      },
    });
    const result = alone(work).run(undefined, { clock });
    await clock.advance(100);

    expect(await result).toBe("order 1");
    expect(made).toBe(1);
  });

  it("lets calls at once share one", async () => {
    let made = 0;
    const work = runnable("work", async (_: unknown, ctx) => {
      const take = () =>
        ctx.once("ticket", async () => {
          made += 1;
          await Promise.resolve();
          return made;
        });
      return Promise.all([take(), take(), take()]);
    });

    expect(await alone(work).run(undefined)).toEqual([1, 1, 1]);
  });

  it("keeps undefined as it keeps any other value", async () => {
    let made = 0;
    const nothing = (ctx: RunContext) =>
      ctx.once("nothing", () => {
        made += 1;
      });
    const work = runnable("work", async (_: unknown, ctx) => [await nothing(ctx), await nothing(ctx)]);

    expect(await alone(work).run(undefined)).toEqual([undefined, undefined]);
    expect(made).toBe(1);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("down");
      },
    ],
    ["rejects", () => Promise.reject(new Error("down"))],
  ])("keeps nothing when its function %s, and calls it again", async (_what, fail) => {
    const clock = manualClock();
    let made = 0;
    const work = runnable({
      id: "work",
      retry,
      invoke: (_: unknown, ctx) =>
        ctx.once("order", () => {
          made += 1;
          return made < 3 ? fail() : made;
        }),
    });
    const result = alone(work).run(undefined, { clock });
    await clock.advance(100);

    expect(await result).toBe(3);
  });

  it("keeps by name, and for one visit", async () => {
    let made = 0;
    const next = (ctx: RunContext, name: string) => ctx.once(name, () => ++made);
    const work = runnable("work", async (seen: readonly number[], ctx) => [
      ...seen,
      await next(ctx, "a"),
      await next(ctx, "b"),
      await next(ctx, "a"),
    ]);
    const flow = orchestration("flow", (o) =>
      o
        .start(work)
        .advance(work, work, { when: (seen) => seen.length < 6 })
        .finish(work),
    );

    expect(await flow.run([])).toEqual([1, 2, 1, 3, 4, 3]);
  });
});
