import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Claim, JournalRecord } from "@orch/core/host";
import { manualClock } from "@orch/testing";
import { storeConformance } from "@orch/testing/conformance";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { budget, thorough } from "../../../../scripts/lanes.ts";
import { FORMAT, MIGRATIONS } from "../database/migrations.ts";
import { openDatabase } from "../database/open-database.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { rowSum } from "../database/row-checksum.ts";
import { sqliteSessions } from "../sessions.ts";
import { recordSum } from "./record-checksum.ts";
import { type SqliteStore, type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

let folder = "";
let open: SqliteStore[] = [];
const file = (): string => join(folder, "data", "runs.db");

function make(options: SqliteStoreOptions = {}): SqliteStore {
  const store = sqliteStore(file(), options);
  open.push(store);
  return store;
}

function created(store: SqliteStore, runId: string, ...records: readonly JournalRecord[]): Claim {
  return store.create(
    { runId, orchestration: "o", version: "1", hash: "h", createdAt: 1 },
    records,
    100,
  ) as Claim;
}

function record(at: number, value = `${at}`): JournalRecord {
  return { type: "committed", at, path: "step#1", value };
}

/** Asks the file itself, past the store. */
function asked(sql: string): unknown {
  const database = new DatabaseSync(file());
  try {
    return Object.values(database.prepare(sql).get() ?? {})[0];
  } finally {
    database.close();
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-runs-"));
  open = [];
});
afterEach(async () => {
  for (const store of open) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("sqliteStore", () => {
  const options = { sequences: budget("sqliteSequences") };
  storeConformance(() => {
    // Many files that nobody keeps: in memory where the system has such a folder.
    const place = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-runs-"));
    const runs = join(place, "data", "runs.db");
    return {
      store: sqliteStore(runs),
      another: () => sqliteStore(runs),
      cleanUp: () => rmSync(place, { recursive: true, force: true }),
    };
  }, options);

  it("does not call a file damaged that a newer version has brought to its format meanwhile", () => {
    const store = make();
    const claim = created(store, "r", record(1));
    const newer = new DatabaseSync(file());
    newer.exec(`ALTER TABLE journal RENAME TO records; PRAGMA user_version = ${FORMAT + 1}`);
    newer.close();
    const refused = expect.objectContaining({ code: "ORCH_STORE_NEWER" });
    expect(() => store.append([{ claim, from: 2, records: [record(2)] }])).toThrow(refused);
    expect(() => store.load("r")).toThrow(refused);
    expect(readdirSync(join(folder, "data")).filter((name) => name.includes("damaged"))).toEqual([]);
  });

  it("keeps the file and its folder for this user only", async () => {
    const before = process.umask(0);
    try {
      created(make(), "r", record(1));
    } finally {
      process.umask(before);
    }
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    expect(mode(join(folder, "data"))).toBe("700");
    const names = readdirSync(join(folder, "data"));
    expect(names.map((name) => [name, mode(join(folder, "data", name))])).toEqual([
      ["runs.db", "600"],
      ["runs.db-shm", "600"],
      ["runs.db-wal", "600"],
    ]);
    await open[0]?.close();
    chmodSync(file(), 0o644);
    make();
    expect(mode(file())).toBe("600");
  });

  it.each(["", "-wal", "-shm"])(
    "does not write through a link in the place of the database%s",
    async (part) => {
      await make().close();
      rmSync(file() + part, { force: true });
      const target = join(folder, "precious");
      for (const exists of [false, true]) {
        if (exists) writeFileSync(target, "precious");
        else symlinkSync(target, file() + part);
        expect(() => make()).toThrow(
          expect.objectContaining({ code: "ORCH_STORE_LINK", facts: { file: file() + part } }),
        );
      }
      expect(readFileSync(target, "utf8")).toBe("precious");
    },
  );

  it("refuses everything after close", async () => {
    const store = make();
    await store.close();
    expect(() => store.list({})).toThrow(expect.objectContaining({ code: "ORCH_STORE_CLOSED" }));
    expect(() => store.append([])).toThrow(expect.objectContaining({ code: "ORCH_STORE_CLOSED" }));
  });

  it("says that the file stayed locked when another process holds it too long, and writes once it is free", () => {
    const store = make({ busyTimeout: 10 });
    const claim = created(store, "r", record(1));
    const other = new DatabaseSync(file());
    other.exec("BEGIN IMMEDIATE");
    const append = [{ claim, from: 2, records: [record(2)] }];
    expect(() => store.append(append)).toThrow(
      expect.objectContaining({ code: "ORCH_STORE_BUSY", retryable: true }),
    );
    // Reading waits for nobody.
    expect(store.load("r")).toHaveLength(1);
    other.exec("ROLLBACK");
    other.close();
    expect(store.append(append)).toEqual([]);
  });

  it("shares its file with conversations, and brings a file that has only those to the newest format", async () => {
    mkdirSync(join(folder, "data"), { mode: 0o700 });
    const old = new DatabaseSync(file());
    old.exec(
      `PRAGMA application_id = ${0x4f726368}; PRAGMA journal_mode = WAL; ${MIGRATIONS[0]}; PRAGMA user_version = 1`,
    );
    old.close();
    created(make(), "r", record(1));
    expect(asked("PRAGMA user_version")).toBe(FORMAT);
    const sessions = sqliteSessions({ file: file() });
    await sessions.open("s", 1);
    await sessions.close();
    expect(make().load("r")).toHaveLength(1);
  });

  it("refuses a file of a newer format, and does not touch it", async () => {
    await make().close();
    const newer = new DatabaseSync(file());
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    const before = readFileSync(file());
    const error = { code: "ORCH_STORE_NEWER", facts: { file: file(), found: 99, known: FORMAT } };
    expect(() => make()).toThrow(expect.objectContaining(error));
    expect(readFileSync(file())).toEqual(before);
  });

  it.each([
    [{}, "NORMAL"],
    [{ synchronous: "normal" }, "NORMAL"],
    [{ synchronous: "full" }, "FULL"],
  ] as const)("opened with %o asks SQLite for synchronous = %s", (options, level) => {
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    try {
      make(options);
      const asked = exec.mock.calls.map(([sql]) => sql).filter((sql) => sql.includes("synchronous"));
      expect(asked.at(-1)).toBe(`PRAGMA synchronous = ${level}`);
    } finally {
      exec.mockRestore();
    }
  });
});

describe("a large value", () => {
  const large = JSON.stringify("x".repeat(100_000));

  it("is kept once, however many records and runs have it, and goes with the last of them", () => {
    const store = make();
    const one = created(store, "one", record(1, large));
    store.append([
      { claim: one, from: 2, records: [record(2, large), { ...record(3, large), more: large }] },
    ]);
    const two = created(store, "two", record(1, large), record(2, `${large} `));
    expect(asked("SELECT count(*) FROM blobs")).toBe(2);
    expect(store.load("one")).toEqual([
      record(1, large),
      record(2, large),
      { ...record(3, large), more: large },
    ]);
    store.release([one, two]);
    store.delete("two", 1);
    expect(asked("SELECT count(*) FROM blobs")).toBe(1);
    expect(store.load("one")).toHaveLength(3);
    store.delete("one", 1);
    expect(asked("SELECT count(*) FROM blobs")).toBe(0);
    expect(asked("SELECT count(*) FROM blob_uses")).toBe(0);
  });

  it("costs the log little when it comes again", async () => {
    const store = make();
    const claim = created(store, "r", record(1, large));
    const before = statSync(`${file()}-wal`).size;
    for (let at = 2; at <= 11; at++) store.append([{ claim, from: at, records: [record(at, large)] }]);
    expect(statSync(`${file()}-wal`).size - before).toBeLessThan(large.length);
  });
});

describe("a long run", () => {
  const large = "x".repeat(50_000);
  const written = Array.from({ length: 4_500 }, (_, index) =>
    record(index + 1, index === 4_200 ? large : undefined),
  );

  it("is read whole, and from any record on", () => {
    const store = make();
    created(store, "r", ...written);

    expect(store.load("r")).toEqual(written);
    for (const from of [0, 2_000, 2_001, 2_501, 4_500, 4_501]) {
      expect(store.load("r", from)).toEqual(written.slice(Math.max(0, from - 1)));
    }
  });

  it("is named with the record that is missing", () => {
    const store = make();
    created(store, "r", ...written);
    const database = new DatabaseSync(file());
    database.exec("DELETE FROM journal WHERE place & 0xffffffff = 2001");
    database.close();

    expect(() => store.load("r")).toThrow(/record 2001 of run "r" \(table journal\), which is missing/);
  });
});

describe("a claim in a file", () => {
  const someone = (more: Partial<OwnerDoor["self"]>, runs = true): OwnerDoor => ({
    self: { pid: 4711, host: "elsewhere", startedAt: "then", ...more },
    token: JSON.stringify(more),
    runs: () => runs,
  });

  it("names the process", () => {
    created(make(), "r");
    const { pid, host } = processOwner().self;
    const holder = { name: `process ${pid} on ${host}`, until: 100 };
    expect(make().claim("r", 1, 200)).toEqual({ kind: "held", holder });
    expect(make().get("r")).toMatchObject({ holder });
  });

  it("is taken over at once when its process has ended, or its number belongs to another one now", () => {
    const { self } = processOwner();
    const dead = make({ owner: { ...processOwner(), self: { ...self, startedAt: "an earlier boot:1" } } });
    const claim = created(dead, "r", record(1));
    const next = make();
    expect(next.get("r")).not.toHaveProperty("holder");
    expect(next.claim("r", 1, 200)).toMatchObject({ kind: "claimed" });
    expect(dead.append([{ claim, from: 2, records: [record(2)] }])).toEqual([claim]);
    expect(next.load("r")).toEqual([record(1)]);
  });

  it("is let go of when the store is closed, also one that ended in a transaction that failed", async () => {
    const store = make();
    const [a, b] = [created(store, "a", record(1)), created(store, "b", record(1))];
    const batch = [
      { claim: a, from: 2, records: [record(2)], status: "completed" as const },
      { claim: b, from: 7, records: [record(7)] },
    ];
    expect(() => store.append(batch)).toThrow(expect.objectContaining({ code: "ORCH_JOURNAL_POSITION" }));
    await store.close();

    expect(make().claim("a", 1, 200)).toMatchObject({ kind: "claimed" });
  });

  it("of another machine is taken over when its time is over", () => {
    created(make({ owner: someone({}, false) }), "r");
    const here = make();
    expect(here.claim("r", 99, 200)).toMatchObject({
      kind: "held",
      holder: { name: "process 4711 on elsewhere" },
    });
    expect(here.claim("r", 100, 200)).toMatchObject({ kind: "claimed" });
  });
});

describe("the log of a file", () => {
  it("is copied into the database when nothing was written for a while, and not before", async () => {
    const clock = manualClock();
    const store = make({ clock });
    const claim = created(store, "r");
    const size = statSync(file()).size;
    for (let at = 1; at <= 50; at++) {
      store.append([{ claim, from: at, records: [record(at, "x".repeat(4000))] }]);
      await clock.advance(100);
    }
    expect(statSync(file()).size).toBe(size);
    expect(clock.pending()).toBe(1);
    await clock.advance(1000);
    expect(statSync(file()).size).toBeGreaterThan(size + 200_000);
    expect(clock.pending()).toBe(0);
  });

  it("is copied when what is ready has run, once it is long", async () => {
    const clock = manualClock();
    const store = make({ clock });
    const claim = created(store, "r");
    const size = statSync(file()).size;
    for (let at = 1; at <= 5; at++) {
      store.append([{ claim, from: at, records: [record(at, `${at}${"x".repeat(1_000_000)}`)] }]);
    }
    expect(statSync(file()).size).toBe(size);
    await clock.advance(0);
    expect(statSync(file()).size).toBeGreaterThan(size + 5_000_000);
    expect(clock.pending()).toBe(0);
  });

  // Beside it stands the log that is copied when what is ready has run.
  it.runIf(thorough)(
    "is copied at once when it grows without a rest, and no timer outlives the store",
    async () => {
      const clock = manualClock();
      const store = make({ clock });
      const claim = created(store, "r");
      const size = statSync(file()).size;
      for (let at = 1; at <= 40; at++) {
        store.append([{ claim, from: at, records: [record(at, `${at}${"x".repeat(2_000_000)}`)] }]);
      }
      expect(statSync(file()).size).toBeGreaterThan(size + 60_000_000);
      await store.close();
      expect(clock.pending()).toBe(0);
      expect(existsSync(`${file()}-wal`)).toBe(false);
    },
  );
});

describe("a changed letter", () => {
  const damage = (sql: string): void => {
    const database = new DatabaseSync(file());
    database.exec(sql);
    database.close();
  };

  it.each<[string, string, (store: SqliteStore) => unknown]>([
    [
      'record 2 of run "r" (table journal)',
      "UPDATE journal SET value = '3' WHERE place & 255 = 2",
      (store) => store.load("r"),
    ],
    [
      'record 2 of run "r" (table journal)',
      "UPDATE journal SET path = 'step#2' WHERE place & 255 = 2",
      (store) => store.load("r", 2),
    ],
    [
      'record 3 of run "r" (table journal)',
      "UPDATE journal SET at = 4 WHERE place & 255 = 3",
      (store) => store.get("r"),
    ],
    [
      'record 2 of run "r" (table journal), which is missing,',
      "DELETE FROM journal WHERE place & 255 = 2",
      (store) => store.load("r"),
    ],
    [
      'request 1 of run "r" (table requests)',
      "UPDATE requests SET value = '2'",
      (store) => store.requests("r"),
    ],
    [
      'request 1 of run "r" (table requests)',
      "UPDATE requests SET state = 'taken'",
      (store) => store.requests("r"),
    ],
    [
      'request 1 of run "r" (table requests)',
      "UPDATE requests SET detail = '1'",
      (store) => store.openRequests(),
    ],
    ['run "r" (table runs)', "UPDATE runs SET until = 9e9", (store) => store.claim("r", 200, 300)],
    ['run "r" (table runs)', "UPDATE runs SET epoch = epoch - 1", (store) => store.claim("r", 200, 300)],
    ['run "r" (table runs)', "UPDATE runs SET version = '2'", (store) => store.list({})],
    [
      'a large value (table blobs) of record 3 of run "r"',
      "UPDATE blobs SET body = x'00'",
      (store) => store.load("r"),
    ],
    ['a large value (table blobs) of record 3 of run "r"', "DELETE FROM blobs", (store) => store.load("r")],
  ])("in %s is named with its place, and a copy is kept", (place, sql, read) => {
    const store = make();
    created(store, "r", record(1), record(2), record(3, "x".repeat(50_000)));
    store.offer("r", { type: "answer", question: "q", value: 1, at: 1 }, 0);
    damage(sql);
    expect(() => read(store)).toThrow(
      expect.objectContaining({
        code: "ORCH_STORE_DAMAGED",
        facts: {
          file: file(),
          problem: `${place} is not what was written`,
          keptAt: expect.stringContaining("damaged-"),
        },
      }),
    );
  });

  it("in a table's definition, or a row of a run that is not there, is named when the file is opened", async () => {
    const store = make();
    created(store, "r", record(1));
    await store.close();
    damage("UPDATE journal SET place = (7 << 32) | 1");
    expect(() => make()).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ problem: "table journal has rows of run 7, which is not there" }),
      }),
    );
    damage("UPDATE journal SET place = (1 << 32) | 1; DROP INDEX runs_by_due");
    expect(() => make()).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ problem: "its table or index runs_by_due is not there" }),
      }),
    );
  });

  it("in the last number of a run is named when the file is opened, and makes no number twice", async () => {
    const store = make();
    created(store, "a");
    created(store, "b");
    damage("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'runs'");
    expect(created(store, "c")).toMatchObject({ runId: "c" });
    expect(store.get("c")).toBeDefined();
    await store.close();
    damage("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'runs'");

    expect(() => make()).toThrow(
      /the last number of a run \(table sqlite_sequence\) is not what was written/,
    );
  });

  it("of a run's name is named wherever it stands: in the table, and in its index", async () => {
    const name = "a-name-that-stands-nowhere-else";
    const store = make();
    created(store, name, record(1));
    await store.close();
    const whole = readFileSync(file());
    let places = 0;
    for (let at = whole.indexOf(name); at >= 0; at = whole.indexOf(name, at + 1), places += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = "b".charCodeAt(0);
      writeFileSync(file(), bytes);
      expect(() => make()).toThrow(expect.objectContaining({ code: "ORCH_STORE_DAMAGED" }));
    }
    expect(places).toBeGreaterThanOrEqual(2);
    writeFileSync(file(), whole);
    expect(make().load(name)).toEqual([record(1)]);
  });
});

describe("a file of format 2, where claims have a table of their own", () => {
  /** Rows as that format has them: two runs, one of them claimed for long by a process that lives. */
  const before = (change: string): void => {
    mkdirSync(join(folder, "data"), { mode: 0o700 });
    const { self } = processOwner();
    const runs = [1, 2].map((run) => [run, `r${run}`, "o", "1", "h", 1, null, "running", null] as const);
    const claim = [1, "old", self.pid, self.host, self.startedAt, 9e15] as const;
    const row = { seq: 1, type: "committed", at: 1, path: "step#1", value: "1", more: null };
    const database = new DatabaseSync(file());
    database.exec(
      `PRAGMA application_id = ${0x4f726368}; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF`,
    );
    database.exec(`${MIGRATIONS[0]}; ${MIGRATIONS[1]}; PRAGMA user_version = 2`);
    for (const run of runs) {
      database.prepare("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(...run, rowSum(run));
      database
        .prepare("INSERT INTO journal VALUES (?, 1, 'committed', 1, 'step#1', '1', NULL, NULL, NULL, ?)")
        .run(run[0], recordSum(run[0], { ...row, value_at: null, more_at: null }));
    }
    database.prepare("INSERT INTO claims VALUES (40, ?, ?, ?, ?, ?, ?, ?)").run(...claim, rowSum(claim));
    database.exec(change);
    database.close();
  };

  it("is brought to the newest: its records are there, and its claims end with a number that is not given again", () => {
    before("");
    const store = make();
    expect(store.load("r1")).toEqual([record(1)]);
    expect(store.get("r1")).not.toHaveProperty("holder");
    const claimed = store.claim("r1", 1, 100);
    expect(claimed).toMatchObject({ kind: "claimed", claim: { runId: "r1", epoch: 41 } });
    const old = { runId: "r1", epoch: 40 };
    expect(store.append([{ claim: old, from: 2, records: [record(2)] }])).toEqual([old]);
    expect(created(store, "r3", record(1)).epoch).toBeGreaterThan(41);
  });

  it("is looked at in one state, also when another process brings it to the newest meanwhile", () => {
    before("");
    const { database } = openDatabase({
      file: file(),
      onDamage: "fail",
      busyTimeout: 5000,
      now: () => 1,
      token: "t",
      verify: (looking) => {
        expect(make().load("r1")).toEqual([record(1)]);
        expect(looking.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
        expect(looking.prepare("SELECT count(*) AS claims FROM claims").get()).toEqual({ claims: 1 });
      },
    });
    expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: FORMAT });
    database.close();
  });

  it.each([
    ['run "r2" (table runs)', "UPDATE runs SET version = '2' WHERE run = 2"],
    ['record 1 of run "r2" (table journal)', "UPDATE journal SET value = '2' WHERE run = 2"],
    ['record 1 of run "r2" (table journal)', "UPDATE journal SET type = 'comitted' WHERE run = 2"],
  ])("does not pass as whole with damage in %s, whoever brings it to the newest", async (problem, change) => {
    before(change);
    // Conversations do not look at runs.
    await sqliteSessions({ file: file() }).close();
    expect(() => make().load("r2")).toThrow(
      expect.objectContaining({
        code: "ORCH_STORE_DAMAGED",
        facts: expect.objectContaining({ problem: `${problem} is not what was written` }),
      }),
    );
  });
});
