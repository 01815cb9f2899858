/**
 * Modules of the platform that few processes use. Loading them takes milliseconds of a process that opens a file, so each is
 * loaded when it is used first.
 */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** Digests. */
export function cryptoModule(): typeof import("node:crypto") {
  return load("node:crypto") as typeof import("node:crypto");
}

/** Threads. */
export function threadsModule(): typeof import("node:worker_threads") {
  return load("node:worker_threads") as typeof import("node:worker_threads");
}
