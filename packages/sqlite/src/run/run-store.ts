import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "@orch/core";
import type {
  Append,
  Claim,
  ClaimResult,
  JournalRecord,
  NewRun,
  RunQuery,
  StoredAnswer,
  StoredRun,
} from "@orch/core/host";
import { FilePlace } from "../database/file-place.ts";
import { copyAside } from "../database/keep-aside.ts";
import { judge } from "../database/store-problem.ts";
import { transaction } from "../database/transaction.ts";
import { JournalPositionError } from "../errors/journal-position-error.ts";
import { StoreClosedError } from "../errors/store-closed-error.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import type { OwnerDoor } from "../owner.ts";
import { Answers } from "./answers.ts";
import { Blobs } from "./blobs.ts";
import { Checkpoints } from "./checkpoints.ts";
import { type ClaimRow, Claims } from "./claims.ts";
import { fromColumn, toColumn } from "./id-text.ts";
import { isSmall, Journal, type JournalRow } from "./journal.ts";
import { runQuery } from "./run-query.ts";
import { columnsOf, isEnd, type RunRow, runSum, SHOWN, type ShownRow, storedRun } from "./run-rows.ts";

/** What a store of runs works with. */
export interface RunStoreParts {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly owner: OwnerDoor;
  readonly clock: Clock;
}

/** Runs, journals, answers and claims of one open database. Every method is one transaction. */
export class RunStore {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #blobs: Blobs;
  readonly #journal: Journal;
  readonly #claims: Claims;
  readonly #answers: Answers;
  readonly #checkpoints: Checkpoints;
  readonly #place: FilePlace;
  readonly #insert: StatementSync;
  readonly #seal: StatementSync;
  readonly #find: StatementSync;
  readonly #row: StatementSync;
  readonly #update: StatementSync;
  readonly #shown: StatementSync;
  readonly #remove: StatementSync;
  /** The numbers of the runs that were claimed here, by epoch: an epoch is given once, and for one run. */
  readonly #runs = new Map<number, number>();

  constructor({ file, database, owner, clock }: RunStoreParts) {
    this.#file = file;
    this.#database = database;
    this.#clock = clock;
    const damaged = (what: string): never => this.#damaged(`${what} is not what was written`);
    this.#blobs = new Blobs(database);
    this.#journal = new Journal(database, this.#blobs, damaged);
    this.#claims = new Claims(database, owner, damaged);
    this.#answers = new Answers(database, damaged);
    this.#place = new FilePlace(file);
    this.#checkpoints = new Checkpoints(database, clock, () => this.#place.look());
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO runs (id, orchestration, version, hash, created_at, origin, status, sum)
       VALUES (?, ?, ?, ?, ?, ?, 'running', 0)`,
    );
    this.#seal = database.prepare("UPDATE runs SET sum = ? WHERE run = ?");
    this.#find = database.prepare("SELECT run FROM runs WHERE id = ?");
    this.#row = database.prepare("SELECT * FROM runs WHERE run = ?");
    this.#update = database.prepare("UPDATE runs SET status = ?, due_at = ?, sum = ? WHERE run = ?");
    this.#shown = database.prepare(`${SHOWN} WHERE r.id = ?`);
    this.#remove = database.prepare("DELETE FROM runs WHERE run = ?");
  }

  create(run: NewRun, records: readonly JournalRecord[], until: number): Claim | "exists" {
    return this.#write(sizeOf(records), () => {
      const made = this.#insert.run(...columnsOf(run));
      if (made.changes === 0) return "exists";
      const number = Number(made.lastInsertRowid);
      this.#seal.run(runSum(this.#row.get(number) as unknown as RunRow), number);
      const claim = { runId: run.runId, epoch: this.#claims.take(number, until) };
      records.forEach((record, index) => {
        this.#journal.write(number, claim.epoch, index + 1, record);
      });
      this.#runs.set(claim.epoch, number);
      return claim;
    });
  }

  claim(runId: string, now: number, until: number): ClaimResult {
    return this.#write(0, () => {
      const run = this.#number(runId);
      if (run === undefined) return { kind: "unknown" };
      const holder = this.#claims.holderOf(run, now);
      if (holder !== undefined) return { kind: "held", holder };
      const epoch = this.#claims.take(run, until);
      this.#runs.set(epoch, run);
      return { kind: "claimed", claim: { runId, epoch } };
    });
  }

  renew(claims: readonly Claim[], until: number): readonly Claim[] {
    return this.#write(0, () =>
      claims.filter((claim) => !this.#claims.prolong(claim, toColumn(claim.runId), until)),
    );
  }

  release(claims: readonly Claim[]): void {
    this.#write(0, () => {
      for (const claim of claims) {
        this.#claims.release(claim, toColumn(claim.runId));
        this.#runs.delete(claim.epoch);
      }
    });
  }

  append(batch: readonly Append[]): readonly Claim[] {
    const [only] = batch;
    if (batch.length === 1 && isSingle(only!)) {
      // One statement is a transaction of its own, at half of the price.
      return this.#guarded(sizeOf(only!.records), () => this.#appendRecord(only!));
    }
    const size = batch.reduce((sum, { records }) => sum + sizeOf(records), 0);
    return this.#write(size, () => batch.flatMap((append) => this.#appendAll(append)));
  }

  load(runId: string, from = 1): readonly JournalRecord[] | undefined {
    return this.#read(() => {
      const run = this.#number(runId);
      return run === undefined ? undefined : this.#journal.load(run, runId, from);
    });
  }

  get(runId: string): StoredRun | undefined {
    return this.#read(() => {
      const row = this.#shown.get(toColumn(runId)) as unknown as ShownRow | undefined;
      return row && this.#stored(row);
    });
  }

  list(query: RunQuery): readonly StoredRun[] {
    const { sql, values } = runQuery(query);
    return this.#read(() => {
      const rows = this.#database.prepare(sql).all(...values) as unknown as readonly ShownRow[];
      return rows.map((row) => this.#stored(row));
    });
  }

  putAnswer(runId: string, answer: StoredAnswer): "accepted" | "duplicate" | "unknown" {
    return this.#write(0, () => {
      const run = this.#number(runId);
      if (run === undefined) return "unknown";
      return this.#answers.put(run, answer) ? "accepted" : "duplicate";
    });
  }

  answers(runId: string): readonly StoredAnswer[] {
    return this.#read(() => {
      const run = this.#number(runId);
      return run === undefined ? [] : this.#answers.load(run, runId);
    });
  }

  delete(runId: string, now: number): "deleted" | "held" | "unknown" {
    return this.#write(0, () => {
      const run = this.#number(runId);
      if (run === undefined) return "unknown";
      if (this.#claims.holderOf(run, now) !== undefined) return "held";
      for (const rows of [this.#journal, this.#answers, this.#claims, this.#blobs]) rows.drop(run);
      this.#remove.run(run);
      return "deleted";
    });
  }

  /** Ends the claims of this store, and lets go of the file. */
  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.#write(0, () => this.#claims.releaseAll());
    } catch {
      // On a full disk nothing can be released: the claims end with their time, or with this process.
    } finally {
      this.#checkpoints.close();
      this.#blobs.forget();
      this.#runs.clear();
      this.#database.close();
    }
  }

  /** Adds one small record to a run. The insert itself looks at the claim. */
  #appendRecord({ claim, from, records: [record] }: Append): readonly Claim[] {
    const run = this.#runOf(claim);
    if (run !== undefined && this.#journal.write(run, claim.epoch, from, record!)) return [];
    if (run === undefined || !this.#claims.holds(claim.epoch, run)) return this.#lost(claim);
    throw this.#misplaced(run, claim, from);
  }

  /** Adds records to one run, inside a transaction; gives its claim when that does not hold any more. */
  #appendAll({ claim, from, records, status, dueAt }: Append): readonly Claim[] {
    const run = this.#runOf(claim);
    if (run === undefined || !this.#claims.holds(claim.epoch, run)) return this.#lost(claim);
    records.forEach((record, index) => {
      if (!this.#journal.write(run, claim.epoch, from + index, record))
        throw this.#misplaced(run, claim, from);
    });
    if (status === undefined && dueAt === undefined) return [];
    const row = this.#checked(this.#row.get(run) as unknown as RunRow);
    const changed = {
      ...row,
      status: status ?? row.status,
      due_at: dueAt === undefined ? row.due_at : dueAt,
    };
    this.#update.run(changed.status, changed.due_at, runSum(changed), run);
    if (status !== undefined && isEnd(status)) {
      this.#claims.drop(run);
      this.#runs.delete(claim.epoch);
    }
    return [];
  }

  #misplaced(run: number, { runId }: Claim, from: number): JournalPositionError {
    return new JournalPositionError({ runId, from, records: this.#journal.length(run) });
  }

  #runOf({ runId, epoch }: Claim): number | undefined {
    return this.#runs.get(epoch) ?? this.#number(runId);
  }

  #lost(claim: Claim): readonly Claim[] {
    this.#runs.delete(claim.epoch);
    return [claim];
  }

  #number(runId: string): number | undefined {
    return this.#find.get(toColumn(runId))?.["run"] as number | undefined;
  }

  #stored(row: ShownRow): StoredRun {
    this.#checked(row);
    if (row.seq !== null) {
      this.#journal.check(row.run, fromColumn(row.id), { ...row, sum: row.record_sum } as JournalRow);
    }
    const holder =
      row.epoch === null ? undefined : this.#claims.shown({ ...row, sum: row.claim_sum } as ClaimRow);
    return storedRun(row, holder);
  }

  #checked<TRow extends RunRow>(row: TRow): TRow {
    if (runSum(row) === row.sum) return row;
    return this.#damaged(`run "${row.id}" (table runs) is not what was written`);
  }

  #write<TResult>(size: number, work: () => TResult): TResult {
    this.#place.look();
    return this.#guarded(size, () => transaction(this.#database, work));
  }

  /** One transaction that sees a single state of the file. */
  #read<TResult>(work: () => TResult): TResult {
    return this.#guarded(undefined, () => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        if (this.#database.isTransaction) this.#database.exec("COMMIT");
      }
    });
  }

  /** `size` is about how much is written, in characters; `undefined` when nothing is. */
  #guarded<TResult>(size: number | undefined, work: () => TResult): TResult {
    if (!this.#database.isOpen) throw new StoreClosedError({ file: this.#file });
    try {
      if (size !== undefined) this.#place.refuseGone();
      const result = work();
      if (size !== undefined) this.#checkpoints.wrote(size);
      return result;
    } catch (error) {
      const verdict = judge(this.#file, error);
      if (verdict.type === "ours") throw verdict.error;
      this.#damaged(verdict.problem, error);
    }
  }

  /** Names what is damaged, and copies the file aside as it is now. */
  #damaged(problem: string, cause?: unknown): never {
    let keptAt: string | undefined;
    try {
      keptAt = copyAside(this.#file, this.#clock.now());
    } catch {
      // No room for a copy: the file itself is left as it is.
    }
    const facts = { file: this.#file, problem, ...(keptAt === undefined ? {} : { keptAt }) };
    throw new StoreDamagedError(facts, { cause });
  }
}

/** Whether an append is one statement: one small record, and nothing about the run itself. */
function isSingle({ records, status, dueAt }: Append): boolean {
  return records.length === 1 && status === undefined && dueAt === undefined && isSmall(records[0]!);
}

function sizeOf(records: readonly JournalRecord[]): number {
  return records.reduce((sum, { value, more }) => sum + (value?.length ?? 0) + (more?.length ?? 0), 0);
}
