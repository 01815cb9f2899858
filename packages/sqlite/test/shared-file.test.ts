/** Several processes over one file, each with its sessions and its runs open at once, killed at random moments. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { sqliteHost } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";
import { childUntil, moreThan } from "./child-until.ts";
import { seeded } from "./seeded.ts";

const KILLS = budget("sharedFileKills");
const WRITERS = ["one", "two", "three"];
const CHILD = join(import.meta.dirname, "share-file.ts");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-shared-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("is whole after all of them, and lacks nothing that was acknowledged", async () => {
  const file = join(folder, "orch.db");
  const last = new Map<string, number>();
  const told = { turn: [] as string[], run: [] as string[] };
  let kills = 0;
  let looks = 0;
  const life = async (role: string, name: string, random: () => number): Promise<void> => {
    while (kills < KILLS) {
      const first = (last.get(name) ?? 0) + 1;
      const argv = [CHILD, role, file, name, `${first}`];
      const { out } = await childUntil(argv, moreThan(Math.floor(random() ** 2 * 120)));
      kills += 1;
      looks += out.split("looked").length - 1;
      for (const [, word, at] of out.matchAll(/^(turn|run) (\d+)$/gm)) {
        last.set(name, Number(at));
        told[word === "turn" ? "turn" : "run"].push(`${name}-${at}`);
      }
    }
  };
  const lives = WRITERS.map((name) => ["write", name] as const);
  await Promise.all(
    [...lives, ["visit", "x"] as const, ["visit", "y"] as const].map(([role, name], index) =>
      life(role, name, seeded(seed + index)),
    ),
  );

  const database = new DatabaseSync(file);
  expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  database.close();
  const store = sqliteSessions({ file });
  const host = sqliteHost(file);
  const kept = new Set<string>();
  for (const name of WRITERS)
    for (const { id, status } of (await store.load(name))?.turns ?? [])
      if (status === "completed") kept.add(id);
  expect(told.turn.filter((id) => !kept.has(id))).toEqual([]);
  const ran = new Set((await host.list({ limit: 1_000_000 })).map(({ runId }) => runId));
  expect(told.run.filter((id) => !ran.has(id))).toEqual([]);
  await host.close();
  await store.close();
  expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toEqual([]);
  figure(
    `one file, ${WRITERS.length} writers and 2 visitors: ${kills} kills, ${looks} visits, ${told.turn.length} turns and ${told.run.length} runs acknowledged, 0 lost; integrity_check ok`,
  );
  expect(told.turn.length).toBeGreaterThan(0);
}, 0);
