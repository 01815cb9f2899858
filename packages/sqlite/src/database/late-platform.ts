/**
 * Modules of the platform that few processes use. Loading them takes milliseconds of a process that opens a file, so each is
 * loaded when it is used first. A bundler leaves such a call as it is; a `require` made by `createRequire` it may take for one of its own.
 */

// To import it by its name makes the standard streams, which takes as long as opening a file.
const { process } = globalThis;

/** Digests. */
export function cryptoModule(): typeof import("node:crypto") {
  return process.getBuiltinModule("node:crypto");
}

/** Threads. */
export function threadsModule(): typeof import("node:worker_threads") {
  return process.getBuiltinModule("node:worker_threads");
}

/**
 * SQLite; `undefined` where the platform has none. Node 22 warns that it is experimental, which is nothing that the user of a
 * program could act on: what is said while it loads is dropped.
 */
export function sqliteModule(): typeof import("node:sqlite") | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule?.("node:sqlite") as typeof import("node:sqlite") | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
