import type { DatabaseSync } from "node:sqlite";
import { StoreNewerError } from "../errors/store-newer-error.ts";
import { FORMAT } from "./migrations.ts";

/**
 * The format of a file.
 *
 * @throws StoreNewerError (`ORCH_STORE_NEWER`) where this version does not know it.
 */
export function refuseNewer(file: string, database: DatabaseSync): number {
  const found = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (found > FORMAT) throw new StoreNewerError({ file, found, known: FORMAT });
  return found;
}
