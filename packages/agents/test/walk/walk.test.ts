import { expect, test } from "vitest";
import { budget, figure, seed } from "../../../../scripts/lanes.ts";
import { targets } from "./targets.ts";
import { walk } from "./walk.ts";

test("issue 12: a random walk over every adapter and preset has no dead conversation and no illegal body", async () => {
  const report = await walk(budget("walkedTurns"), seed);
  const { turns, conversations, requests, switches, repairs, dead, illegal } = report;
  figure(
    `random walk: ${turns} turns in ${conversations} conversations over ${report.targets} of ${targets.length} adapters and presets, ${requests} requests, ${report.ran} tools run by providers, ${switches} switches of provider, ${repairs} repairs; ${dead.length} dead conversations, ${illegal.length} illegal bodies (seed ${seed})`,
  );
  expect(
    illegal.map(({ target, problems, turn }) => `turn ${turn}, ${target}: ${problems.join("; ")}`),
  ).toEqual([]);
  expect(dead, "conversations that no calm provider could answer").toEqual([]);
  expect(switches).toBeGreaterThan(0);
  expect(report.ran).toBeGreaterThan(0);
});
