import { describe, expect, it } from "vitest";
import { delayAfter, isFinal } from "./retry.ts";

const never = (): number => 0.5;
const steady = { attempts: 9, firstDelay: 100, jitter: false };

const circle: { cause?: unknown } = {};
circle.cause = { cause: circle };

describe("delayAfter", () => {
  it.each([
    ["no policy", 1, undefined],
    ["a policy without attempts", 1, {}],
    ["all attempts used", 3, { attempts: 3 }],
  ])("gives no wait with %s", (_what, failed, policy) => {
    expect(delayAfter(failed, policy, new Error("x"), never)).toBeUndefined();
  });

  it("doubles from half a second to half a minute by default, of which at least half is waited", () => {
    const delays = [1, 2, 3, 6, 7, 20].map((failed) => delayAfter(failed, { attempts: 99 }, "busy", () => 0));
    expect(delays).toEqual([250, 500, 1_000, 8_000, 15_000, 15_000]);
    expect(delayAfter(1, { attempts: 2 }, "busy", () => 0.999)).toBeCloseTo(499.75);
  });

  it.each([
    ["a number of milliseconds", { retryAfter: 5_000 }, 5_000],
    ["less than the policy's wait", { retryAfter: 5 }, 100],
    ["less than nothing", { retryAfter: -5_000 }, 100],
    ["no number", { retryAfter: "5000" }, 100],
    ["nothing", { retryAfter: undefined }, 100],
    ["no number at all", { retryAfter: Number.NaN }, 100],
    ["a wait that the cause asks for", { cause: { cause: { retryAfter: 700 } } }, 700],
    ["a wait, and the cause another", { retryAfter: 600, cause: { retryAfter: 700 } }, 600],
    [
      "different waits of several errors",
      { errors: [{ retryAfter: 700 }, { cause: { retryAfter: 800 } }, "x"] },
      800,
    ],
  ])("waits as long as the error asks, when it asks for %s", (_what, error, wait) => {
    expect(delayAfter(1, steady, error, never)).toBe(wait);
  });

  it.each([
    ["null", null],
    ["a text", "text"],
    ["a number", 7],
    ["causes in a circle", circle],
  ])("takes whatever was thrown: %s", (_what, thrown) => {
    expect(delayAfter(1, steady, thrown, never)).toBe(100);
  });

  it("gives no wait for an error that says it is final, and one for an error that says it is not", () => {
    expect(delayAfter(1, steady, { retryable: false }, never)).toBeUndefined();
    expect(delayAfter(1, steady, { retryable: true }, never)).toBe(100);
  });
});

describe("an error that no further attempt can change", () => {
  it.each([
    ["says so", { retryable: false }, true],
    ["was led to by one", { cause: { cause: { retryable: false } } }, true],
    ["says better than its cause", { retryable: true, cause: { retryable: false } }, false],
    ["is that in all its parts", { errors: [{ retryable: false }, { cause: { retryable: false } }] }, true],
    ["is not that in one part", { errors: [{ retryable: false }, new Error("busy")] }, false],
    ["has no parts", { errors: [] }, false],
    ["says something else", { retryable: "no" }, false],
    ["goes round in a circle", circle, false],
    ["is no object", "boom", false],
  ])("%s", (_, thrown, final) => {
    expect(isFinal(thrown)).toBe(final);
  });
});
