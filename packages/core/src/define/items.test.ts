import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { wellFormed } from "../../test/well-formed.ts";
import { toText } from "../draw.ts";
import { DurableHost, memoryStore } from "../host.ts";
import { each, items, type OrchestrationEvent, orchestration, type Runnable, runnable } from "../index.ts";

const links = items<number>("links");
const alone = <TInput, TOutput>(only: Runnable<TInput, TOutput>) =>
  orchestration("flow", (o) => o.start(only).finish(only));

/** A branch that adds the half of each even number it is given. */
const halving = runnable("halving", async (n: number, ctx) => {
  if (n % 2 === 0 && n > 0) links.add(ctx, n / 2);
  return n;
});

describe("items that are added while a list runs", () => {
  it("run as branches of their own, until none is open and none was added", async () => {
    const flow = alone(each("grow", halving, { items: links }));
    const events: OrchestrationEvent[] = [];
    flow.on("*", (event) => void events.push(event));

    expect(await flow.run([8, 3])).toEqual([8, 3, 4, 2, 1]);
    expect(wellFormed(events)).toEqual([]);
    const begun = events.flatMap((event) => (event.type === "state.started" ? [event.path] : []));
    expect(begun.slice(1)).toEqual([0, 1, 2, 3, 4].map((slot) => `flow/grow#1[${slot}]/halving#1`));
  });

  it("begin while the state that added them goes on", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waits = runnable("waits", async (n: number, ctx) => {
      if (n > 0) {
        links.add(ctx, 0);
        await promise;
      } else resolve();
      return n;
    });
    expect(await alone(each("grow", waits, { items: links })).run([1])).toEqual([1, 0]);
  });

  it("are one item for one key, whoever adds them", async () => {
    const page = runnable("page", (n: number, ctx) => {
      for (const next of [1, 2, 3]) links.add(ctx, next, { key: `page ${next}` });
      return n;
    });
    expect(await alone(each("crawl", page, { items: links })).run([0])).toEqual([0, 1, 2, 3]);
  });

  it("are added once by a state that is tried again, and twice by one that adds two alike", async () => {
    const flaky = runnable({
      id: "flaky",
      retry: { attempts: 2, firstDelay: 0 },
      invoke: (n: number, ctx) => {
        if (n === 9) for (const next of [1, 1, 2]) links.add(ctx, next);
        if (ctx.attempt === 1 && n === 9) throw new Error("once more");
        return n;
      },
    });
    expect(await alone(each("grow", flaky, { items: links })).run([9])).toEqual([9, 1, 1, 2]);
  });

  it("are kept, and added once when the state that added them runs again after a restart", async () => {
    const clock = manualClock();
    const store = memoryStore();
    let calls = 0;
    const slow = runnable("slow", async (n: number, ctx) => {
      calls += 1;
      if (n === 5) {
        links.add(ctx, 6);
        await new Promise<void>((done, reject) => {
          const cancel = clock.after(100, done);
          ctx.signal.addEventListener("abort", () => {
            cancel();
            reject(ctx.signal.reason);
          });
        });
        links.add(ctx, 7);
      }
      return n;
    });
    const flow = alone(each("grow", slow, { items: links }));
    const first = flow.start([5], { host: new DurableHost(store, { clock }), runId: "r" });
    first.result.catch(() => {});
    await first.accepted;
    await clock.advance(50);
    await first.suspend();
    const again = await new DurableHost(store, { clock }).resume(flow, "r");
    await clock.runAll();

    expect(await again.result).toEqual([5, 6, 7]);
    expect(calls).toBe(4);
  });

  it("have a limit, beyond which the state that adds fails", async () => {
    const endless = runnable("endless", (n: number, ctx) => {
      links.add(ctx, n + 1);
      return n;
    });
    await expect(alone(each("grow", endless, { items: links, maxItems: 5 })).run([0])).rejects.toMatchObject({
      cause: { code: "ORCH_MAX_ITEMS", facts: { runnable: "grow", maxItems: 5 } },
    });
  });

  it("count for what is enough, and begin no more when it is", async () => {
    const grow = each("grow", halving, {
      items: links,
      enough: ({ values }) => values.includes(2),
      concurrency: 1,
    });
    expect(await alone(grow).run([8])).toEqual([8, 4, 2]);
  });

  it("go to the nearest list that takes them, through nested orchestrations", async () => {
    const inside = orchestration("inside", (o) => o.start(halving).finish(halving));
    const inner = each("inner", inside);
    const wrap = runnable("wrap", (n: number) => [n]);
    const both = orchestration("both", (o) => o.start(wrap).advance(wrap, inner).finish(inner));
    expect(await alone(each("outer", both, { items: links })).run([4])).toEqual([[4], [2], [1]]);
  });

  it("are refused where no list takes them, and after the state has ended", async () => {
    await expect(alone(each("other", halving)).run([2])).rejects.toThrow("no fan-out around it takes these");
    let late: (() => void) | undefined;
    const ends = runnable("ends", (n: number, ctx) => {
      late = () => links.add(ctx, 1);
      return n;
    });
    expect(await alone(each("grow", ends, { items: links })).run([3])).toEqual([3]);
    expect(late).toThrow("is over");
  });

  it("have to be kept like any value", async () => {
    const odd = items<unknown>("odd");
    const adds = runnable("adds", async (n: unknown, ctx) => {
      odd.add(ctx, new Map(), { key: "x" });
      return n;
    });
    const flow = alone(each("grow", adds, { items: odd }));
    const run = flow.start([1], { host: new DurableHost(memoryStore()), runId: "r" });
    await expect(run.result).rejects.toMatchObject({ cause: { code: "ORCH_NOT_SERIALIZABLE" } });
  });

  it("are drawn", () => {
    expect(toText(alone(each("grow", halving, { items: links })).graph)).toContain("[each, grows]");
    expect(() => alone(each("grow", halving, { items: links, maxItems: 0 }))).toThrow("maxItems");
  });
});
