import { describe, expect, it } from "vitest";
import {
  all,
  each,
  OrchestrationAdvancer,
  type OrchestrationEvent,
  orchestration,
  runnable,
} from "../index.ts";

const a = runnable("a", (n: number) => n);
const b = runnable("b", (n: number) => n);
const c = runnable("c", (n: number) => n);

describe("a machine", () => {
  it("says of every advancer whether it was taken, declined or not asked", async () => {
    const flow = orchestration("flow", (o) =>
      o
        .start(a)
        .advance(a, b, { when: (n) => n > 5 })
        .advance(a, c, { when: (n) => n > 2 })
        .advance(a, b)
        .finish(b, c),
    );
    const moves: OrchestrationEvent[] = [];
    flow.on("state.transition", (event) => moves.push(event));
    await flow.run(3);

    // It is made once for all runs, so nobody may change it.
    expect(moves).toSatisfy(([move]) => Object.isFrozen(move.advancers));
    expect(moves).toMatchObject([
      {
        advancers: [
          { verdict: "declined" },
          { verdict: "taken" },
          { verdict: "not-asked", conditional: false },
        ],
      },
    ]);
  });

  it("goes on at once from a state that has nothing to wait for", async () => {
    const split = runnable("split", (): number[] => []);
    const fan = each("fan", a);
    const again = each("again", a);
    const flow = orchestration("flow", (o) =>
      o.start(split).advance(split, fan).advance(fan, again).finish(again),
    );

    expect(await flow.run(undefined)).toEqual([]);
  });

  it("names the way it went when it took too many steps without going round", async () => {
    const flow = orchestration("flow", (o) => o.start(a).advance(a, b).advance(b, c).finish(c), {
      maxSteps: 1,
    });

    await expect(flow.run(1)).rejects.toMatchObject({
      code: "ORCH_MAX_STEPS",
      message: expect.stringContaining("it went through a -> b last"),
    });
  });

  it.each([
    ["nothing", undefined, "undefined"],
    ["a runnable that is not declared", c, "c"],
  ])("fails when an advancer class gives %s as the next runnable", async (_what, next, given) => {
    class Odd extends OrchestrationAdvancer<number, number> {
      override readonly targets = [b];
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(): typeof b {
        return next as typeof b;
      }
    }
    const flow = orchestration("flow", (o) => o.start(a).advanceBy(a, new Odd()).finish(b));

    await expect(flow.run(1)).rejects.toMatchObject({
      code: "ORCH_UNDECLARED_TARGET",
      facts: { from: "a", given, declared: ["b"] },
    });
  });

  it("fails with the condition or the choice that throws, by name", async () => {
    const boom = (): never => {
      throw new TypeError("no such field");
    };
    class Odd extends OrchestrationAdvancer<number, number> {
      override readonly targets = [b, c];
      override convertOutput(n: number): number {
        return n;
      }
      override getNextRunnable(): typeof b {
        return boom();
      }
    }
    const condition = orchestration("flow", (o) => o.start(a).advance(a, b, { when: boom }).finish(b));
    const choice = orchestration("flow", (o) => o.start(a).advanceBy(a, new Odd()).finish(b, c));

    await expect(condition.run(1)).rejects.toMatchObject({ code: "ORCH_CONDITION", facts: { to: "b" } });
    await expect(choice.run(1)).rejects.toMatchObject({ code: "ORCH_CONDITION", facts: { to: "b or c" } });
  });

  it("fails with the condition or the conversion that gives a promise, where nobody checks the types", async () => {
    // One that rejects is nobody's but the engine's, and ends no process.
    const slowly = (async () => Promise.reject(new Error("later"))) as unknown as () => never;
    const condition = orchestration("flow", (o) => o.start(a).advance(a, b, { when: slowly }).finish(b));
    const conversion = orchestration("flow", (o) => o.start(a).advance(a, b, { convert: slowly }).finish(b));
    const fan = all("fan", { b }, { when: { b: slowly } });
    const branches = orchestration("flow", (o) => o.start(fan).finish(fan));

    await expect(condition.run(1)).rejects.toMatchObject({
      code: "ORCH_CONDITION",
      message: expect.stringMatching(/from "a" to "b" threw: it gave a promise, and has to answer at once/),
    });
    await expect(conversion.run(1)).rejects.toMatchObject({ code: "ORCH_CONVERSION" });
    await expect(branches.run(1)).rejects.toThrow(/it gave a promise/);
  });
});
