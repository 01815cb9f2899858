import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@orch/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processOwner } from "../database/owner.ts";
import { type SqliteStore, sqliteStore } from "./sqlite-store.ts";

const DAY = 86_400_000;
const LEASE = 30_000;
const START = 1_000_000;

let folder = "";
let wall = START;
let sinceBoot = 0;
const opened: SqliteStore[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orch-leases-"));
  wall = START;
  sinceBoot = 5;
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const clock: Clock = { now: () => wall, after: () => () => {} };

/** A store of another process on the machine that was booted as `id`. */
function store(id = "boot 1"): SqliteStore {
  const owner = { ...processOwner(), boot: { id, now: () => sinceBoot } };
  const made = sqliteStore(join(folder, "runs.db"), { clock, owner });
  opened.push(made);
  return made;
}

async function claimed(): Promise<{ readonly runId: string; readonly epoch: number }> {
  const run = { runId: "r", orchestration: "o", version: "1", hash: "h", createdAt: wall };
  const claim = await store().create(run, [], wall + LEASE);
  return claim as { readonly runId: string; readonly epoch: number };
}

const take = async (by: SqliteStore): Promise<string> => (await by.claim("r", wall, wall + LEASE)).kind;

/** Time goes by, on both clocks. */
function pass(ms: number): void {
  wall += ms;
  sinceBoot += ms;
}

describe("P5: the lease of a live process", () => {
  it("is not ended by a wall clock that is set forward", async () => {
    await claimed();
    wall += DAY;

    expect(await take(store())).toBe("held");
    expect((await store().get("r"))?.holder?.until).toBe(wall + LEASE);
    pass(LEASE);
    expect(await take(store())).toBe("claimed");
  });

  it("is not stretched by a wall clock that is set back", async () => {
    await claimed();
    wall -= DAY;
    pass(LEASE - 1);
    expect(await take(store())).toBe("held");
    pass(1);

    expect(await take(store())).toBe("claimed");
  });

  it("is renewed from the moment of the renewal, wherever the wall clock stands", async () => {
    const claim = await claimed();
    wall -= DAY;
    pass(20_000);
    expect(await opened[0]!.renew([claim], wall + LEASE)).toEqual([]);
    pass(LEASE - 1);
    expect(await take(store())).toBe("held");
    pass(1);

    expect(await take(store())).toBe("claimed");
  });

  it("ends by the wall clock for a machine that was booted otherwise", async () => {
    await claimed();
    sinceBoot = 0;
    wall += LEASE - 1;
    expect(await take(store("boot 2"))).toBe("held");
    wall += 1;

    expect(await take(store("boot 2"))).toBe("claimed");
  });

  it("is ended for an answer only when it is over by the clock of the boot", async () => {
    await claimed();
    wall += DAY;
    const answer = { type: "answer", question: "q", value: 1, at: wall } as const;
    expect(await store().keep("r", answer, { records: 0, now: wall })).toBe("held");
    pass(LEASE);

    expect(await store().keep("r", answer, { records: 0, now: wall })).toBe(1);
  });
});
