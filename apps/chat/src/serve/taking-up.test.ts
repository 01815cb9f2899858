import { manualClock } from "@orch/testing";
import { expect, test } from "vitest";
import { takingUp } from "./taking-up.ts";

test("what was left is taken up at once and every ten seconds, what fails is told, and leaving ends it", async () => {
  const clock = manualClock();
  const told: unknown[] = [];
  let looks = 0;
  const resume = async (): Promise<{ runs: number; turns: number; problems: readonly unknown[] }> => {
    looks += 1;
    if (looks === 2) throw new TypeError("locked");
    return { runs: 0, turns: 0, problems: looks === 1 ? ["a run of other code"] : [] };
  };
  const leave = takingUp({ resume }, { clock, failed: (error) => told.push(error) });
  const passed = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  await passed(0);
  expect(looks).toBe(1);
  await passed(10_000);
  await passed(9_999);
  expect(looks).toBe(2);
  await passed(1);
  expect(looks).toBe(3);
  expect(told).toEqual(["a run of other code", new TypeError("locked")]);
  leave();
  await passed(60_000);
  expect(looks).toBe(3);
});
