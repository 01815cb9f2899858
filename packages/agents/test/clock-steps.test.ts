import { manualClock } from "@orch/testing";
import { describe, expect, it } from "vitest";
import { SilenceWatch } from "../src/model/silence-watch.ts";
import { rateLimiter } from "../src/providers/wrappers/rate-limiter.ts";

const DAY = 86_400_000;

describe.each([
  ["forward", DAY],
  ["back", -DAY],
])("clock steps: a clock that is set a day %s", (_way, step) => {
  it("neither ends a stream that speaks, nor lets a silent one go on", async () => {
    const clock = manualClock();
    const silences: number[] = [];
    const watch = new SilenceWatch(clock, () => silences.push(clock.elapsed!()));
    watch.wait(60_000);
    await clock.advance(50_000);
    watch.touch();
    clock.set(clock.now() + step);
    await clock.advance(59_000);
    expect(silences).toEqual([]);
    await clock.advance(5_000);

    expect(silences).toEqual([110_000]);
    watch.stop();
  });

  it("neither stretches nor cuts the wait for a place in a limited interval", async () => {
    const clock = manualClock();
    const limiter = rateLimiter({ requests: 1, interval: 60_000, clock });
    const { signal } = new AbortController();
    (await limiter.enter(0, signal))!.leave();
    const second = limiter.enter(0, signal).then(() => clock.elapsed!());
    await clock.advance(20_000);
    clock.set(clock.now() + step);
    await clock.advance(60_000);

    expect(await second).toBe(60_000);
  });
});
