import { NodeSqliteError } from "../errors/node-sqlite-error.ts";
import { sqliteModule } from "./late-platform.ts";
import { nodeVersion } from "./owner.ts";

/**
 * SQLite, as the platform has it. It is not imported by its name, because a platform without it would fail in its own words
 * before a line of this package has run.
 */
export const DatabaseSync: typeof import("node:sqlite").DatabaseSync = load();

function load(): typeof import("node:sqlite").DatabaseSync {
  const module = sqliteModule();
  if (module === undefined) throw new NodeSqliteError({ node: nodeVersion() }, undefined);
  return module.DatabaseSync;
}
