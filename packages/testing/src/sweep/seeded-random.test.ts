import { describe, expect, it } from "vitest";
import { seededRandom } from "../index.ts";

const take = (count: number, seed: number): number[] => Array.from({ length: count }, seededRandom(seed));

describe("seededRandom", () => {
  it("gives the same fractions for the same seed, and others for another", () => {
    expect(take(5, 7)).toEqual(take(5, 7));
    expect(take(5, 7)).not.toEqual(take(5, 8));
    expect(take(1, 0)[0]).toBe(0.3921251413412392);
  });

  it("spreads evenly over [0, 1)", () => {
    const buckets = new Array<number>(10).fill(0);
    for (const fraction of take(100_000, 1)) buckets[Math.floor(fraction * 10)]! += 1;

    expect(buckets).toHaveLength(10);
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});
