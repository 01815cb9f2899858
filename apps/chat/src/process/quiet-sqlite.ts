// The global one: to import it by its name makes the standard streams.
const { process } = globalThis;

/**
 * Loads SQLite, which is part of Node. Node 22 warns then that it is experimental, which nobody who sits before the chat could act on: what is
 * said while it loads is dropped.
 */
export function quietSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
