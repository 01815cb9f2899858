import { orchestration, runnable, sleep } from "@orch/core";
import { describe, expect, it } from "vitest";
import { manualClock } from "../index.ts";

describe("manualClock", () => {
  it("fires timers in the order they are due, and those of one moment in the order they were set", async () => {
    const clock = manualClock(0);
    const fired: string[] = [];
    for (const [name, ms] of [
      ["b", 20],
      ["a", 10],
      ["c", 20],
    ] as const) {
      clock.after(ms, () => fired.push(`${name} at ${clock.now()}`));
    }
    await clock.advance(30);

    expect(fired).toEqual(["a at 10", "b at 20", "c at 20"]);
    expect(clock.now()).toBe(30);
  });

  it("jumps to the next timer, and says when there is none", async () => {
    const clock = manualClock(0);
    const cancel = clock.after(1e12, () => {});
    clock.after(2e12, () => {});
    cancel();

    expect(await clock.runNext()).toBe(true);
    expect(clock.now()).toBe(2e12);
    expect(await clock.runNext()).toBe(false);
    expect(clock.now()).toBe(2e12);
  });

  it("runs until no timer waits, also those that were set on the way", async () => {
    const clock = manualClock(0);
    const work = runnable({
      id: "work",
      retry: { attempts: 3, firstDelay: 1_000, jitter: false },
      invoke: (_: unknown, { attempt }) => {
        if (attempt < 3) throw new RangeError("not yet");
        return attempt;
      },
    });
    const nap = sleep<number>("nap", 7 * 24 * 3_600_000);
    const run = orchestration("week", (o) => o.start(work).advance(work, nap).finish(nap)).start(undefined, {
      clock,
    });
    await clock.runAll();

    expect(await run.result).toBe(3);
    expect(clock.now()).toBe(1_000 + 2_000 + 7 * 24 * 3_600_000);
    expect(clock.pending()).toBe(0);
  });

  it("gives up on what sets timers for ever", async () => {
    const clock = manualClock();
    const again = (): void => void clock.after(1, again);
    again();

    await expect(clock.runAll(50)).rejects.toMatchObject({
      code: "ORCH_NEVER_IDLE",
      facts: { limit: 50, pending: 1 },
    });
  });
});
