/** Encounters over a database file: each host has it open for itself, and what a killed process left is opened as it left it. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure } from "../../../scripts/lanes.ts";
import { meet } from "../../core/test/encounters/encounter.ts";
import { foundEncounters } from "../../core/test/encounters/found-encounters.ts";
import { meetMany } from "../../core/test/encounters/many-encounters.ts";
import { sqliteStore } from "../src/index.ts";
import { FileGround } from "./file-ground.ts";

/** Other encounters than those in memory. */
const FIRST = 1_000_000;

let folder = "";
let made = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-encounters-"));
  await sqliteStore(join(folder, "empty.db")).close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ground = (): FileGround => new FileGround(join(folder, `${made++}.db`), join(folder, "empty.db"));

describe("two things that happen at once to one run in a database", () => {
  it.each(Object.entries(foundEncounters))("%s", async (_what, encounter) => {
    const { problems } = await meet(encounter, ground());

    expect(problems).toEqual([]);
  });

  it("P14: are each told how they went, and the run ends or rests", async () => {
    const encounters = budget("sqliteEncounters");
    const { problems, met } = await meetMany(encounters, ground, FIRST);
    figure(
      `${encounters} encounters of two commands with one run in a database, ${met} of them at a call that was held: ${problems.length} not told, lost or left open`,
    );

    expect(problems).toEqual([]);
    expect(met).toBeGreaterThan(encounters / 5);
  }, 1_200_000);
});
