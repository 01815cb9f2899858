import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { Deadlines } from "./deadlines.ts";

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
