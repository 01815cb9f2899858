import { expect, it } from "vitest";
import { missesOf, numberOf } from "./judgement.ts";
import type { Results, Standing } from "./results.ts";

const standing = (value: number, more: Partial<Standing> = {}): Standing => ({
  value,
  rounds: 5,
  lowest: value,
  highest: value,
  ...more,
});

const results = (cases: Results["cases"]): Results => ({
  date: "2026-01-01",
  machine: { processor: "a processor", cores: 2, gigabytes: 8, system: "linux x64", load: 1 },
  node: "v24.0.0",
  versions: {},
  rounds: 5,
  seconds: 300,
  cases,
  imports: { core: { milliseconds: 9, megabytes: 1 } },
  bundles: { core: { minified: 20, gzip: 6 } },
});

const limits = { imports: { core: 8 }, bundles: { core: 7 } };

it("tells what is over its target, its bar or its limit, and nothing else", () => {
  const found = missesOf(
    results({
      linear: { bare: standing(0.1), orch: standing(0.9), xstate: standing(30), effect: standing(0.3) },
      "fan-out": { bare: standing(2), orch: standing(3), effect: standing(9) },
    }),
    limits,
  );

  expect(found).toEqual([
    "10 async states in a row: 0.900 µs/state, and the target is 0.8.",
    "10 async states in a row: 9.00 times bare functions, and the bar is 2.5.",
    "10 async states in a row: Effect is 3.00 times ahead of us.",
    "importing core: 9.00 ms, and the target is 8.",
  ]);
});

it("says where no program could be as far ahead as we want to be", () => {
  const found = missesOf(
    results({
      "fan-out": { bare: standing(2), orch: standing(3), effect: standing(4), xstate: standing(7) },
    }),
    limits,
  );

  expect(found.slice(0, 2)).toEqual([
    "1,000 branches of 1 ms at once: 1.33 times ahead of Effect, and we want 3; bare functions: 2.00 times.",
    "1,000 branches of 1 ms at once: 2.33 times ahead of XState, and we want 3.",
  ]);
});

it("tells how a long run grows", () => {
  const [grows] = missesOf(results({ "long-loop": { orch: standing(0.3, { growth: 1.5 }) } }), limits);

  expect(grows).toBe("loop of 2 states, 200,000 transitions: grows 1.50 times, and the bar is 1.2.");
});

it("does not hide a case that failed or is not there", () => {
  const [linear, loop] = missesOf(
    results({ linear: { orch: { missing: "failed" } }, loop: { orch: { missing: "absent" } } }),
    limits,
  );

  expect(linear).toBe("10 async states in a row: failed.");
  expect(loop).toContain("not there yet");
});

it("writes figures with three digits", () => {
  expect([0, 0.00214, 0.0488, 1.5, 12.34, 1_234.5].map(numberOf)).toEqual([
    "0",
    "0.0021",
    "0.0488",
    "1.50",
    "12.3",
    "1,235",
  ]);
});
