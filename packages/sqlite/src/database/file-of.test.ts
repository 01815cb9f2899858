import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sqliteHost, sqliteStore } from "../index.ts";
import { sqliteSessions } from "../sessions.ts";
import { fileOf } from "./file-of.ts";

describe("the path of a database", () => {
  it("is made absolute", () => {
    expect(fileOf("data/runs.db")).toBe(resolve("data/runs.db"));
  });

  it.each([":memory:", "", "file:runs.db?mode=memory"])(
    "is refused when it is %j, and nothing is made",
    (path) => {
      const before = readdirSync(".");
      const refusal = { code: "ORCH_STORE_PATH", facts: { path } };

      expect(() => sqliteHost(path)).toThrow(expect.objectContaining(refusal));
      expect(() => sqliteSessions({ file: path })).toThrow(expect.objectContaining(refusal));
      expect(readdirSync(".")).toEqual(before);
    },
  );
});

describe("an option of a store", () => {
  it.each([
    ["synchronous", "FULL"],
    ["onDamage", "ignore"],
  ])("is refused when %s is %j, and nothing is made", (option, given) => {
    const file = join(tmpdir(), "never", "runs.db");

    expect(() => sqliteStore(file, { [option]: given })).toThrow(
      expect.objectContaining({
        code: "ORCH_STORE_OPTION",
        facts: expect.objectContaining({ option, given }),
      }),
    );
    expect(existsSync(file)).toBe(false);
  });
});

describe("a database whose file was deleted by hand after its process was killed", () => {
  it("says what else to delete, and is kept aside once", () => {
    const folder = mkdtempSync(join(tmpdir(), "orch-gone-"));
    try {
      const file = join(folder, "runs.db");
      writeFileSync(`${file}-wal`, "what a killed process left");
      const open = (): unknown => sqliteHost(file);
      const gone = expect.objectContaining({
        code: "ORCH_STORE_DAMAGED",
        message: expect.stringContaining(
          `If you deleted the file yourself, delete ${file}-wal and ${file}-shm`,
        ),
      });
      expect(open).toThrow(gone);
      expect(open).toThrow(gone);

      expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is no folder", () => {
    expect(() => sqliteHost(tmpdir())).toThrow(/is a folder, and runs are kept in a regular file/);
  });
});
