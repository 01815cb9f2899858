import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalRecord } from "@orch/core/host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteStore } from "../src/index.ts";
import { childUntil, moreThan } from "./child-until.ts";
import { seeded } from "./seeded.ts";

const KILLS = budget("killedWriters");
const CHILD = join(import.meta.dirname, "append-records.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-run-kill-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a child and kills it after a number of its lines; gives the last record it was told of. */
async function killedAfter(file: string, runId: string, lines: number): Promise<number> {
  const { out, isKilled } = await childUntil([CHILD, file, runId], moreThan(lines));
  expect(isKilled).toBe(true);
  return Math.max(0, ...[...out.matchAll(/done (\d+)\n/g)].map((match) => Number(match[1])));
}

function expectWhole(records: readonly JournalRecord[]): void {
  for (const [index, { at, value }] of records.entries()) {
    expect(at).toBe(index + 1);
    expect(value).toMatch(/^"(value \d+ )+"$/);
  }
}

describe("a process that is killed", () => {
  it("leaves a run with every acknowledged record, which the next one takes over at once, many times in a row", async () => {
    const random = seeded(seed);
    const file = join(folder, "one", "runs.db");
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // A child that could not take over ends by itself, and fails the test.
      acknowledged = Math.max(
        acknowledged,
        await killedAfter(file, "r", 1 + Math.floor(random() ** 2 * 200)),
      );
      const store = sqliteStore(file);
      const records = (await store.load("r")) ?? [];
      expectWhole(records);
      expect(records.length).toBeGreaterThanOrEqual(acknowledged);
      expect(await store.get("r")).toMatchObject({ records: records.length });
      await store.close();
    }
    figure(`killed writers: ${KILLS} kills: ${acknowledged} records acknowledged, none lost`);
    expect(acknowledged).toBeGreaterThan(KILLS);
  });

  it("harms none of those that write other runs of the same file at the same time", async () => {
    const file = join(folder, "many", "runs.db");
    const names = ["a", "b", "c", "d"];
    const done = await Promise.all(names.map((name, index) => killedAfter(file, name, 50 + index * 60)));
    const store = sqliteStore(file);
    for (const [index, name] of names.entries()) {
      const records = (await store.load(name)) ?? [];
      expectWhole(records);
      expect(records.length).toBeGreaterThanOrEqual(done[index]!);
    }
    await store.close();
  });
});
