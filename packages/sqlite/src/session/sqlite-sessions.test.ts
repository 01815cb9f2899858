import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { manualClock } from "@orch/testing";
import { sessionStoreConformance } from "@orch/testing/conformance";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FORMAT } from "../database/migrations.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { type SqliteSessionStore, type SqliteSessionsOptions, sqliteSessions } from "./sqlite-sessions.ts";

let folder = "";
let open: SqliteSessionStore[] = [];
const file = (): string => join(folder, "data", "orch.db");
function make(options: Partial<SqliteSessionsOptions> = {}): SqliteSessionStore {
  const store = sqliteSessions({ file: file(), ...options });
  open.push(store);
  return store;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-sessions-"));
  open = [];
});
afterEach(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("sqliteSessions", () => {
  sessionStoreConformance(() => ({ store: make(), another: () => make() }));

  it("keeps the file and its folder for this user only", async () => {
    const store = make();
    await store.open("s", 1);
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(join(folder, "data"))).toBe("700");
    expect(readdirSync(join(folder, "data")).map((name) => [name, mode(join(folder, "data", name))])).toEqual(
      [
        ["orch.db", "600"],
        ["orch.db-shm", "600"],
        ["orch.db-wal", "600"],
      ],
    );
    await store.close();
    chmodSync(file(), 0o644);
    make();
    expect(mode(file())).toBe("600");
  });

  it("refuses everything after close", async () => {
    const store = make();
    await store.close();
    await expect(store.list()).rejects.toMatchObject({ code: "ORCH_STORE_CLOSED" });
  });

  it("keeps what JSON cannot carry out, and changes nothing", async () => {
    const store = make();
    await store.open("s", 1);
    const turn = JSON.parse(
      '{"id":"t","configuration":"c","status":"completed","startedAt":1,"messages":[{"__proto__":1}]}',
    );
    await expect(store.finish("s", turn)).rejects.toMatchObject({ code: "ORCH_JSON" });
    expect(await store.load("s")).toMatchObject({ turnCount: 0, turns: [] });
  });

  it("says that its file was removed, and keeps nothing in a file that nobody finds", async () => {
    const store = make();
    await store.open("s", 1);
    for (const name of readdirSync(join(folder, "data"))) rmSync(join(folder, "data", name));
    await expect(store.rename("s", "lost")).rejects.toMatchObject({
      code: "ORCH_STORE_FAILED",
      message: expect.stringContaining("removed or replaced"),
    });
  });

  it("says that the file stayed locked when another process holds it too long", async () => {
    const store = make({ busyTimeout: 10 });
    const other = new DatabaseSync(file());
    other.exec("BEGIN IMMEDIATE");
    await expect(store.open("s", 1)).rejects.toMatchObject({ code: "ORCH_STORE_BUSY", retryable: true });
    other.exec("ROLLBACK");
    other.close();
    expect(await store.open("s", 1)).toMatchObject({ id: "s" });
  });
});

describe("the hold of a session", () => {
  const someone = (more: Partial<OwnerDoor["self"]>, runs = true): OwnerDoor => ({
    self: { pid: 4711, host: "elsewhere", startedAt: "then", ...more },
    token: JSON.stringify(more),
    runs: () => runs,
  });

  it("names the process, and stands while the process runs", async () => {
    await make().open("s", 1);
    const { pid, host } = processOwner().self;
    await expect(make().open("s", 2)).rejects.toMatchObject({
      code: "ORCH_SESSION_HELD",
      facts: { holder: `process ${pid} on ${host}` },
    });
  });

  it("is taken over at once when its process has ended, or its number belongs to another one now", async () => {
    const { self } = processOwner();
    const dead = make({ owner: { ...processOwner(), self: { ...self, startedAt: "an earlier boot:1" } } });
    await dead.open("s", 1);
    const next = make();
    expect((await next.list())[0]?.heldBy).toBeUndefined();
    await next.open("s", 2);
    const turn = { id: "t", configuration: "c", status: "failed", messages: [], startedAt: 1 } as const;
    await expect(dead.finish("s", turn)).rejects.toMatchObject({ code: "ORCH_SESSION_NOT_HELD" });
  });

  it("of another host is taken over after ten minutes without a sign", async () => {
    const clock = manualClock();
    await make({ clock, owner: someone({}) }).open("s", 1);
    const here = make({ clock });
    await clock.advance(599_999);
    await expect(here.open("s", 1)).rejects.toMatchObject({ code: "ORCH_SESSION_HELD" });
    await clock.advance(1);
    await here.open("s", 1);
  });

  it("keeps another process from removing the session", async () => {
    const store = make();
    await store.open("s", 1);
    await expect(make().remove("s")).rejects.toMatchObject({ code: "ORCH_SESSION_HELD" });
    await store.remove("s");
  });
});

describe("a file that cannot be used", () => {
  const damaged = (): unknown => {
    try {
      make();
    } catch (error) {
      return error;
    }
    return undefined;
  };
  const aside = (): string[] => readdirSync(join(folder, "data")).filter((name) => name.includes("damaged"));
  async function filled(): Promise<void> {
    const store = make();
    await store.open("s", 1);
    await store.close();
  }

  it.each<[string, () => void]>([
    ["is empty", () => writeFileSync(file(), "")],
    ["is no database", () => writeFileSync(file(), "Dear diary,\n".repeat(100))],
    ["is a database of another program", () => new DatabaseSync(otherProgram()).close()],
  ])("because it %s is named, copied aside once and left as it is", async (_why, spoil) => {
    await filled();
    spoil();
    const before = readFileSync(file());
    for (let at = 0; at < 3; at++) {
      expect(damaged()).toMatchObject({
        code: "ORCH_STORE_DAMAGED",
        facts: { file: file(), problem: expect.any(String), keptAt: expect.stringContaining("damaged-") },
      });
    }
    expect(readFileSync(file())).toEqual(before);
    expect(aside()).toHaveLength(1);
    expect(readFileSync(join(folder, "data", aside()[0]!))).toEqual(before);
  });

  function otherProgram(): string {
    rmSync(file());
    const other = new DatabaseSync(file());
    other.exec("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)");
    other.close();
    return file();
  }

  it("is moved aside for a new one on request, which is told", async () => {
    await filled();
    writeFileSync(file(), "Dear diary");
    const store = make({ onDamage: "start-new" });
    expect(store.notice).toMatchObject({
      file: file(),
      keptAt: expect.stringMatching(/damaged-\d{8}T\d{9}Z$/),
    });
    expect(readFileSync(store.notice?.keptAt ?? "", "utf8")).toBe("Dear diary");
    expect(await store.list()).toEqual([]);
    await store.close();
    expect(make().notice).toBeUndefined();
  });

  it("because it is newer is not touched, also with start-new", async () => {
    await filled();
    const newer = new DatabaseSync(file());
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    const error = { code: "ORCH_STORE_NEWER", facts: { file: file(), found: 99, known: FORMAT } };
    expect(() => make()).toThrow(expect.objectContaining(error));
    expect(() => make({ onDamage: "start-new" })).toThrow(expect.objectContaining(error));
    expect(aside()).toEqual([]);
  });

  it("because the folder is no folder is a failure, not a damage", () => {
    writeFileSync(join(folder, "data"), "a file");
    expect(() => make()).toThrow(expect.objectContaining({ code: "ORCH_STORE_FAILED" }));
  });

  it("because the database is gone and its log is there is damaged", async () => {
    const store = make();
    await store.open("s", 1);
    copyFileSync(`${file()}-wal`, join(folder, "log"));
    await store.close();
    rmSync(file());
    copyFileSync(join(folder, "log"), `${file()}-wal`);
    expect(damaged()).toMatchObject({ code: "ORCH_STORE_DAMAGED" });
  });
});
