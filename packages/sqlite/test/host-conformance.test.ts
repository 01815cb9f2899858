import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { durableHostConformance } from "@orch/testing/conformance";
import { afterAll, beforeAll, describe } from "vitest";
import { budget, thorough } from "../../../scripts/lanes.ts";
import { sqliteStore } from "../src/index.ts";

let folder = "";
let empty = "";
let made = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-host-conformance-"));
  empty = join(folder, "empty.db");
  await sqliteStore(empty).close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a durable host on SQLite", () => {
  // What writes when is core's, and core tries all three over a store in memory in every lane.
  for (const durability of thorough ? (["step", "group", "end"] as const) : (["group"] as const)) {
    describe(`that writes at every ${durability}`, () => {
      durableHostConformance(
        () => {
          made += 1;
          const file = join(folder, `${made}.db`);
          // A copy of an empty file costs a third of making one.
          copyFileSync(empty, file);
          return {
            store: () => sqliteStore(file),
            cleanUp: () => {
              for (const part of ["", "-wal", "-shm"]) rmSync(`${file}${part}`, { force: true });
            },
          };
        },
        {
          durability,
          crashes: 2,
          crashEvery: budget(durability === "group" ? "sqliteCrashesEvery" : "otherSqliteCrashesEvery"),
        },
      );
    });
  }
});
