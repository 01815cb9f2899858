/** Sessions in an embedded database. */
export type { DamageNotice } from "./database/open-database.ts";
export type { Owner, OwnerDoor } from "./database/owner.ts";
export type { StoreErrorFacts } from "./errors/error-facts.ts";
export type { StoreDamagedFacts } from "./errors/store-damaged-error.ts";
export type { StoreOptionFacts } from "./errors/store-option-error.ts";
export { type CheckOptions, type CheckReport, checkSqlite } from "./repair/check-sqlite.ts";
export type { RepairedSession, RepairReport } from "./repair/repair-report.ts";
export { type RepairOptions, repairSqlite } from "./repair/repair-sqlite.ts";
export {
  type SqliteSessionStore,
  type SqliteSessionsOptions,
  sqliteSessions,
} from "./session/sqlite-sessions.ts";
