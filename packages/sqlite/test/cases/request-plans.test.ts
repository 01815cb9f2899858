/** That SQLite finds the requests that are not decided by their index, however many there were. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, vi } from "vitest";
import { sqliteStore } from "../../src/index.ts";

it("no statement of a store looks through all requests", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orch-plans-"));
  const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
  try {
    const store = sqliteStore(join(folder, "runs.db"));
    const claim = await store.create(
      { runId: "r", orchestration: "o", version: "1", hash: "h", createdAt: 1 },
      [{ type: "started", at: 1, path: "o" }],
      Number.MAX_SAFE_INTEGER,
    );
    if (claim === "exists") throw new TypeError("The file is new.");
    await store.offer("r", { type: "cancel", reason: "enough", at: 1 }, 2);
    expect(await store.openRequests()).toHaveLength(1);
    expect(await store.undecided!("r")).toMatchObject({ requests: [{ number: 1 }], made: 1 });
    // A statement is prepared when it is used first: each of them is used.
    expect(await store.withdraw("r", 1)).toMatchObject({ state: "refused" });
    await store.release([claim]);
    const answer = { type: "answer", question: "q", value: 1, at: 1 } as const;
    expect(await store.keep("r", answer, { records: 1, requests: 1, now: 2 })).toBe(2);
    expect(await store.requests("r")).toHaveLength(2);
    expect(await store.delete("r", 2)).toBe("deleted");
    const about = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter(
      (sql) => /\brequests\b/.test(sql) && !sql.startsWith("PRAGMA"),
    );
    prepare.mockRestore();
    await store.close();
    const database = new DatabaseSync(join(folder, "runs.db"));
    const plans = about.flatMap((sql) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail)),
    );
    database.close();
    expect(plans.filter((detail) => detail.includes("requests_by_state")).length).toBeGreaterThan(2);
    expect(plans.filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
  } finally {
    prepare.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
