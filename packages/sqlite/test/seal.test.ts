import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { Claim } from "@orch/core/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "../../testing/src/clock/manual-clock.ts";
import { sqliteStore } from "../src/index.ts";
import { sqliteSessions } from "../src/sessions.ts";

const DAY = 86_400_000;
const DAMAGED = expect.objectContaining({ code: "ORCH_STORE_DAMAGED" });

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-seal-"));
  file = join(folder, "runs.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A file with some runs, closed. */
function filled(): void {
  const store = sqliteStore(file);
  for (let run = 0; run < 20; run++) {
    const made = { runId: `r${run}`, orchestration: "o", version: "1", hash: "h", createdAt: 1 };
    const claim = store.create(made, [], Date.now() + DAY) as Claim;
    const record = { type: "committed", at: 1, path: "o/step#1", value: `"${"x".repeat(900)}"` } as const;
    store.append([{ claim, from: 1, records: Array.from({ length: 20 }, () => record) }]);
  }
  store.close();
}

/** Whether a file is opened without being read: damage that only a check of all pages finds is not seen. */
function isSealed(): boolean {
  return existsSync(`${file}-seal`) && readFileSync(`${file}-seal`, "utf8").includes(printed());
}

function printed(): string {
  const { size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}

/** Damages a page in the middle, at the same size. */
function damage(): void {
  const bytes = readFileSync(file);
  bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 2_048);
  writeFileSync(file, bytes);
}

describe("a file that was closed", () => {
  it("is sealed, and opened without reading all of it", () => {
    filled();
    expect(isSealed()).toBe(true);
    const before = readFileSync(`${file}-seal`, "utf8");
    for (let time = 0; time < 3; time++) sqliteStore(file).close();
    expect(readFileSync(`${file}-seal`, "utf8")).toBe(before);
    const store = sqliteStore(file);
    store.claim("r1", 1, Date.now() + DAY);
    store.close();
    expect(readFileSync(`${file}-seal`, "utf8")).not.toBe(before);
    expect(isSealed()).toBe(true);
  });

  it.each([
    ["changed right after it was closed", () => damage()],
    [
      "changed, and given its old time",
      () => {
        const { atime, mtime } = statSync(file);
        damage();
        utimesSync(file, atime, mtime);
      },
    ],
    [
      "replaced by another file, and its seal kept",
      () => {
        damage();
        copyFileSync(file, `${file}.other`);
        renameSync(`${file}.other`, file);
      },
    ],
  ])("is checked when it was %s", (_, change) => {
    filled();
    change();
    expect(() => sqliteStore(file)).toThrow(DAMAGED);
  });

  it("is checked when its seal is missing, damaged, or of another format", () => {
    filled();
    const seal = readFileSync(`${file}-seal`, "utf8");
    const { atime, mtime } = statSync(file);
    for (const other of ["", seal.slice(0, 30), seal.replace('"runs"', '"runt"'), `1${seal}`]) {
      writeFileSync(`${file}-seal`, other);
      const store = sqliteStore(file);
      store.close();
      expect(isSealed()).toBe(true);
    }
    utimesSync(file, atime, mtime);
    rmSync(`${file}-seal`);
    damage();
    expect(() => sqliteStore(file)).toThrow(DAMAGED);
  });

  it("is checked when a process left a log behind", () => {
    filled();
    const other = new DatabaseSync(file);
    other.exec("PRAGMA wal_autocheckpoint = 0; INSERT INTO graphs (name, graph, sum) VALUES ('g', '', 0)");
    // What a process that was killed leaves: the file, and a log that nobody copied.
    copyFileSync(file, `${file}.kept`);
    copyFileSync(`${file}-wal`, `${file}.kept-wal`);
    other.close();
    file = `${file}.kept`;
    const store = sqliteStore(file);
    expect(store.get("r1")).toMatchObject({ records: 20 });
    store.close();
    expect(isSealed()).toBe(true);
  });

  it("is not sealed when something else wrote to it while it was open", () => {
    filled();
    const store = sqliteStore(file);
    const other = new DatabaseSync(file);
    other.exec("INSERT INTO graphs (name, graph, sum) VALUES ('g', '', 0); PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    store.close();
    expect(isSealed()).toBe(false);
    sqliteStore(file).close();
    expect(isSealed()).toBe(true);
  });

  it("is checked for what each door reads", async () => {
    filled();
    const before = readFileSync(`${file}-seal`, "utf8");
    expect(before).toContain('"doors":["runs","sessions"]');
    const database = new DatabaseSync(file);
    database.exec("UPDATE runs SET status = 'failed' WHERE run = 3");
    database.close();
    const sessions = sqliteSessions({ file });
    await sessions.close();
    expect(readFileSync(`${file}-seal`, "utf8")).toContain('"doors":["sessions"]');
    expect(() => sqliteStore(file)).toThrow(DAMAGED);
  });
});

describe("a sealed file that was not read for a day", () => {
  /** Damage that the time of the file does not show, as a medium makes it: the seal is made again over it. */
  function rot(): void {
    damage();
    const seal = JSON.parse(readFileSync(`${file}-seal`, "utf8").split("\n")[1]!) as { print: string };
    const [dev, ino] = seal.print.split(" ");
    const json = JSON.stringify({ ...seal, print: `${dev} ${ino} ${printed()}` });
    writeFileSync(`${file}-seal`, `${crc32(json)}\n${json}\n`);
  }

  it("is read while it is in use, and named before more is written to it", async () => {
    filled();
    rot();
    const clock = manualClock(Date.now() + 2 * DAY);
    const store = sqliteStore(file, { clock });
    let error: unknown;
    for (const began = Date.now(); error === undefined && Date.now() - began < 60_000; ) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        store.get("nothing");
      } catch (thrown) {
        error = thrown;
      }
    }
    expect(error).toEqual(DAMAGED);
    expect(() => store.claim("r1", 1, Date.now() + DAY)).toThrow(DAMAGED);
    store.close();
    expect(() => sqliteStore(file)).toThrow(DAMAGED);
  });

  it("is not read again before the next day", async () => {
    filled();
    const clock = manualClock(Date.now() + 2 * DAY);
    const checkedAt = (): number =>
      (JSON.parse(readFileSync(`${file}-seal`, "utf8").split("\n")[1]!) as { checkedAt: number }).checkedAt;
    const first = checkedAt();
    for (let turns = 1_000; checkedAt() === first && turns < 10_000_000; turns *= 2) {
      const store = sqliteStore(file, { clock });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      store.close();
    }
    expect(checkedAt()).toBe(clock.now());
  });

  it("is checked when it is opened after a week, and after the clock was set back", () => {
    filled();
    for (const days of [8, -1]) {
      rot();
      expect(() => sqliteStore(file, { clock: manualClock(Date.now() + days * DAY) })).toThrow(DAMAGED);
    }
  });
});
