import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "@orch/core";
import type {
  Append,
  Claim,
  ClaimResult,
  Creation,
  JournalRecord,
  NewRun,
  RunQuery,
  StoredRun,
} from "@orch/core/host";
import type { OwnerDoor } from "../database/owner.ts";
import { JournalPositionError } from "../errors/journal-position-error.ts";
import { Blobs } from "./blobs.ts";
import { type ClaimedRun, ClaimedRuns } from "./claimed-runs.ts";
import { Claims, firstEpoch, UNCLAIMED } from "./claims.ts";
import { Graphs } from "./graphs.ts";
import { fromColumn } from "./id-text.ts";
import { isSmall, Journal, journalRow, sizeOf } from "./journal.ts";
import { Requests } from "./requests.ts";
import { RunFile } from "./run-file.ts";
import { CHANGES, runQuery } from "./run-query.ts";
import { RunRequests } from "./run-requests.ts";
import { isEnd, type RunRow, type ShownRow, storedRun } from "./run-rows.ts";
import { Runs } from "./runs.ts";
import { Snapshots } from "./snapshots.ts";

/** What a store of runs works with. */
export interface RunStoreParts {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly owner: OwnerDoor;
  readonly clock: Clock;
  /** Whether every commit waits for the disk. */
  readonly waits: boolean;
}

/** Runs, journals, answers and claims of one open database. Every method is one transaction. */
export class RunStore {
  readonly #database: DatabaseSync;
  readonly #file: RunFile;
  readonly #blobs: Blobs;
  readonly #journal: Journal;
  readonly #claims: Claims;
  readonly #requests: Requests;
  /** What somebody outside wants of the runs. */
  readonly requests: RunRequests;
  readonly #runs: Runs;
  readonly graphs: Graphs;
  readonly snapshots: Snapshots;
  readonly #claimed = new ClaimedRuns();

  constructor({ file, database, owner, clock, waits }: RunStoreParts) {
    this.#database = database;
    this.#file = new RunFile(file, database, clock, waits);
    const damaged = (what: string): never => this.#file.damaged(`${what} is not what was written`);
    this.#blobs = new Blobs(database);
    this.#journal = new Journal(database, this.#blobs, damaged);
    this.#runs = new Runs(database, damaged);
    this.graphs = new Graphs(this.#file, database);
    this.snapshots = new Snapshots(this.#file, database, this.#runs);
    this.#claims = new Claims(owner, clock);
    this.#requests = new Requests(database, damaged);
    this.requests = new RunRequests({
      file: this.#file,
      runs: this.#runs,
      claims: this.#claims,
      journal: this.#journal,
      requests: this.#requests,
    });
  }

  found(problem: string): void {
    this.#file.found(problem);
  }

  /** Sets how long a call waits for a lock of another process, in milliseconds. */
  holdAtMost(ms: number): void {
    this.#database.exec(`PRAGMA busy_timeout = ${Math.max(0, Math.trunc(ms))}`);
  }

  create(run: NewRun, records: readonly JournalRecord[], until: number): Claim | "exists" {
    return this.createAll([{ run, records, until }])[0]!;
  }

  createAll(creations: readonly Creation[]): readonly (Claim | "exists")[] {
    const size = creations.reduce((sum, { records }) => sum + sizeOf(records), 0);
    const created = this.#file.add(size, () => creations.map((creation) => this.#create(creation)));
    return creations.map(({ run }, index) => {
      const claimed = created[index]!;
      return claimed === "exists" ? claimed : this.#claimed.keep(run.runId, claimed);
    });
  }

  claim(runId: string, now: number, until: number): ClaimResult {
    const result = this.#file.write(
      0,
      (): ClaimedRun | Exclude<ClaimResult, { readonly kind: "claimed" }> => {
        const run = this.#runs.numberOf(runId);
        if (run === undefined) return { kind: "unknown" };
        const row = this.#runs.row(run);
        const holder = this.#claims.holderOf(row, now);
        if (holder !== undefined) return { kind: "held", holder };
        const epoch = row.epoch + 1;
        this.#runs.claim(row, this.#claims.mine(epoch, until));
        return { run, epoch, next: undefined };
      },
    );
    return "kind" in result ? result : { kind: "claimed", claim: this.#claimed.keep(runId, result) };
  }

  renew(claims: readonly Claim[], until: number): readonly Claim[] {
    return this.#file.write(0, () =>
      claims.filter((claim) => {
        const row = this.#held(claim);
        if (row !== undefined) this.#runs.claim(row, { ...row, ...this.#claims.term(until) });
        const claimed = this.#claimed.by(claim);
        if (claimed !== undefined) claimed.row = undefined;
        return row === undefined;
      }),
    );
  }

  release(claims: readonly Claim[]): void {
    this.#file.write(0, () => {
      for (const claim of claims) {
        const row = this.#held(claim);
        if (row !== undefined) this.#runs.claim(row, { ...UNCLAIMED, epoch: row.epoch });
      }
    });
    for (const claim of claims) this.#claimed.forget(claim);
  }

  append(batch: readonly Append[]): readonly Claim[] {
    const [only] = batch;
    if (batch.length === 1 && isSingle(only!)) {
      // One statement is a transaction of its own, at half of the price.
      return this.#file.guard(sizeOf(only!.records), () => this.#appendRecord(only!));
    }
    const size = batch.reduce((sum, { records }) => sum + sizeOf(records), 0);
    let lost: readonly Claim[];
    try {
      lost = this.#file.write(size, () => batch.flatMap((append) => this.#appendAll(append)));
    } catch (error) {
      // The records written before the failure were rolled back.
      for (const { claim } of batch) {
        const claimed = this.#claimed.by(claim);
        if (claimed !== undefined) Object.assign(claimed, { next: undefined, row: undefined });
      }
      throw error;
    }
    // Only now: when the transaction fails, this store still holds the claim and must release it.
    for (const { claim, status } of batch)
      if (status !== undefined && isEnd(status)) this.#claimed.forget(claim);
    return lost;
  }

  load(runId: string, from = 1): readonly JournalRecord[] | undefined {
    return this.#file.read(() => {
      const run = this.#runs.numberOf(runId);
      return run === undefined ? undefined : this.#journal.load(run, runId, from);
    });
  }

  get(runId: string): StoredRun | undefined {
    return this.#file.read(() => {
      const row = this.#runs.shown(runId);
      return row && this.#stored(row);
    });
  }

  list(query: RunQuery): readonly StoredRun[] {
    const { sql, values } = runQuery(query);
    return this.#file.read(() => {
      const rows = this.#database.prepare(sql).all(...values) as unknown as readonly ShownRow[];
      return rows.map((row) => this.#stored(row));
    });
  }

  changes(): string {
    return this.#file.guard(undefined, () => String(this.#database.prepare(CHANGES).get()?.["changes"]));
  }

  delete(runId: string, now: number): "deleted" | "held" | "unknown" {
    return this.#file.write(0, () => {
      const run = this.#runs.numberOf(runId);
      if (run === undefined) return "unknown";
      if (this.#claims.holderOf(this.#runs.row(run), now) !== undefined) return "held";
      const tables = [this.snapshots, this.#journal, this.#requests, this.#blobs, this.#runs];
      for (const rows of tables) rows.drop(run);
      return "deleted";
    });
  }

  /** Releases the claims of this store, and closes the file. */
  close(): void {
    if (!this.#database.isOpen) return;
    try {
      const claims = this.#claimed.claims();
      if (claims.length > 0) this.release(claims);
    } catch {
      // On a full disk nothing can be released: the claims end with their time, or with this process.
    } finally {
      this.#blobs.forget();
      this.#claimed.clear();
      this.#file.close();
    }
  }

  #create({ run: made, records, until }: Creation): ClaimedRun | "exists" {
    const run = this.#runs.next();
    const epoch = firstEpoch(run);
    const row = this.#runs.add(run, made, this.#claims.mine(epoch, until));
    if (row === undefined) return "exists";
    records.forEach((record, index) => {
      this.#journal.write(run, epoch, index + 1, record, index > 0);
    });
    return { run, epoch, row, next: records.length + 1 };
  }

  /** Adds one small record to a run. The insert itself looks at the claim. */
  #appendRecord({ claim, from, records: [record] }: Append): readonly Claim[] {
    const claimed = this.#claimed.by(claim);
    const run = claimed?.run ?? this.#runs.numberOf(claim.runId);
    if (run === undefined) return [claim];
    if (this.#journal.write(run, claim.epoch, from, record!, claimed?.next === from)) {
      if (claimed !== undefined) claimed.next = from + 1;
      return [];
    }
    if (!this.#runs.holds(run, claim.epoch)) return this.#lost(claim);
    throw this.#misplaced(run, claim, from);
  }

  /** Adds records to one run, inside a transaction; gives its claim when that does not hold any more. */
  #appendAll({ claim, from, records, status, dueAt, verdicts }: Append): readonly Claim[] {
    const claimed = this.#claimed.by(claim);
    const run = claimed?.run ?? this.#runs.numberOf(claim.runId);
    if (run === undefined) return [claim];
    // The insert of a small record looks at the claim itself; a large value would be there before it does.
    const [first] = records;
    const looks = first !== undefined && isSmall(first);
    if (!looks && !this.#runs.holds(run, claim.epoch)) return this.#lost(claim);
    for (const [index, record] of records.entries()) {
      const follows = index > 0 || claimed?.next === from;
      if (this.#journal.write(run, claim.epoch, from + index, record, follows)) continue;
      if (!this.#runs.holds(run, claim.epoch)) return this.#lost(claim);
      throw this.#misplaced(run, claim, from);
    }
    if (claimed !== undefined && records.length > 0) claimed.next = from + records.length;
    if (verdicts !== undefined) this.#requests.decide(run, claim.runId, verdicts);
    if (status === undefined && dueAt === undefined) return [];
    const known = claimed?.row;
    if (known === undefined || !this.#say(claim, known, status, dueAt)) {
      this.#say(claim, this.#runs.row(run), status, dueAt);
    }
    return [];
  }

  /** Says where a run is; `false` when its row is not the given one. */
  #say(claim: Claim, row: RunRow, status: Append["status"], dueAt: Append["dueAt"]): boolean {
    const due = dueAt === undefined ? row.due_at : dueAt;
    if (status !== undefined && isEnd(status)) return this.#runs.end(row, status, due);
    const next = this.#runs.move(row, status ?? row.status, due);
    const claimed = this.#claimed.by(claim);
    if (claimed !== undefined) claimed.row = next;
    return next !== undefined;
  }

  #misplaced(run: number, { runId }: Claim, from: number): JournalPositionError {
    return new JournalPositionError({ runId, from, records: this.#journal.length(run) });
  }

  /** The row of a run whose claim holds. */
  #held(claim: Claim): RunRow | undefined {
    const run = this.#runs.numberOf(claim.runId);
    return run !== undefined && this.#runs.holds(run, claim.epoch) ? this.#runs.row(run) : undefined;
  }

  #lost(claim: Claim): readonly Claim[] {
    this.#claimed.forget(claim);
    return [claim];
  }

  #stored(row: ShownRow): StoredRun {
    this.#runs.check(row);
    if (row.seq !== null) {
      const { seq, type, at, path, value, more, record_sum: sum } = row;
      const record = journalRow([seq, type!, at!, path!, value, more, sum!]);
      this.#journal.check(row.run, fromColumn(row.id), record);
    }
    return storedRun(row, this.#claims.holderOf(row));
  }
}

/** Whether an append is one statement: one small record, and nothing about the run itself. */
function isSingle({ records, status, dueAt, verdicts }: Append): boolean {
  const isBare = status === undefined && dueAt === undefined && verdicts === undefined;
  return isBare && records.length === 1 && isSmall(records[0]!);
}
