import { OrchError } from "@orch/core";

/** The given path of a database does not name a file. */
export class StorePathError extends OrchError<"ORCH_STORE_PATH"> {
  constructor(facts: { readonly path: string }) {
    super("ORCH_STORE_PATH", facts, {
      says: `"${facts.path}" names no file, and a database is kept in one.`,
      fix: 'Give a path, like "data/runs.db". For runs that may end with the process take memoryHost() from @orch/core/host.',
    });
  }
}
