import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { all, each, type OrchestrationEvent, orchestration, runnable } from "../index.ts";

/** A branch that ends when the test says so, and remembers how many ran at once. */
function gate() {
  const doors = new Map<number, PromiseWithResolvers<number>>();
  let active = 0;
  let most = 0;
  const branch = runnable("branch", async (item: number, ctx) => {
    active += 1;
    most = Math.max(most, active);
    const door = Promise.withResolvers<number>();
    doors.set(item, door);
    ctx.signal.addEventListener("abort", () => door.reject(ctx.signal.reason));
    try {
      return await door.promise;
    } finally {
      active -= 1;
    }
  });
  return { branch, doors, most: () => most, active: () => active };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether this suite runs on the host that makes the run again after every record. */
const forgets = process.env["ORCH_AMNESIA"] !== undefined;

describe("each", () => {
  it("gives the results in the order of the items, whatever the order of completion", async () => {
    const { branch, doors } = gate();
    const fan = each("fan", branch);
    const result = orchestration("order", (o) => o.start(fan).finish(fan)).run([1, 2, 3]);
    await turn();
    for (const item of [3, 1, 2]) doors.get(item)!.resolve(item * 10);

    expect(await result).toEqual([10, 20, 30]);
  });

  it("gives nothing for nothing", async () => {
    const fan = each(
      "fan",
      runnable("branch", (x: number) => x),
    );
    expect(await orchestration("empty", (o) => o.start(fan).finish(fan)).run([])).toEqual([]);
  });

  it("opens no more branches at once than its concurrency", async () => {
    const { branch, doors, most } = gate();
    const fan = each("fan", branch, { concurrency: 2 });
    const result = orchestration("capped", (o) => o.start(fan).finish(fan)).run([1, 2, 3, 4, 5]);
    for (const item of [1, 2, 3, 4, 5]) {
      await turn();
      doors.get(item)!.resolve(item);
    }

    expect(await result).toEqual([1, 2, 3, 4, 5]);
    expect(most()).toBe(2);
  });

  it("runs at most 8 branches at once by default", async () => {
    const { branch, doors, most } = gate();
    const fan = each("fan", branch);
    const items = Array.from({ length: 20 }, (_, index) => index);
    const result = orchestration("default", (o) => o.start(fan).finish(fan)).run(items);
    for (const item of items) {
      while (!doors.has(item)) await turn();
      doors.get(item)!.resolve(item);
    }
    await result;

    expect(most()).toBe(8);
  });

  it("aborts and awaits the other branches when one fails, and opens no more", async () => {
    const { branch, doors, active } = gate();
    const fan = each("fan", branch, { concurrency: 3 });
    const flow = orchestration("failing", (o) => o.start(fan).finish(fan));
    const run = flow.start([1, 2, 3, 4]);
    await turn();
    doors.get(2)!.reject(new Error("two is broken"));

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      facts: { path: "failing/fan#1[1]/branch#1", input: 2 },
    });
    expect(active()).toBe(0);
    expect(doors.has(4)).toBe(false);
  });

  it("gives up a branch that ignores its signal when the grace time is over", async () => {
    const clock = manualClock();
    const deaf = runnable("deaf", (item: number) =>
      item === 1 ? Promise.reject(new Error("broken")) : new Promise<number>(() => {}),
    );
    const fan = each("fan", deaf);
    const run = orchestration("deafness", (o) => o.start(fan).finish(fan)).start([1, 2], {
      clock,
      grace: 50,
    });
    await clock.advance(49);
    expect(run.status).toBe("running");
    await clock.advance(1);

    await expect(run.result).rejects.toMatchObject({ facts: { input: 1 } });
    expect(clock.pending()).toBe(0);
  });

  it("refuses an input that is not an array, by name", async () => {
    const fan = each(
      "fan",
      runnable("branch", (x: number) => x),
    );
    const flow = orchestration("wrong", (o) => o.start(fan).finish(fan));

    await expect(flow.run("text" as never)).rejects.toThrow('"fan" takes an array, and was given string(4)');
  });

  it("tells a number of branches for a list only", async () => {
    const fan = each(
      "fan",
      runnable("branch", (item: number) => item),
    );
    const flow = orchestration("flow", (o) => o.start(fan).finish(fan));
    const widths: (number | undefined)[] = [];
    flow.on("state.started", ({ state, branches }) => {
      if (state === "fan") widths.push(branches);
    });

    await flow.run([1, 2]);
    await flow.run("text" as never).catch(() => {});

    expect(widths).toEqual([2, undefined]);
  });

  it.skipIf(forgets)("keeps to the items it was given, although the caller changes the array", async () => {
    const items = [1, 2, 3];
    const { branch, doors } = gate();
    const fan = each("fan", branch, { concurrency: 1 });
    const result = orchestration("kept", (o) => o.start(fan).finish(fan)).run(items);
    items.length = 1;
    for (const item of [1, 2, 3]) {
      await turn();
      doors.get(item)!.resolve(item);
    }

    expect(await result).toEqual([1, 2, 3]);
  });

  it("nests", async () => {
    const inner = each(
      "inner",
      runnable("double", (x: number) => x * 2),
    );
    const outer = each("outer", inner);
    const flow = orchestration("nested", (o) => o.start(outer).finish(outer));

    expect(await flow.run([[1, 2], [], [3]])).toEqual([[2, 4], [], [6]]);
  });

  it.skipIf(forgets)("holds ten thousand branches", async () => {
    const fan = each(
      "fan",
      runnable("double", async (x: number) => x * 2),
      { concurrency: 10_000 },
    );
    const items = Array.from({ length: 10_000 }, (_, index) => index);

    expect((await orchestration("many", (o) => o.start(fan).finish(fan)).run(items)).at(-1)).toBe(19_998);
  });
});

describe("all", () => {
  const upper = runnable("upper", (text: string) => text.toUpperCase());
  const size = runnable("size", async (text: string) => text.length);

  it("runs named branches on one input and joins them by name", async () => {
    const fan = all("fan", { upper, size });

    expect(await orchestration("named", (o) => o.start(fan).finish(fan)).run("abc")).toEqual({
      upper: "ABC",
      size: 3,
    });
  });

  it("skips a branch whose condition does not hold, says so, and goes on", async () => {
    const fan = all("fan", { upper, size }, { when: { size: (text) => text.length > 5 } });
    const run = orchestration("skipping", (o) => o.start(fan).finish(fan)).start("abc");
    const events: OrchestrationEvent[] = [];
    for await (const event of run.events()) events.push(event);

    expect(await run.result).toEqual({ upper: "ABC" });
    expect(events.filter((event) => event.type === "state.skipped")).toMatchObject([
      { path: "skipping/fan#1[size]/size#1", state: "size" },
    ]);
  });

  it("runs a branch whose condition holds", async () => {
    const fan = all("fan", { upper, size }, { when: { size: (text) => text.length > 5 } });

    expect(await orchestration("open", (o) => o.start(fan).finish(fan)).run("abcdef")).toEqual({
      upper: "ABCDEF",
      size: 6,
    });
  });

  it("completes when every branch is skipped", async () => {
    const fan = all("fan", { upper, size }, { when: { upper: () => false, size: () => false } });

    expect(await orchestration("none", (o) => o.start(fan).finish(fan)).run("abc")).toEqual({});
  });

  it("fails when a condition throws", async () => {
    const boom = (): boolean => {
      throw new Error("odd input");
    };
    const fan = all("fan", { upper, size }, { when: { size: boom } });

    await expect(orchestration("odd", (o) => o.start(fan).finish(fan)).run("abc")).rejects.toThrow(
      "odd input",
    );
  });

  it.each(["", "a/b", "a#1", "a[0"])(
    "refuses %j as the name of a branch, because it stands in paths",
    (key) => {
      const fan = all("fan", { [key]: runnable("branch", (x: number) => x) });

      expect(() => orchestration("flow", (o) => o.start(fan).finish(fan))).toThrow(
        `"${key}" cannot be the name of a branch of "fan"`,
      );
    },
  );

  it("takes any word as the name of a branch, also those that every object has", async () => {
    const branches = Object.fromEntries(
      ["__proto__", "constructor", "hasOwnProperty", "isPrototypeOf"].map((key) => [key, size]),
    );
    const fan = all("fan", branches, { when: {} });

    expect(Object.entries(await orchestration("odd", (o) => o.start(fan).finish(fan)).run("abc"))).toEqual([
      ["__proto__", 3],
      ["constructor", 3],
      ["hasOwnProperty", 3],
      ["isPrototypeOf", 3],
    ]);
  });

  it("runs by hand, outside an orchestration", async () => {
    const fan = all("fan", { upper, size });
    const outer = runnable("outer", (text: string, ctx) => fan.invoke(text, ctx));

    expect(await orchestration("hand", (o) => o.start(outer).finish(outer)).run("abc")).toEqual({
      upper: "ABC",
      size: 3,
    });
  });
});
