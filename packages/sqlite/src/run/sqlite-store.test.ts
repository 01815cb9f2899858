import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeConformance } from "@orch/testing/conformance";
import { describe } from "vitest";
import { sqliteStore } from "./sqlite-store.ts";

describe("sqliteStore", () => {
  storeConformance(() => {
    const folder = mkdtempSync(join(tmpdir(), "orch-runs-"));
    const file = join(folder, "data", "runs.db");
    return {
      store: sqliteStore(file),
      another: () => sqliteStore(file),
      cleanUp: () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});
