import { systemClock } from "@orch/core/doors";
import { manualClock } from "@orch/testing";
import { describe, expect, it, vi } from "vitest";
import { Deadlines } from "./deadlines.ts";
import { elapsedOn } from "./elapsed-on.ts";

/** Limits on a clock that the test moves, and what was done, with the moment. */
function watched() {
  const clock = manualClock();
  const deadlines = new Deadlines(clock);
  const done: string[] = [];
  const elapsed = (): number => clock.elapsed?.() ?? 0;
  const add = (name: string, ms: number) =>
    deadlines.add(elapsed() + ms, elapsed(), () => done.push(`${name} at ${elapsed()}`));
  return { clock, deadlines, done, add };
}

describe("limits that one timer watches", () => {
  it("are reached at their moments, whichever came first", async () => {
    const { clock, done, add } = watched();
    add("long", 500);
    add("short", 100);
    await clock.advance(50);
    add("other", 50);
    expect(clock.pending()).toBe(1);
    await clock.advance(1_000);
    expect(done).toEqual(["short at 100", "other at 100", "long at 500"]);
    expect(clock.pending()).toBe(0);
  });

  it("do nothing once they are left, and what stays is reached in time", async () => {
    const { clock, deadlines, done, add } = watched();
    const [first, second] = [add("first", 100), add("second", 200)];
    deadlines.leave(first);
    await clock.advance(150);
    add("third", 100);
    deadlines.leave(second);
    await clock.advance(1_000);
    expect(done).toEqual(["third at 250"]);
  });

  it("leave no timer behind when they are stopped, nor one set after that", async () => {
    const { clock, deadlines, done, add } = watched();
    add("before", 100);
    deadlines.stop();
    add("after", 100);
    expect(clock.pending()).toBe(0);
    await clock.advance(1_000);
    expect(done).toEqual([]);
  });

  it("may be without an end", async () => {
    const { clock, add } = watched();
    add("never", Number.POSITIVE_INFINITY);
    expect(clock.pending()).toBe(0);
  });
});

describe("limits on the clock of the machine", () => {
  it("have a timer only where they last beyond this turn of the event loop, and are reached at their moments", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] });
    try {
      const deadlines = new Deadlines(systemClock);
      const done: string[] = [];
      const add = (name: string, ms: number) =>
        deadlines.add(elapsedOn(systemClock) + ms, elapsedOn(systemClock), () => done.push(name));
      const turn = (): void => void vi.advanceTimersByTime(0);
      deadlines.leave(add("short", 50));
      turn();
      expect(vi.getTimerCount()).toBe(0);

      add("long", 1_000);
      add("other", 500);
      turn();
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(499);
      expect(done).toEqual([]);
      vi.advanceTimersByTime(2);
      expect(done).toEqual(["other"]);
      vi.advanceTimersByTime(500);
      expect(done).toEqual(["other", "long"]);

      add("stopped", 100);
      deadlines.stop();
      turn();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
