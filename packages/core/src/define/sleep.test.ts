import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { all, orchestration, type Runnable, runnable, sleep } from "../index.ts";

function alone<TInput, TOutput>(only: Runnable<TInput, TOutput>) {
  return orchestration("flow", (o) => o.start(only).finish(only));
}

describe("sleep", () => {
  it("gives on its input when it is due, and not before", async () => {
    const clock = manualClock();
    const run = alone(sleep<string>("nap", 1_000)).start("kept", { clock });
    await clock.advance(999);
    expect(run.status).toBe("running");
    expect(run.describe().open).toEqual([
      { path: "flow/nap#1", state: "nap", kind: "sleep", visit: 1, attempt: 1 },
    ]);
    await clock.advance(1);

    expect(await run.result).toBe("kept");
    expect(clock.pending()).toBe(0);
  });

  it("takes its delay from the input", async () => {
    const clock = manualClock();
    const start = clock.now();
    const nap = sleep("nap", (limit: { readonly after: number }) => limit.after);
    const done = runnable("done", (_: unknown, ctx) => ctx.now() - start);
    const flow = orchestration("flow", (o) => o.start(nap).advance(nap, done).finish(done));
    const result = flow.run({ after: 42 }, { clock });
    await clock.advance(100);

    expect(await result).toBe(42);
  });

  it("of nothing ends at once", async () => {
    const clock = manualClock();
    const run = alone(sleep("nap", 0)).start(undefined, { clock });
    await clock.advance(0);

    expect(run.status).toBe("completed");
  });

  it("of a century waits for a century", async () => {
    const clock = manualClock();
    const century = 100 * 365 * 24 * 3_600_000;
    const run = alone(sleep("nap", century)).start(undefined, { clock });
    await clock.advance(century - 1);
    expect(run.status).toBe("running");
    await clock.advance(1);

    expect(run.status).toBe("completed");
  });

  it.each([
    ["no number", Number.NaN],
    ["less than nothing", -1],
    ["for ever", Number.POSITIVE_INFINITY],
    ["a text", "100"],
    ["nothing at all", undefined],
  ])("fails for good with a delay of %s, and leaves no timer", async (_what, delay) => {
    const clock = manualClock();
    const run = alone(sleep<number>("nap", () => delay as number)).start(1, { clock });

    await expect(run.result).rejects.toMatchObject({
      code: "ORCH_RUNNABLE_FAILED",
      cause: { code: "ORCH_FATAL", message: expect.stringContaining(`The delay of "nap" is ${delay}`) },
    });
    expect(clock.pending()).toBe(0);
  });

  it("fails when the function of its delay throws", async () => {
    const nap = sleep<number>("nap", () => {
      throw new TypeError("no such field");
    });

    await expect(alone(nap).run(1)).rejects.toThrow("no such field");
  });

  it("ends when the run is cancelled, and leaves no timer", async () => {
    const clock = manualClock();
    const run = alone(all("both", { a: sleep("a", 1_000), b: sleep("b", 2_000) })).start(undefined, {
      clock,
    });
    await clock.advance(10);
    await run.cancel();

    expect(run.status).toBe("cancelled");
    expect(clock.pending()).toBe(0);
  });
});
