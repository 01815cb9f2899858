import { resolve } from "node:path";
import { StorePathError } from "../errors/store-path-error.ts";

/**
 * The absolute path of a database file. What SQLite itself would take for a database in memory or for an address is
 * refused: as a name it would create a file that the user does not look for.
 *
 * @throws StorePathError (`ORCH_STORE_PATH`).
 */
export function fileOf(path: string): string {
  if (path === "" || path === ":memory:" || path.startsWith("file:")) throw new StorePathError({ path });
  return resolve(path);
}
