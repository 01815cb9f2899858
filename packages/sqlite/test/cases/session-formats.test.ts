/**
 * A file of sessions that an earlier commit wrote is opened and carried over. `fixtures/formats/4-cb2cb86.db` was written by
 * commit cb2cb86: a session of two turns whose runs are in the file too, and one whose process was killed in its first turn.
 * `7-8a3e12ee.db` has a session of five turns, some with tokens that are estimated or came from a cache.
 */
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FORMAT } from "../../src/database/migrations.ts";
import { sqliteStore } from "../../src/index.ts";
import { type SqliteSessionStore, sqliteSessions } from "../../src/sessions.ts";

const fixture = (name: string): string => join(import.meta.dirname, "../fixtures/formats", name);

let folder = "";
let file = "";
let store: SqliteSessionStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-session-formats-"));
  file = join(folder, "sessions.db");
  copyFileSync(fixture("4-cb2cb86.db"), file);
  chmodSync(file, 0o600);
  store = sqliteSessions({ file });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a file of sessions of commit cb2cb86", () => {
  it("is brought to the present format, with all that was said and what it cost", async () => {
    expect(await store.list({ words: "lighthouse" })).toEqual([
      {
        id: "kept-1",
        title: "Kept",
        createdAt: 1000,
        updatedAt: 1000,
        turnCount: 2,
        lastConfiguration: "shout",
        spent: { input: 12, output: 5, cost: 0.25, unpriced: 1, cached: 0, estimated: 0 },
      },
    ]);
    const session = await store.open("kept-1", 1, { last: 1 });
    expect(session).toMatchObject({ earlier: 1, turns: [{ id: "turn-2", usage: { input: 7, output: 3 } }] });
    expect(await store.load("held-1")).toMatchObject({
      title: "Cut",
      turns: [{ status: "unfinished" }],
      spent: { unpriced: 1 },
    });
    const database = new DatabaseSync(file, { readOnly: true });
    expect(database.prepare("PRAGMA user_version").get()?.["user_version"]).toBe(FORMAT);
    database.close();
  });

  it("loses a session with its runs, and no run of anything else", async () => {
    const runs = async (): Promise<readonly string[]> => {
      const host = sqliteStore(file);
      const ids = (await host.list({})).map(({ runId }) => runId);
      await host.close();
      return ids.toSorted();
    };
    const kept = (await store.load("kept-1"))!;
    await store.add({ ...kept, id: "copy", turns: kept.turns.slice(0, 1) });
    expect(await runs()).toEqual(["other", "turn-1", "turn-2"]);
    await store.remove("kept-1");
    expect(await runs()).toEqual(["other", "turn-1"]);
    await store.remove("copy");
    expect(await runs()).toEqual(["other"]);
  });
});

it("a file of sessions of commit 8a3e12ee says what was estimated and what came from a cache", async () => {
  await store.close();
  copyFileSync(fixture("7-8a3e12ee.db"), file);
  store = sqliteSessions({ file });
  const before = { input: 60, output: 15, cost: 0.75, cached: 4, estimated: 1 };
  // The third turn was answered without a call of a model, and the fourth was stopped.
  expect(await store.load("old", { last: 1 })).toMatchObject({ spent: { ...before, unpriced: 2 } });
  const session = await store.open("old", 1);
  await store.finish("old", { ...session.turns[0]!, usage: { input: 11, output: 5 } });
  const after = { ...before, input: 61, cached: 0, estimated: 0 };
  expect((await store.load("old"))?.spent).toEqual({ ...after, unpriced: 2 });
});
