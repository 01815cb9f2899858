import { afterEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.ts";

describe("the system clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("waits longer than a single timer of the machine can, and not less", async () => {
    vi.useFakeTimers();
    const days = 30 * 24 * 60 * 60 * 1_000;
    let fired = 0;
    systemClock.after(days, () => {
      fired += 1;
    });
    await vi.advanceTimersByTimeAsync(days - 1);
    expect(fired).toBe(0);
    await vi.advanceTimersByTimeAsync(1);

    expect(fired).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never fires after an endless wait, which can be cancelled in any part of it", async () => {
    vi.useFakeTimers();
    let fired = 0;
    const cancel = systemClock.after(Number.POSITIVE_INFINITY, () => {
      fired += 1;
    });
    await vi.advanceTimersByTimeAsync(2 ** 32);
    cancel();

    expect(fired).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
