import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { toText } from "../draw.ts";
import { DurableHost, memoryStore } from "../host.ts";
import {
  all,
  each,
  items,
  type OrchestrationEvent,
  orchestration,
  type Runnable,
  race,
  runnable,
} from "../index.ts";

const alone = <TInput, TOutput>(only: Runnable<TInput, TOutput>) =>
  orchestration("flow", (o) => o.start(only).finish(only));

/** A branch that takes as many milliseconds as it is told; it fails on odd numbers. */
const taking = (id: string, stopped: number[] = []) =>
  runnable(id, (ms: number, ctx) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const end = (): void => (ms % 2 === 1 ? reject(new Error(`${ms} is odd`)) : resolve(ms));
    const cancel = clock.after(ms, end);
    ctx.signal.addEventListener("abort", () => {
      cancel();
      stopped.push(ms);
      reject(ctx.signal.reason);
    });
    return promise;
  });

let clock = manualClock();

/** Runs it on its list, on a clock of its own. */
async function on<TInput, TOutput>(only: Runnable<TInput, TOutput>, input: TInput) {
  clock = manualClock();
  const events: OrchestrationEvent[] = [];
  const flow = alone(only);
  flow.on("*", (event) => void events.push(event));
  const run = flow.start(input, { clock });
  run.result.catch(() => {});
  await clock.runAll();
  return { result: run.result, events };
}

describe("joins", () => {
  it("a list completes with its first results, in the order they came, and stops the rest", async () => {
    const stopped: number[] = [];
    const { result } = await on(each("e", taking("b", stopped), { first: 2 }), [30, 10, 20, 40]);

    expect(await result).toEqual([10, 20]);
    expect(stopped).toEqual([30, 40]);
  });

  it("a branch that fails drops out, and too few left are a lost race that names them", async () => {
    const some = await on(each("e", taking("b"), { first: 2 }), [1, 20, 10]);
    expect(await some.result).toEqual([10, 20]);

    const lost = await on(each("e", taking("b"), { first: 2 }), [1, 20, 3]);
    await expect(lost.result).rejects.toMatchObject({
      code: "ORCH_RACE_LOST",
      facts: {
        wanted: 2,
        failures: [{ facts: { path: "flow/e#1[0]/b#1" } }, { facts: { path: "flow/e#1[2]/b#1" } }],
      },
    });
  });

  it("a list that is shorter than what it needs is lost at once", async () => {
    const { result } = await on(each("e", taking("b"), { first: 2 }), [4]);
    await expect(result).rejects.toThrow('"e" needed 2 values, and has one branch.');
    const empty = await on(race("r", taking("b")), []);
    await expect(empty.result).rejects.toMatchObject({ code: "ORCH_RACE_LOST" });
  });

  it("with settled a failure is one of the first results", async () => {
    const { result } = await on(each("e", taking("b"), { first: 2, settled: true }), [30, 1, 20]);
    expect(await result).toMatchObject([{ status: "failed" }, { value: 20 }]);
  });

  it("a race over a list gives the first value", async () => {
    const { result } = await on(race("r", taking("b")), [30, 10, 20]);
    expect(await result).toBe(10);
    const two = await on(race("r", taking("b"), { first: 2 }), [30, 10, 20]);
    expect(await two.result).toEqual([10, 20]);
  });

  it("all with first gives the results that came", async () => {
    const branches = { slow: taking("slow"), odd: taking("odd") };
    const { result } = await on(all("a", branches, { first: 1 }), 10);
    expect(await result).toEqual({ slow: 10 });
  });

  it("a function says when there is enough, of what has arrived", async () => {
    const seen: unknown[] = [];
    const enough = (progress: { values: readonly number[]; failures: readonly unknown[]; open: number }) => {
      seen.push([[...progress.values], progress.failures.length, progress.open]);
      return progress.values.reduce((a, b) => a + b, 0) >= 30;
    };
    const { result } = await on(each("e", taking("b"), { enough }), [10, 5, 20, 40]);

    expect(await result).toEqual([10, 20]);
    expect(seen).toEqual([
      [[], 1, 3],
      [[10], 1, 2],
      [[10, 20], 1, 1],
    ]);
  });

  it("is lost when nothing was enough; with settled it completes with all there is", async () => {
    const enough = (): boolean => false;
    const lost = await on(each("e", taking("b"), { enough }), [10, 1]);
    await expect(lost.result).rejects.toThrow("did not have enough when all of its branches had ended");
    const settled = await on(each("e", taking("b"), { enough, settled: true }), [10, 1]);
    expect(await settled.result).toMatchObject([{ status: "failed" }, { value: 10 }]);
  });

  it("asks once about an empty list", async () => {
    const { result } = await on(each("e", taking("b"), { enough: ({ open }) => open === 0 }), []);
    expect(await result).toEqual([]);
  });

  it("fails with what the function threw", async () => {
    const enough = (): boolean => {
      throw new Error("no idea");
    };
    const { result } = await on(each("e", taking("b"), { enough }), [10, 20]);
    await expect(result).rejects.toThrow("The option enough");
  });

  it("is refused with first and enough, or with half a result", () => {
    expect(() => alone(each("e", taking("b"), { first: 1, enough: () => true }))).toThrow(
      "Give first or enough",
    );
    expect(() => alone(each("e", taking("b"), { first: 1.5 }))).toThrow("first");
    expect(() => alone(each("e", taking("b"), { follow: taking("b") }))).toThrow(
      'What follows "b" has its id',
    );
  });
});

describe("follow", () => {
  it("takes the results one by one as they come, while others work", async () => {
    let working = 0;
    let most = 0;
    const seen: number[] = [];
    const follow = runnable("digest", async (value: number) => {
      working += 1;
      most = Math.max(most, working);
      seen.push(value);
      await new Promise<void>((resolve) => clock.after(15, resolve));
      working -= 1;
      return `${value}!`;
    });
    const { result, events } = await on(each("e", taking("b"), { follow }), [30, 10, 20, 2]);

    expect(await result).toEqual(["30!", "10!", "20!", "2!"]);
    expect(seen).toEqual([2, 10, 20, 30]);
    expect(most).toBe(1);
    const paths = events.filter(({ type }) => type === "state.started").map(({ path }) => path);
    expect(paths).toContain("flow/e#1[3]/digest#1");
  });

  it("takes a place like a branch, and goes before the next branch", async () => {
    const order: string[] = [];
    const branch = runnable("b", (value: number) => Number(order.push(`b${value}`)) && value);
    const follow = runnable("f", (value: number) => Number(order.push(`f${value}`)) && value);
    const { result } = await on(each("e", branch, { follow, concurrency: 1 }), [1, 2]);

    expect(await result).toEqual([1, 2]);
    expect(order).toEqual(["b1", "f1", "b2", "f2"]);
  });

  it("counts what it gave as the result: for first, and for a failure", async () => {
    const follow = taking("f");
    const branch = runnable("b", (value: number) => value);
    const first = await on(each("e", branch, { follow, first: 1 }), [3, 4]);
    expect(await first.result).toEqual([4]);
    const failing = await on(each("e", branch, { follow }), [3, 4]);
    await expect(failing.result).rejects.toThrow("3 is odd");
    const settled = await on(each("e", branch, { follow, settled: true }), [3, 4]);
    expect(await settled.result).toMatchObject([{ status: "failed" }, { status: "completed", value: 4 }]);
  });
});

describe("a retry", () => {
  it("goes on with the results that waited to be taken, and takes none twice", async () => {
    let broken = true;
    const taken: number[] = [];
    const follow = runnable("digest", async (value: number) => {
      if (broken && value === 2) throw new Error("broken");
      taken.push(value);
      return value * 10;
    });
    const branch = runnable("b", async (value: number) => value);
    for (const settled of [false, true] as const) {
      broken = true;
      taken.length = 0;
      const fan: Runnable<readonly number[], readonly unknown[]> = settled
        ? each("e", branch, { follow, settled })
        : each("e", branch, { follow });
      const check = runnable("check", (ends: readonly unknown[]) => {
        if (broken) throw new Error("not yet");
        return ends;
      });
      const flow = orchestration("flow", (o) => o.start(fan).advance(fan, check).finish(check));
      const host = new DurableHost(memoryStore());
      await expect(flow.run([1, 2, 3], { host, runId: "r" })).rejects.toThrow();
      broken = false;
      const ends = await (await host.retry(flow, "r")).result;
      // Where a failure is a result, the fan-out has completed with it.
      if (settled) expect(ends).toMatchObject([{ value: 10 }, { status: "failed" }, { value: 30 }]);
      else expect(ends).toEqual([10, 20, 30]);
      expect(taken.filter((value) => value === 1)).toHaveLength(1);
      expect(new Set(taken).size).toBe(taken.length);
    }
  });

  it("begins again a branch beside what takes the result of another", async () => {
    let broken = true;
    const begun: string[] = [];
    const isUnderWay = Promise.withResolvers<void>();
    const begins = async (name: string, signal: AbortSignal): Promise<void> => {
      if (begun.push(name) === 4) isUnderWay.resolve();
      if (!broken || name === "b1" || name === "b2") return;
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const branch = runnable("b", async (value: number, ctx) => {
      await begins(`b${value}`, ctx.signal);
      return value;
    });
    const follow = runnable("f", async (value: number, ctx) => {
      await begins(`f${value}`, ctx.signal);
      return value * 10;
    });
    const beside = runnable("beside", async () => {
      await isUnderWay.promise;
      if (broken) throw new Error("broken");
    });
    const flow = alone(all("both", { list: each("e", branch, { follow, concurrency: 2 }), beside }));
    const host = new DurableHost(memoryStore());
    await expect(flow.run([1, 2, 3], { host, runId: "r" })).rejects.toThrow("broken");
    expect(begun.splice(0).toSorted()).toEqual(["b1", "b2", "b3", "f1"]);
    broken = false;
    expect(await (await host.retry(flow, "r")).result).toMatchObject({ list: [10, 20, 30] });
    expect(begun.toSorted()).toEqual(["b3", "f1", "f2", "f3"]);
  });

  it("goes on with a list that grew, whose items are added once", async () => {
    let broken = true;
    const links = items<number>("links");
    const visit = runnable("visit", async (value: number, ctx) => {
      if (value < 3) links.add(ctx, value + 1);
      if (broken && value === 3) throw new Error("broken");
      return value;
    });
    const fan = each("e", visit, { items: links });
    const flow = alone(fan);
    const host = new DurableHost(memoryStore());
    await expect(flow.run([1], { host, runId: "r" })).rejects.toThrow("broken");
    broken = false;
    expect(await (await host.retry(flow, "r")).result).toEqual([1, 2, 3]);
  });
});

it("a drawing says when there is enough, and what follows", () => {
  const drawn = alone(
    each("e", taking("b"), { enough: () => true, follow: taking("digest"), concurrency: 2 }),
  );
  const text = toText(drawn.graph);
  expect(text).toContain("[each, until enough]");
  expect(text).toMatch(/then each result.*digest/);
  expect(toText(alone(each("e", taking("b"), { first: 2 })).graph)).toContain("[each, first 2]");
});
