/** Repairs a database of conversations and runs: what can be read is carried into a new file. */

import type { DatabaseSync as Database } from "node:sqlite";
import type { Clock } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { fileOf } from "../database/file-of.ts";
import { contentOf, copyAside, removeDatabase } from "../database/keep-aside.ts";
import { renameSync } from "../database/node-fs.ts";
import { DatabaseSync } from "../database/node-sqlite.ts";
import { openDatabase } from "../database/open-database.ts";
import { type OwnerDoor, processOwner } from "../database/owner.ts";
import { judge } from "../database/store-problem.ts";
import { transaction } from "../database/transaction.ts";
import { StoreDamagedError } from "../errors/store-damaged-error.ts";
import { StoreFailedError } from "../errors/store-failed-error.ts";
import { Holds } from "../session/holds.ts";
import { Sessions } from "../session/sessions.ts";
import { checkSqlite } from "./check-sqlite.ts";
import { readableCopy } from "./readable-copy.ts";
import { readableUntil } from "./readable-rows.ts";
import { removeRepairFiles, repairFiles } from "./repair-files.ts";
import type { RepairReport } from "./repair-report.ts";
import { saveRuns } from "./saved-runs.ts";
import { saveSessions } from "./saved-sessions.ts";

/** Which file is repaired. */
export interface RepairOptions {
  readonly file: string;
  readonly clock?: Clock;
  /** Who writes. Default: this process. */
  readonly owner?: OwnerDoor;
}

/**
 * Repairs a damaged file: every turn and every whole run that can be read is carried into a new file, which takes its place. The
 * damaged one is kept beside it. A file that is whole stays as it is.
 *
 * @throws StoreDamagedError (`ORCH_STORE_DAMAGED`) when nothing can be read, StoreFailedError (`ORCH_STORE_FAILED`) when a process
 * uses it, and what opening a file throws.
 */
export async function repairSqlite(options: RepairOptions): Promise<RepairReport> {
  const { clock = systemClock, owner = processOwner() } = options;
  const file = fileOf(options.file);
  const looked = await checkSqlite({ file, clock });
  removeRepairFiles(file, owner);
  if (looked.type === "whole") return looked;
  const { copy, draft } = repairFiles(file, owner);
  try {
    const before = contentOf(file);
    const keptAt = copyAside(file, clock.now());
    if (!readableCopy(file, copy, owner))
      throw new StoreDamagedError({
        file,
        problem: `${looked.problem}, and nothing of it can be read`,
        keptAt,
      });
    const saved = save({ file, copy, draft, clock, owner });
    if (contentOf(file) !== before)
      throw new StoreFailedError({ file, problem: "a process wrote to it while it was repaired" });
    replace(file, draft);
    return { type: "repaired", file, problem: looked.problem, keptAt, ...saved };
  } catch (error) {
    const verdict = judge(file, error);
    if (verdict.type === "ours") throw verdict.error;
    throw new StoreDamagedError({ file, problem: verdict.problem }, { cause: error });
  } finally {
    removeDatabase(copy);
    removeDatabase(draft);
  }
}

interface Work {
  readonly file: string;
  readonly copy: string;
  readonly draft: string;
  readonly clock: Clock;
  readonly owner: OwnerDoor;
}

type Saved = Pick<
  Extract<RepairReport, { type: "repaired" }>,
  "sessions" | "turns" | "changed" | "runs" | "lostRuns"
>;

/** Makes the new file of what can be read in the copy. */
function save({ file, copy, draft, clock, owner }: Work): Saved {
  const { database } = openDatabase({
    file: draft,
    onDamage: "fail",
    busyTimeout: 0,
    now: () => clock.now(),
    token: owner.token,
    verify: () => {},
  });
  const old = new DatabaseSync(copy, { readOnly: true });
  try {
    refuseUsed(file, old, owner, clock);
    return transaction(database, () => ({
      ...saveSessions(old, new Sessions({ file: draft, database, owner, clock })),
      ...saveRuns(old, database, file),
    }));
  } finally {
    old.close();
    database.close();
  }
}

/** A process that has a session open would write into the file that is moved away. */
function refuseUsed(file: string, database: Database, owner: OwnerDoor, clock: Clock): void {
  const holds = new Holds(database, owner, () => clock.now());
  for (const { session_id } of readableUntil<{ session_id: string }>(
    database,
    "SELECT session_id FROM holds",
  )) {
    const holder = holds.holder(session_id);
    if (holder !== undefined)
      throw new StoreFailedError({ file, problem: `${holder.holder} has it open; close it there first` });
  }
}

/**
 * Gives the new file its name. The log of the damaged one goes first: SQLite would take it for that of the new file. Both
 * stand in the copy that was made before.
 */
function replace(file: string, draft: string): void {
  removeDatabase(file, ["-wal", "-shm"]);
  renameSync(draft, file);
}
