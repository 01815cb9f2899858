/** Forks, imports, renames and deletes of whole sessions: killed in their middle, on a full disk, in a folder that is read only, under a lock. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TurnRecord } from "@orch/chat-runtime";
import { afterEach, beforeEach, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { type SqliteSessionStore, sqliteSessions } from "../src/sessions.ts";
import { childUntil, moreThan } from "./child-until.ts";
import { seeded } from "./seeded.ts";

const KILLS = budget("killedSessionActs");
const CHILD = join(import.meta.dirname, "act-on-sessions.ts");
const TURNS = 40;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-acts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function turn(at: number): TurnRecord {
  const message = { role: "user", content: [{ type: "text", text: `question ${at} `.repeat(200) }] } as const;
  return {
    id: `t${at}`,
    configuration: "c",
    status: "completed",
    messages: [message],
    startedAt: at,
    endedAt: at,
  };
}
const turns = Array.from({ length: TURNS }, (_, at) => turn(at));
const source = { id: "source", title: "Source", createdAt: 1, updatedAt: 2, turnCount: TURNS, turns };

async function filled(file: string): Promise<SqliteSessionStore> {
  const store = sqliteSessions({ file, busyTimeout: 20 });
  await store.add(source);
  return store;
}

it("are done as a whole or not at all, wherever their process is killed", async () => {
  const file = join(folder, "orch.db");
  await (await filled(file)).close();
  const random = seeded(seed);
  const last = new Map<string, string>();
  let title = "Source";
  let begun = "";
  let acts = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const { out } = await childUntil([CHILD, file, `${kill}`], moreThan(Math.floor(random() * 40)));
    for (const [, word, act = "", id = ""] of out.matchAll(/^(begin|done) (\w+) (\S+)$/gm)) {
      begun = word === "begin" ? `${act} ${id}` : "";
      if (word !== "done") continue;
      acts += 1;
      if (act === "rename") title = `Title ${id.replace("add-", "")}`;
      else last.set(id, act);
    }
    const store = sqliteSessions({ file });
    const found = new Map((await store.list()).map((one) => [one.id, one]));
    for (const [id, act] of last) {
      // What was begun and not acknowledged may be done.
      if (begun === `delete ${id}`) continue;
      expect(found.has(id), `${act} ${id}`).toBe(act !== "delete");
    }
    const names = [title, `Title ${begun.replace("rename add-", "")}`];
    expect(names).toContain(found.get("source")?.title);
    title = found.get("source")!.title;
    for (const { id, turnCount } of found.values()) {
      const whole = id.startsWith("fork-") ? TURNS / 2 : TURNS;
      expect(turnCount, id).toBe(whole);
      expect((await store.load(id))?.turns, id).toEqual(turns.slice(0, whole));
    }
    for (const id of found.keys()) if (begun === `delete ${id}` || !last.has(id)) last.set(id, "kept");
    if (begun.startsWith("delete ") && !found.has(begun.slice(7))) last.set(begun.slice(7), "delete");
    await store.close();
  }
  const database = new DatabaseSync(file);
  expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  const strays = "SELECT count(*) AS n FROM turns WHERE session_id NOT IN (SELECT id FROM sessions)";
  expect(database.prepare(strays).get()).toEqual({ n: 0 });
  database.close();
  figure(
    `acts on whole sessions: ${KILLS} kills, ${acts} acknowledged, 0 lost, 0 halves; integrity_check ok`,
  );
}, 0);

/** Every act, on a store in trouble: each is refused with the code, and nothing has changed when the trouble is over. */
async function expectRefused(store: SqliteSessionStore, code: string): Promise<void> {
  const more = { ...source, id: "more", turns: turns.map((one) => ({ ...one, error: "x".repeat(5_000) })) };
  await expect(store.add(more)).rejects.toMatchObject({ code });
  expect((await store.list()).map(({ id }) => id)).toEqual(["source"]);
  expect((await store.load("source"))?.turns).toEqual(turns);
}

async function expectGoesOn(store: SqliteSessionStore): Promise<void> {
  await store.add({ ...source, id: "later" });
  await store.rename("source", "Another");
  await store.remove("later");
  expect(await store.list()).toMatchObject([{ id: "source", title: "Another", turnCount: TURNS }]);
}

it("are refused on a full disk, and go on when there is room", async ({ skip }) => {
  const small = join(folder, "small");
  mkdirSync(small);
  const options = ["-t", "tmpfs", "-o", "size=2m", "orch", small];
  skip(spawnSync("mount", options, { stdio: "ignore" }).status !== 0, "needs the right to mount");
  try {
    const store = await filled(join(small, "orch.db"));
    const { bavail, bsize } = statfsSync(small);
    writeFileSync(join(small, "filler"), Buffer.alloc(bavail * bsize - 40_000));
    await expectRefused(store, "ORCH_STORE_FAILED");
    rmSync(join(small, "filler"));
    await expectGoesOn(store);
    await store.close();
  } finally {
    spawnSync("umount", ["-l", small]);
  }
});

it("are refused while another process has the file locked, which says so, and may be read", async () => {
  const file = join(folder, "orch.db");
  const store = await filled(file);
  const other = new DatabaseSync(file);
  other.exec("BEGIN IMMEDIATE");
  await expectRefused(store, "ORCH_STORE_BUSY");
  await expect(store.rename("source", "x")).rejects.toMatchObject({ code: "ORCH_STORE_BUSY" });
  await expect(store.remove("source")).rejects.toMatchObject({ code: "ORCH_STORE_BUSY" });
  other.exec("ROLLBACK");
  other.close();
  await expectGoesOn(store);
  await store.close();
});

it("are refused on a medium that is read only, which says so", async ({ skip }) => {
  const small = join(folder, "small");
  mkdirSync(small);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "orch", small], { stdio: "ignore" });
  skip(mounted.status !== 0, "needs the right to mount");
  try {
    const file = join(small, "orch.db");
    await (await filled(file)).close();
    spawnSync("mount", ["-o", "remount,ro", small]);
    expect(() => sqliteSessions({ file })).toThrow(expect.objectContaining({ code: "ORCH_STORE_FAILED" }));
    spawnSync("mount", ["-o", "remount,rw", small]);
    const store = sqliteSessions({ file });
    await expectGoesOn(store);
    await store.close();
  } finally {
    spawnSync("umount", ["-l", small]);
  }
});
