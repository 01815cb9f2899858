/** Who drives a run: one store of one process, until it lets go, its time is over, or its process has ended. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Claim, StoredRun } from "@orch/core/host";
import type { OwnerDoor } from "../owner.ts";
import { rowSum } from "./checksum.ts";

/** Who drives a run, as others see it. */
type Holder = NonNullable<StoredRun["holder"]>;

/** A row of `claims`. */
export interface ClaimRow {
  readonly epoch: number;
  readonly run: number;
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  readonly process_started_at: string;
  readonly until: number;
  readonly sum: number;
}

/** The claims in one database, seen by one store. Each method runs inside the caller's transaction. */
export class Claims {
  readonly #owner: OwnerDoor;
  readonly #damaged: (what: string) => never;
  readonly #byRun: StatementSync;
  readonly #held: StatementSync;
  readonly #insert: StatementSync;
  readonly #removeRun: StatementSync;
  readonly #byEpoch: StatementSync;
  readonly #prolong: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeMine: StatementSync;

  constructor(database: DatabaseSync, owner: OwnerDoor, damaged: (what: string) => never) {
    this.#owner = owner;
    this.#damaged = damaged;
    this.#byRun = database.prepare("SELECT * FROM claims WHERE run = ?");
    this.#held = database.prepare("SELECT 1 FROM claims WHERE epoch = ? AND run = ?");
    this.#insert = database.prepare(
      "INSERT INTO claims (run, token, pid, host, process_started_at, until, sum) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#removeRun = database.prepare("DELETE FROM claims WHERE run = ?");
    this.#byEpoch = database.prepare(
      "SELECT c.* FROM claims c JOIN runs r ON r.run = c.run WHERE c.epoch = ? AND r.id = ?",
    );
    this.#prolong = database.prepare("UPDATE claims SET until = ?, sum = ? WHERE epoch = ?");
    this.#remove = database.prepare("DELETE FROM claims WHERE epoch = ?");
    this.#removeMine = database.prepare("DELETE FROM claims WHERE token = ?");
  }

  /** Who drives a run at `now`, if somebody does. */
  holderOf(run: number, now: number): Holder | undefined {
    const row = this.#byRun.get(run) as ClaimRow | undefined;
    return row !== undefined && this.check(row).until > now && this.#lives(row) ? holder(row) : undefined;
  }

  /** Who drives a run as far as can be said without a time: a claim that has run out still shows. */
  shown(row: ClaimRow): Holder | undefined {
    return this.#lives(this.check(row)) ? holder(row) : undefined;
  }

  /** Whether a claim still holds. */
  holds(epoch: number, run: number): boolean {
    return this.#held.get(epoch, run) !== undefined;
  }

  /** Ends every claim on a run and begins one; gives its epoch. */
  take(run: number, until: number): number {
    this.#removeRun.run(run);
    const { self, token } = this.#owner;
    const values = [run, token, self.pid, self.host, self.startedAt, until] as const;
    return Number(this.#insert.run(...values, rowSum(values)).lastInsertRowid);
  }

  /** Prolongs a claim; `false` when it does not hold any more. */
  prolong(claim: Claim, idColumn: string, until: number): boolean {
    const row = this.#byEpoch.get(claim.epoch, idColumn) as ClaimRow | undefined;
    if (row === undefined) return false;
    this.#prolong.run(until, sumOf({ ...this.check(row), until }), claim.epoch);
    return true;
  }

  release(claim: Claim, idColumn: string): void {
    if (this.#byEpoch.get(claim.epoch, idColumn) !== undefined) this.#remove.run(claim.epoch);
  }

  /** Ends every claim of this store. */
  releaseAll(): void {
    this.#removeMine.run(this.#owner.token);
  }

  /** Ends every claim on a run. */
  drop(run: number): void {
    this.#removeRun.run(run);
  }

  check(row: ClaimRow): ClaimRow {
    return row.sum === sumOf(row) ? row : this.#damaged(`claim ${row.epoch} (table claims)`);
  }

  /** Whether a process of another machine still runs cannot be asked; there the time of the claim decides. */
  #lives(row: ClaimRow): boolean {
    const { token, self, runs } = this.#owner;
    if (row.token === token || row.host !== self.host) return true;
    return runs({ pid: row.pid, host: row.host, startedAt: row.process_started_at });
  }
}

function sumOf({ run, token, pid, host, process_started_at, until }: ClaimRow): number {
  return rowSum([run, token, pid, host, process_started_at, until]);
}

function holder(row: ClaimRow): Holder {
  return { name: `process ${row.pid} on ${row.host}`, until: row.until };
}
