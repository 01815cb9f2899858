import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOrchError } from "@orch/core";
import type { Claim, JournalRecord } from "@orch/core/host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { budget, figure, seed } from "../../../scripts/lanes.ts";
import { PAGE_SIZE } from "../src/database/connect.ts";
import { type SqliteStore, sqliteStore } from "../src/index.ts";
import { seeded } from "./seeded.ts";

/** `ORCH_BUDGET=damagedDatabases=50000 ORCH_SEED=8` tries more, or others. */
const CASES = budget("damagedDatabases");
const PARTS = ["", "-wal", "-shm"] as const;
const CODES = ["ORCH_STORE_DAMAGED", "ORCH_STORE_NEWER"];
const RUNS = 5;

type Files = ReadonlyMap<string, Buffer>;
interface Source {
  readonly name: string;
  readonly files: Files;
  /** Everything that can be read from it, as one text. */
  readonly whole: string;
}

let folder = "";
const sources: Source[] = [];

function record(run: number, at: number): JournalRecord {
  const value = JSON.stringify(`output ${at} of ${run} `.repeat(1 + ((at * 37) % 20)));
  const large = at === 7 ? { more: JSON.stringify("report ".repeat(4700)) } : {};
  return { type: "committed", at: 1000 * run + at, path: `run${run}/step#${at}`, value, ...large };
}

function write(store: SqliteStore, claims: readonly Claim[], first: number, last: number): void {
  for (let at = first; at <= last; at++) {
    for (const [run, claim] of claims.entries()) {
      const status = at === 10 && run % 2 === 0 ? ({ status: "waiting", dueAt: 7000 + run } as const) : {};
      store.append([{ claim, from: at, records: [record(run, at)], ...status }]);
      if (at % 6 !== 0) continue;
      store.offer(claim.runId, { type: "answer", question: `q${at}`, value: { yes: at }, at }, 0);
      if (at % 12 === 0)
        store.append([
          { claim, from: at + 1, records: [], verdicts: [{ number: 1, state: "refused", detail: { at } }] },
        ]);
    }
  }
}

/** Reads everything in every way there is. */
async function readAll(store: SqliteStore): Promise<string> {
  const runs = await store.list({ limit: 1000 });
  const found = [];
  for (const { runId } of runs) {
    found.push([
      await store.get(runId),
      await store.load(runId),
      await store.load(runId, 5),
      await store.requests(runId),
    ]);
  }
  const named = [];
  for (let run = 0; run < RUNS; run++)
    named.push(await store.get(`run${run}`), await store.load(`run${run}`));
  const lists = [
    await store.list({ status: "waiting" }),
    await store.list({ dueBefore: 7002 }),
    await store.list({ orchestration: "o1" }),
  ];
  return JSON.stringify([runs, found, named, lists]);
}

function filesOf(file: string): Files {
  const there = PARTS.filter((part) => existsSync(file + part));
  return new Map(there.map((part) => [part, readFileSync(file + part)]));
}

beforeAll(async () => {
  // Thousands of files that nobody keeps: in memory where the system has such a folder.
  folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "orch-run-damage-"));
  const file = join(folder, "source.db");
  const made = sqliteStore(file);
  const create = (run: number): Claim =>
    made.create(
      { runId: `run${run}`, orchestration: `o${run % 2}`, version: "1", hash: "h", createdAt: run },
      [record(run, 1)],
      9e15,
    ) as Claim;
  write(
    made,
    Array.from({ length: RUNS }, (_, run) => create(run)),
    2,
    10,
  );
  await made.close();
  const store = sqliteStore(file);
  const claims = Array.from({ length: RUNS }, (_, run): Claim => {
    const result = store.claim(`run${run}`, 1, 9e15);
    return (result as { readonly claim: Claim }).claim;
  });
  write(store, claims, 11, 14);
  // As a killed process leaves it: some of it in the database, some only in the log.
  sources.push({ name: "killed", files: filesOf(file), whole: await readAll(store) });
  await store.close();
  const reader = sqliteStore(file);
  const whole = await readAll(reader);
  await reader.close();
  sources.push({ name: "closed", files: filesOf(file), whole });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Outcome = "whole" | "named";

/** Opens a damaged copy: it reads whole, or an error names it, keeps it aside and leaves it as it was. */
async function tried(name: string, source: Source, files: Files): Promise<Outcome> {
  const place = join(folder, "try");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const file = join(place, "runs.db");
  for (const [part, bytes] of files) writeFileSync(file + part, bytes);
  let store: SqliteStore | undefined;
  try {
    store = sqliteStore(file);
    expect((await readAll(store)) === source.whole, `${name} reads as it was written`).toBe(true);
    return "whole";
  } catch (error) {
    if (!isOrchError(error)) throw error;
    expect(CODES, `${name}: ${error.message}`).toContain(error.code);
    if (!isOrchError(error, "ORCH_STORE_DAMAGED")) return "named";
    expect(
      readdirSync(place).some((one) => one.startsWith("runs.db.damaged-")),
      name,
    ).toBe(true);
    if (store === undefined) {
      const { keptAt } = error.facts;
      for (const part of ["", "-wal"]) {
        const was = files.get(part);
        if (was === undefined) continue;
        expect(readFileSync(file + part).equals(was), `${name}: ${part} is as it was`).toBe(true);
        expect(readFileSync(keptAt + part).equals(was), `${name}: ${part} is kept`).toBe(true);
      }
    }
    return "named";
  } finally {
    await store?.close();
  }
}

const KINDS = ["bit", "byte", "noise", "zeros", "cut", "page cut", "swap"] as const;

/** The bytes with one damage, or `undefined` when it would change nothing. */
function spoiled(bytes: Buffer, kind: (typeof KINDS)[number], random: () => number): Buffer | undefined {
  const to = Buffer.from(bytes);
  // Every third one hits the first page, where the file says what it is.
  const at = Math.floor(random() * (random() < 0.33 ? Math.min(PAGE_SIZE, bytes.length) : bytes.length));
  const page = Math.floor(at / PAGE_SIZE) * PAGE_SIZE;
  if (kind === "bit") to[at] = to[at]! ^ (1 << Math.floor(random() * 8));
  else if (kind === "byte") to[at] = Math.floor(random() * 256);
  else if (kind === "noise")
    for (let n = 0; n < 16 && at + n < to.length; n++) to[at + n] = Math.floor(random() * 256);
  else if (kind === "zeros") {
    const sector = Math.floor(at / 512) * 512;
    to.fill(0, sector, Math.min(sector + 512, to.length));
  } else if (kind === "swap") {
    const other = Math.floor((random() * bytes.length) / PAGE_SIZE) * PAGE_SIZE;
    bytes.copy(to, page, other, other + PAGE_SIZE);
    bytes.copy(to, other, page, page + PAGE_SIZE);
  } else return bytes.subarray(0, kind === "cut" ? at : page);
  return to.equals(bytes) ? undefined : to;
}

describe("P6: a damaged file of runs", () => {
  it("reads whole as it is, closed or left by a killed process", async () => {
    for (const source of sources) expect(await tried(source.name, source, source.files)).toBe("whole");
  });

  it("reads whole or is named, wherever it is damaged", async () => {
    const random = seeded(seed);
    const pick = <TItem>(items: readonly TItem[]): TItem => items[Math.floor(random() * items.length)]!;
    const table = new Map<string, Record<Outcome, number>>();
    for (let done = 0; done < CASES; ) {
      const source = pick(sources);
      const part = pick([...source.files.keys()]);
      const kind = pick(KINDS);
      const bytes = spoiled(source.files.get(part)!, kind, random);
      if (bytes === undefined) continue;
      const outcome = await tried(
        `${source.name}${part}, ${kind}, case ${done}`,
        source,
        new Map([...source.files, [part, bytes]]),
      );
      const row = `${source.name} ${part || "database"}`;
      const counts = table.get(row) ?? { whole: 0, named: 0 };
      counts[outcome] += 1;
      table.set(row, counts);
      done += 1;
    }
    for (const [row, counts] of [...table].sort())
      figure(`damaged file of runs, ${row}: ${counts.whole} read whole, ${counts.named} named`);
    expect([...table.values()].reduce((sum, { named }) => sum + named, 0)).toBeGreaterThan(CASES / 4);
  }, 0);
});
