import { describe, expect, it } from "vitest";
import {
  type OrchError,
  Orchestration,
  OrchestrationAdvancer,
  OrchestrationRunnable,
  orchestration,
  runnable,
} from "../index.ts";

const length = runnable("length", (text: string) => text.length);
const small = runnable("small", (count: number) => `small ${count}`);
const large = runnable("large", (count: number) => `large ${count}`);

describe("advance", () => {
  it("takes the first advancer whose condition holds", async () => {
    const flow = orchestration("pick", (o) =>
      o
        .start(length)
        .advance(length, small, { when: (count) => count < 10 })
        .advance(length, large)
        .finish(small, large),
    );

    expect(await flow.run("abc")).toBe("small 3");
    expect(await flow.run("a longer text")).toBe("large 13");
  });

  it("converts the output to the input of the next runnable", async () => {
    const shout = runnable("shout", (text: string) => text.toUpperCase());
    const flow = orchestration("convert", (o) =>
      o
        .start(length)
        .advance(length, shout, { convert: (count) => `x${count}` })
        .finish(shout),
    );

    expect(await flow.run("abc")).toBe("X3");
  });

  it("goes round a loop until its condition does not hold", async () => {
    const grow = runnable("grow", (text: string) => `${text}+`);
    const flow = orchestration("loop", (o) =>
      o
        .start(grow)
        .advance(grow, grow, { when: (text) => text.length < 5 })
        .finish(grow),
    );

    expect(await flow.run("a")).toBe("a++++");
  });

  it("asks each condition at most once for an output", async () => {
    let asked = 0;
    const flow = orchestration("once", (o) =>
      o
        .start(length)
        .advance(length, small, {
          when: () => {
            asked += 1;
            return true;
          },
        })
        .finish(small),
    );
    await flow.run("abc");

    expect(asked).toBe(1);
  });

  it("says which advancers it tried and what the output looked like when none takes it", async () => {
    const flow = orchestration("stuck", (o) =>
      o
        .start(length)
        .advance(length, small, { when: () => false, label: "never" })
        .finish(small),
    );

    await expect(flow.run("abc")).rejects.toMatchObject({
      code: "ORCH_NO_ADVANCE",
      message: expect.stringContaining("Unable to advance to next state"),
      facts: {
        orchestration: "stuck",
        runnable: "length",
        output: "number",
        tried: [{ to: "small", label: "never", verdict: "declined", conditional: true }],
      },
    });
  });

  it("finishes at a state that also advances when no advancer matches", async () => {
    const flow = orchestration("maybe", (o) =>
      o
        .start(length)
        .advance(length, small, { when: (count) => count > 5 })
        .finish(length, small),
    );

    expect(await flow.run("abc")).toBe(3);
    expect(await flow.run("abcdef")).toBe("small 6");
  });

  it("names the edge when a conversion throws", async () => {
    const flow = orchestration("bad", (o) =>
      o
        .start(length)
        .advance(length, small, {
          convert: () => {
            throw new TypeError("no such field");
          },
        })
        .finish(small),
    );

    await expect(flow.run("abc")).rejects.toMatchObject({
      code: "ORCH_CONVERSION",
      message: expect.stringContaining("Cannot convert output type to input type"),
      facts: { from: "length", to: "small" },
    });
  });

  it("names the edge when a condition throws", async () => {
    const flow = orchestration("bad", (o) =>
      o
        .start(length)
        .advance(length, small, {
          when: () => {
            throw new TypeError("no such field");
          },
        })
        .finish(small),
    );

    await expect(flow.run("abc")).rejects.toMatchObject({
      code: "ORCH_CONDITION",
      facts: { from: "length" },
    });
  });

  it("names the cycle of an orchestration that never completes", async () => {
    const a = runnable("a", (x: number) => x);
    const b = runnable("b", (x: number) => x);
    const c = runnable("c", (x: number) => x);
    const flow = orchestration(
      "round",
      (o) =>
        o
          .start(a)
          .advance(a, b)
          .advance(b, a, { when: () => true })
          .advance(b, c, { when: () => false })
          .finish(c),
      { maxSteps: 20 },
    );

    await expect(flow.run(1)).rejects.toMatchObject({
      code: "ORCH_MAX_STEPS",
      message: expect.stringContaining("Orchestration never completes"),
      facts: { maxSteps: 20, cycle: expect.stringMatching(/^(a -> b -> a|b -> a -> b)$/) },
    });
  });
});

describe("the limit of steps", () => {
  const count = runnable("count", (x: number) => x + 1);
  const upTo = (limit: number, maxSteps: number) =>
    orchestration(
      "counting",
      (o) =>
        o
          .start(count)
          .advance(count, count, { when: (x) => x < limit })
          .finish(count),
      { maxSteps },
    );

  it("lets a machine take exactly that many steps, and not one more", async () => {
    expect(await upTo(3, 2).run(0)).toBe(3);
    await expect(upTo(4, 2).run(0)).rejects.toMatchObject({ code: "ORCH_MAX_STEPS" });
  });

  it("shows no transition into a state that is not entered", async () => {
    const run = upTo(4, 2).start(0);
    const types: string[] = [];
    for await (const event of run.events()) types.push(event.type);

    expect(types.filter((type) => type === "state.transition")).toHaveLength(2);
    expect(types.filter((type) => type === "state.started")).toHaveLength(3);
  });
});

describe("catch", () => {
  const fails = runnable("fails", (text: string): string => {
    throw new RangeError(`no ${text}`);
  });
  const mend = runnable("mend", (note: string) => `mended: ${note}`);

  it("leads from a failure to the next runnable, with what was thrown and the input", async () => {
    const flow = orchestration("caught", (o) =>
      o
        .start(fails)
        .catch(fails, mend, {
          convert: (error, input) => `${(error.cause as Error).message} for ${input}`,
        })
        .finish(fails, mend),
    );

    expect(await flow.run("luck")).toBe("mended: no luck for luck");
  });

  it("lets a failure through that its condition does not take", async () => {
    const flow = orchestration("through", (o) =>
      o
        .start(fails)
        .catch(fails, mend, { when: (error) => error.cause instanceof TypeError, convert: () => "" })
        .finish(fails, mend),
    );

    await expect(flow.run("luck")).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      facts: { runnable: "fails", path: "through/fails#1", visit: 1, attempt: 1, input: "luck" },
      cause: expect.any(RangeError),
    });
  });

  it("gives the error itself where nothing converts it", async () => {
    const explain = runnable(
      "explain",
      (error: OrchError) => `${error.code}: ${(error.cause as Error).message}`,
    );
    const flow = orchestration("explained", (o) =>
      o.start(fails).catch(fails, explain).finish(fails, explain),
    );

    expect(await flow.run("luck")).toBe("ORCH_RUNNABLE_FAILED: no luck");
  });

  it("takes the failure of a nested orchestration", async () => {
    const inner = orchestration("inner", (o) => o.start(fails).finish(fails));
    const outer = orchestration("outer", (o) =>
      o
        .start(inner)
        .catch(inner, mend, { convert: (error) => error.code })
        .finish(inner, mend),
    );

    expect(await outer.run("x")).toBe("mended: ORCH_RUNNABLE_FAILED");
  });
});

describe("classes", () => {
  class CountingRunnable extends OrchestrationRunnable<string, number> {
    override readonly id = "counting";
    override invoke(text: string): number {
      return text.length;
    }
  }
  const counting = new CountingRunnable();

  class BySize extends OrchestrationAdvancer<number, number> {
    override readonly targets = [small, large];
    override shouldAdvance(count: number): boolean {
      return count > 0;
    }
    override convertOutput(count: number): number {
      return count * 2;
    }
    override getNextRunnable(count: number): typeof small {
      return count > 5 ? large : small;
    }
  }

  class Sizes extends Orchestration<string, string> {
    constructor() {
      super("sizes", (o) => o.start(counting).advanceBy(counting, new BySize()).finish(small, large));
    }
  }

  it("run like functions", async () => {
    expect(counting.id).toBe("counting");
    expect(await new Sizes().run("abc")).toBe("small 6");
    expect(await new Sizes().run("abcdef")).toBe("large 12");
  });

  it("decline when shouldAdvance does not hold", async () => {
    await expect(new Sizes().run("")).rejects.toMatchObject({
      code: "ORCH_NO_ADVANCE",
      facts: { tried: [{ to: "small or large", label: "BySize", verdict: "declined" }] },
    });
  });

  it("may not give a runnable that was not declared", async () => {
    class Astray extends OrchestrationAdvancer<number, number> {
      override readonly targets = [small];
      override convertOutput(count: number): number {
        return count;
      }
      override getNextRunnable(): typeof small {
        return large;
      }
    }
    const flow = orchestration("astray", (o) =>
      o.start(counting).advanceBy(counting, new Astray()).finish(small),
    );

    await expect(flow.run("abc")).rejects.toMatchObject({
      code: "ORCH_UNDECLARED_TARGET",
      facts: { from: "counting", given: "large", declared: ["small"] },
    });
  });
});

describe("nesting", () => {
  it("runs an orchestration as a state of another, under its path", async () => {
    const inner = orchestration("inner", (o) => o.start(length).advance(length, small).finish(small));
    const outer = orchestration("outer", (o) => o.start(inner).finish(inner));
    const run = outer.start("abc");
    const paths: string[] = [];
    for await (const event of run.events()) if (event.type === "state.started") paths.push(event.path);

    expect(await run.result).toBe("small 3");
    expect(paths).toEqual(["outer/inner#1", "outer/inner#1/length#1", "outer/inner#1/small#1"]);
  });

  it("runs an orchestration that a runnable calls by hand, under the runnable's signal", async () => {
    const inner = orchestration("inner", (o) => o.start(length).finish(length));
    const outer = runnable("outer", (text: string, ctx) => inner.invoke(text, ctx));
    const flow = orchestration("byHand", (o) => o.start(outer).finish(outer));

    expect(await flow.run("abc")).toBe(3);
  });

  it("names the runnable that called an orchestration by hand, with the failure inside as the cause", async () => {
    const broken = runnable("broken", (_: string): string => {
      throw new Error("out of paper");
    });
    const inner = orchestration("inner", (o) => o.start(broken).finish(broken));
    const outer = runnable("outer", (text: string, ctx) => inner.invoke(text, ctx));
    const flow = orchestration("byHand", (o) => o.start(outer).finish(outer));

    await expect(flow.run("abc")).rejects.toMatchObject({
      facts: { path: "byHand/outer#1" },
      cause: { facts: { path: "inner/broken#1" } },
    });
  });

  it("keeps two runs of one definition apart", async () => {
    const flow = orchestration("apart", (o) => o.start(length).advance(length, small).finish(small));

    expect(await Promise.all([flow.run("a"), flow.run("bb"), flow.run("ccc")])).toEqual([
      "small 1",
      "small 2",
      "small 3",
    ]);
  });
});
