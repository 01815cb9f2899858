/** Runs in an embedded database: what a durable host keeps on one machine. */
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import type { JournalStore } from "@orch/core/host";
import { fileOf } from "../database/file-of.ts";
import { type DamageNotice, openDatabase } from "../database/open-database.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { judge } from "../database/store-problem.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { StoreOptionError } from "../errors/store-option-error.ts";
import { refuseLinks } from "./refuse-links.ts";
import { RunStore, type RunStoreParts } from "./run-store.ts";
import { verifyRuns } from "./verify-runs.ts";

/** How runs are kept. */
export interface SqliteStoreOptions {
  /**
   * Whether a commit waits for the disk. `normal` outlives the end of the process, and may lose the last commits at a
   * power cut; `full` outlives a power cut too, and costs a wait for the disk per commit. Default `normal`.
   */
  readonly synchronous?: "normal" | "full";
  /**
   * What to do with a damaged file: `fail` copies it aside and throws; `start-new` moves it aside and
   * begins an empty one, which `notice` tells. Default `fail`.
   */
  readonly onDamage?: "fail" | "start-new";
  /**
   * How long to wait for a lock of another process, in milliseconds. Default 5,000. The thread stands still meanwhile. A
   * durable host makes every later call at most 10 ms long, and waits without holding the thread.
   */
  readonly busyTimeout?: number;
  readonly clock?: Clock;
  /** Who writes. Default: this process. */
  readonly owner?: OwnerDoor;
}

/** A store of runs on a file. Every method is synchronous. */
export interface SqliteStore extends JournalStore {
  /** The file as an absolute path. */
  readonly file: string;
  /** Set when a damaged file was moved aside and a new one begun. */
  readonly notice?: DamageNotice;
}

/**
 * Opens the runs in a database file; it and its folder are made if they are missing, for this user only. Several
 * processes may use one file at the same time, each driving other runs.
 *
 * @throws StoreDamagedError (`ORCH_STORE_DAMAGED`), StoreNewerError (`ORCH_STORE_NEWER`), StoreBusyError
 * (`ORCH_STORE_BUSY`), StoreFailedError (`ORCH_STORE_FAILED`), StoreLinkError (`ORCH_STORE_LINK`),
 * StorePathError (`ORCH_STORE_PATH`).
 *
 * @example
 * ```ts
 * const store = sqliteStore("data/runs.db");
 * console.log(await store.list({ status: ["running", "waiting"] }));
 * await store.close();
 * ```
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): SqliteStore {
  const { synchronous = "normal", onDamage = "fail", busyTimeout = 5000 } = options;
  const { clock = systemClock, owner = ownerOn(options.clock) } = options;
  oneOf("synchronous", synchronous, ["normal", "full"]);
  oneOf("onDamage", onDamage, ["fail", "start-new"]);
  const file = fileOf(path);
  linksRefused(file);
  const { database, notice } = openDatabase({
    file,
    onDamage,
    busyTimeout,
    now: () => clock.now(),
    token: owner.token,
    door: "runs",
    found: (problem) => runs.found(problem),
    verify: (checked) => verifyRuns(file, checked),
  });
  const runs = storeOn({ file, database, owner, clock, waits: synchronous === "full" });
  return {
    file,
    ...(notice === undefined ? {} : { notice }),
    shared: true,
    holdAtMost: (ms) => runs.holdAtMost(Math.min(ms, busyTimeout)),
    create: (run, records, until) => runs.create(run, records, until),
    createAll: (creations) => runs.createAll(creations),
    claim: (runId, now, until) => runs.claim(runId, now, until),
    renew: (claims, until) => runs.renew(claims, until),
    release: (claims) => runs.release(claims),
    append: (batch) => runs.append(batch),
    load: (runId, from) => runs.load(runId, from),
    get: (runId) => runs.get(runId),
    list: (query) => runs.list(query),
    offer: (runId, request, now) => runs.requests.offer(runId, request, now),
    keep: (runId, answer, judged) => runs.requests.keep(runId, answer, judged),
    withdraw: (runId, number) => runs.requests.withdraw(runId, number),
    requests: (runId) => runs.requests.all(runId),
    undecided: (runId) => runs.requests.undecided(runId),
    openRequests: () => runs.requests.open(),
    changes: () => runs.changes(),
    putGraph: (name, graph) => runs.graphs.put(name, graph),
    graph: (name) => runs.graphs.get(name),
    putSnapshot: (runId, snapshot) => runs.snapshots.put(runId, snapshot),
    snapshot: (runId) => runs.snapshots.get(runId),
    delete: (runId, now) => runs.delete(runId, now),
    close: () => runs.close(),
  };
}

/** This process. Where the time comes from a clock that was given, the clock of the boot says nothing about it. */
function ownerOn(clock: Clock | undefined): OwnerDoor {
  const owner = processOwner();
  return clock === undefined ? owner : { ...owner, boot: undefined };
}

function oneOf(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new StoreOptionError(option, value, allowed);
}

function linksRefused(file: string): void {
  try {
    refuseLinks(file);
  } catch (error) {
    throw ours(file, error);
  }
}

function storeOn(parts: RunStoreParts): RunStore {
  try {
    parts.database.exec(`PRAGMA synchronous = ${parts.waits ? "FULL" : "NORMAL"}`);
    return new RunStore(parts);
  } catch (error) {
    parts.database.close();
    throw ours(parts.file, error);
  }
}

function ours(file: string, error: unknown): unknown {
  const verdict = judge(file, error);
  return verdict.type === "ours"
    ? verdict.error
    : new StoreDamagedError({ file, problem: verdict.problem }, { cause: error });
}
