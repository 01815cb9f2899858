/** Runs in an embedded database: they survive the end of their process. */
export type { DamageNotice } from "./database/open-database.ts";
export type { Owner, OwnerDoor } from "./owner.ts";
export type { SqliteStore, SqliteStoreOptions } from "./run/sqlite-store.ts";
export { sqliteStore } from "./run/sqlite-store.ts";
