/** Checks a database of conversations and runs: all of it, whatever its seal says. */

import { type Clock, isOrchError } from "@orch/core";
import { systemClock } from "@orch/core/doors";
import { fileOf } from "../database/file-of.ts";
import { existsSync } from "../database/node-fs.ts";
import { unseal } from "../database/seal.ts";
import { StoreFailedError } from "../errors/store-failed-error.ts";
import { sqliteStore } from "../run/sqlite-store.ts";
import { sqliteSessions } from "../session/sqlite-sessions.ts";

/** Which file is checked. */
export interface CheckOptions {
  readonly file: string;
  readonly clock?: Clock;
}

/** What a check found. */
export type CheckReport =
  | { readonly type: "whole"; readonly file: string; readonly sessions: number; readonly runs: number }
  | { readonly type: "damaged"; readonly file: string; readonly problem: string; readonly keptAt?: string };

/**
 * Reads every page and every row of a file, with the checksum of each, as opening it does only now and then. A file of before
 * is brought to the format of this version, as by opening it; a damaged one is copied aside and stays as it is.
 *
 * @throws StoreFailedError (`ORCH_STORE_FAILED`) when there is no such file, and what opening a file throws.
 */
export async function checkSqlite({ clock = systemClock, ...options }: CheckOptions): Promise<CheckReport> {
  const file = fileOf(options.file);
  if (!existsSync(file)) throw new StoreFailedError({ file, problem: "there is no such file" });
  try {
    unseal(file);
    const sessions = sqliteSessions({ file, clock });
    const store = sqliteStore(file);
    try {
      const all = await sessions.list();
      for (const { id } of all) await sessions.load(id);
      const runs = await store.list({ limit: Number.MAX_SAFE_INTEGER });
      for (const { runId } of runs) {
        await store.load(runId);
        await store.requests(runId);
      }
      return { type: "whole", file, sessions: all.length, runs: runs.length };
    } finally {
      await store.close();
      await sessions.close();
    }
  } catch (error) {
    if (!isOrchError(error, "ORCH_STORE_DAMAGED")) throw error;
    const { problem, keptAt } = error.facts;
    return { type: "damaged", file, problem, ...(keptAt === undefined ? {} : { keptAt }) };
  }
}
