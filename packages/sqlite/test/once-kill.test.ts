/** `ctx.once` in a process that is killed at any moment: only the value that was being made then is made again. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { childUntil, moreThan } from "./child-until.ts";
import { seeded } from "./seeded.ts";

const KILLS = budget("killedPayers");
const CHILD = join(import.meta.dirname, "pay-once.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-once-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lets one life of the run go on, to its end or until it is killed after a number of its values. */
async function live(
  file: string,
  ledger: string,
  states: number,
  values: number,
): Promise<"done" | "killed"> {
  const { out, isKilled } = await childUntil([CHILD, file, ledger, String(states)], moreThan(values));
  if (!isKilled) expect(out).toMatch(/done\n$/);
  return isKilled ? "killed" : "done";
}

describe("P17: ctx.once in a process that is killed", () => {
  it(`makes a value again only when the kill came between its effect and its write, over ${KILLS} kills`, async () => {
    const chance = seeded(seed);
    const file = join(folder, "runs.db");
    const ledger = join(folder, "ledger.txt");
    const states = KILLS * 30;
    let kills = 0;
    while (kills < KILLS) {
      if ((await live(file, ledger, states, 1 + Math.floor(chance() * 150))) === "done") break;
      kills += 1;
    }
    while ((await live(file, ledger, states, Number.POSITIVE_INFINITY)) !== "done");

    const lines = readFileSync(ledger, "utf8").trimEnd().split("\n");
    const made = new Map<string, number>();
    let again = 0;
    for (const [at, line] of lines.entries()) {
      if (line === "life") continue;
      const before = made.get(line);
      if (before !== undefined) {
        again += 1;
        // Nothing else was made between that effect and the next life.
        expect(lines[before + 1]).toBe("life");
      }
      made.set(line, at);
    }
    figure(
      `ctx.once on disk: ${made.size} keys, ${kills} kills, ${again} made again, each between effect and write`,
    );
    expect(made.size).toBe(states * 8);
    expect(again).toBeLessThanOrEqual(kills);
  });
});
