import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session, TurnRecord } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed, takes } from "../../../scripts/lanes.ts";
import { PAGE_SIZE } from "../src/database/connect.ts";
import { sqliteSessions } from "../src/sessions.ts";
import { seeded } from "./seeded.ts";

const PARTS = ["", "-wal", "-shm"];
const SESSIONS = ["alpha", "beta", "gamma"];
const CODES = ["ORCH_STORE_DAMAGED", "ORCH_STORE_NEWER"];

let folder = "";
/** A file as a killed process leaves it: some turns in the database, some in its log only. */
let killed = "";
/** The same, closed: all in the database. */
let closed = "";
let whole: readonly Session[] = [];

function turn(at: number): TurnRecord {
  const text = `answer ${at} `.repeat(1 + ((at * 37) % 200));
  const origin = { provider: "test", api: "test", model: "test" };
  return {
    id: `turn${at}`,
    configuration: "test",
    status: "completed",
    messages: [
      { role: "user", content: [{ type: "text", text: `question ${at}` }] },
      { role: "assistant", content: [{ type: "text", text }], origin, finish: { reason: "stop" } },
    ],
    startedAt: at,
    endedAt: at + 1,
  };
}

function copy(from: string, to: string): void {
  for (const part of PARTS) if (existsSync(from + part)) copyFileSync(from + part, to + part);
}

async function readAll(file: string): Promise<readonly Session[]> {
  const store = sqliteSessions({ file });
  try {
    expect((await store.list()).map((one) => one.id).toSorted()).toEqual(SESSIONS);
    return await Promise.all(SESSIONS.map(async (id) => (await store.load(id)) as Session));
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orch-damage-"));
  const file = join(folder, "source.db");
  closed = join(folder, "closed.db");
  killed = join(folder, "killed.db");
  for (const [index, id] of SESSIONS.entries()) {
    const store = sqliteSessions({ file });
    await store.open(id, 1);
    await store.rename(id, `Title of ${id}`);
    for (let at = 1; at <= 8; at++) await store.finish(id, turn(index * 100 + at));
    await store.close();
  }
  const store = sqliteSessions({ file });
  for (const id of SESSIONS) {
    await store.open(id, 1);
    for (let at = 9; at <= 12; at++) await store.finish(id, turn(at));
  }
  copy(file, killed);
  await store.close();
  copy(file, closed);
  const reader = sqliteSessions({ file });
  whole = await Promise.all(SESSIONS.map(async (id) => (await reader.load(id)) as Session));
  await reader.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Outcome = "whole" | "named";

/** Opens a damaged copy: it reads whole, or an error names it, keeps it aside and leaves it as it was. */
async function tried(name: string, from: string, damage: (file: string) => void): Promise<Outcome> {
  const place = mkdtempSync(join(folder, "try-"));
  const file = join(place, "orch.db");
  copy(from, file);
  damage(file);
  const before = new Map(
    PARTS.map((part) => [part, existsSync(file + part) ? readFileSync(file + part) : undefined]),
  );
  try {
    // The holds of the killed process are of this very process, which runs: they show, and that is right.
    const sessions = (await readAll(file)).map(
      ({ heldBy: _heldBy, heldSince: _since, ...session }) => session,
    );
    expect(sessions, name).toEqual(
      whole.map(({ heldBy: _heldBy, heldSince: _since, ...session }) => session),
    );
    return "whole";
  } catch (error) {
    if (!isOrchError(error)) throw new Error(`${name}: ${String(error)}`, { cause: error });
    expect(CODES, `${name}: ${error.message}`).toContain(error.code);
    if (!isOrchError(error, "ORCH_STORE_DAMAGED")) return "named";
    const kept = readdirSync(place).filter((one) => one.startsWith("orch.db.damaged-"));
    expect(kept.length, name).toBeGreaterThan(0);
    const { keptAt } = error.facts;
    for (const part of ["", "-wal"]) {
      const was = before.get(part);
      if (!error.message.includes("is not what was written") && was !== undefined) {
        expect(readFileSync(file + part).equals(was), `${name}: ${part} is as it was`).toBe(true);
        expect(readFileSync(keptAt + part).equals(was), `${name}: ${part} is kept`).toBe(true);
      }
    }
    return "named";
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function flip(file: string, at: number, mask: number): void {
  const bytes = readFileSync(file);
  bytes[at] = bytes[at]! ^ mask;
  writeFileSync(file, bytes);
}

const EVERY = budget("damagedSessionsEvery");

/** Does a share of the damages. `one` draws its place, and gives what tries it, so that each lane does the same damages. */
async function count(
  name: string,
  places: number,
  one: (at: number) => () => Promise<Outcome>,
): Promise<Record<Outcome, number>> {
  const outcomes = { whole: 0, named: 0 };
  for (let at = 0; at < places; at++) {
    const damaged = one(at);
    if (takes(at, EVERY)) outcomes[await damaged()] += 1;
  }
  const tries = outcomes.whole + outcomes.named;
  figure(
    `damaged file of sessions, ${name}: ${tries} damages, ${outcomes.whole} read whole, ${outcomes.named} named`,
  );
  return outcomes;
}

describe("a damaged file", () => {
  it("reads whole as it is, closed or left by a killed process", async () => {
    expect(await tried("closed", closed, () => {})).toBe("whole");
    expect(await tried("killed", killed, () => {})).toBe("whole");
  });

  const random = seeded(seed);
  const sizeOf = (file: string): number => readFileSync(file).length;
  const mask = (): number => 1 << Math.floor(random() * 8);

  it("with a changed bit reads whole or is named", async () => {
    const { named } = await count("bits in a closed database", 150, (at) => {
      const place = at < 100 ? at : Math.floor(random() * sizeOf(closed));
      const bit = mask();
      return () => tried(`bit at ${place}`, closed, (file) => flip(file, place, bit));
    });
    expect(named).toBeGreaterThan(50 / EVERY);
  });

  it("with a changed bit after a kill reads whole or is named", async () => {
    for (const part of PARTS) {
      await count(`bits in a killed ${part || "database"}`, 80, (at) => {
        const place = at < 20 ? at * 5 : Math.floor(random() * sizeOf(killed + part));
        const bit = mask();
        return () => tried(`${part} bit at ${place}`, killed, (file) => flip(file + part, place, bit));
      });
    }
  });

  it("that was cut reads whole or is named", async () => {
    const cut = (from: string, part: string, tries: number): Promise<Record<Outcome, number>> =>
      count(`cuts of ${part || "database"}`, tries, (at) => {
        const size = sizeOf(from + part);
        // Cuts at page borders are the ones that look like a smaller whole file.
        const pages = Math.floor((random() * size) / PAGE_SIZE) * PAGE_SIZE;
        const length = at === 0 ? 0 : at % 2 === 0 ? pages : Math.floor(random() * size);
        return () =>
          tried(`${part} cut to ${length} of ${size}`, from, (file) => truncateSync(file + part, length));
      });
    expect((await cut(closed, "", 60)).whole).toBe(0);
    await cut(killed, "", 40);
    expect((await cut(killed, "-wal", 60)).whole).toBe(0);
    await cut(killed, "-shm", 20);
  });

  it("that was cut in the rest of a long value, which its log does not have, is named before it is written", async () => {
    // The last page of a value has no page after it, and so SQLite does not miss it.
    for (let lost = 1; lost <= 8; lost++) {
      const length = sizeOf(killed) - lost * PAGE_SIZE;
      await tried(`cut by ${lost} pages`, killed, (file) => truncateSync(file, length));
    }
  });

  it("that lost its log is named", async () => {
    expect(await tried("no log", killed, (file) => rmSync(`${file}-wal`))).toBe("named");
  });
});
