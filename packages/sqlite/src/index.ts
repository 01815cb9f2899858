/** Runs in an embedded database: they survive the end of their process. */
export type { DamageNotice } from "./database/open-database.ts";
export type { BootClock, Owner, OwnerDoor } from "./database/owner.ts";
export type { StoreErrorFacts } from "./errors/error-facts.ts";
export type { StoreDamagedFacts } from "./errors/store-damaged-error.ts";
export type { StoreOptionFacts } from "./errors/store-option-error.ts";
export { type SqliteHostOptions, sqliteHost } from "./run/sqlite-host.ts";
export { type SqliteStore, type SqliteStoreOptions, sqliteStore } from "./run/sqlite-store.ts";
