import { DurableHost, type DurableHostOptions } from "@orch/core/host";
import { type SqliteStoreOptions, sqliteStore } from "./sqlite-store.ts";

/** How runs are driven and kept. A damaged file is an error here; to begin a new one open the store with `onDamage`. */
export type SqliteHostOptions = DurableHostOptions & Omit<SqliteStoreOptions, "onDamage">;

/**
 * Makes a host whose runs survive the end of the process: a `DurableHost` on {@link sqliteStore}. Closing the host
 * closes the file.
 *
 * @throws what {@link sqliteStore} throws.
 *
 * @example
 * ```ts
 * const host = sqliteHost("data/runs.db");
 * const run = flow.start(input, { host, runId: "order-4711" });
 * await run.result;
 * await host.close();
 * ```
 */
export function sqliteHost(path: string, options: SqliteHostOptions = {}): DurableHost {
  return new DurableHost(sqliteStore(path, options), options);
}
