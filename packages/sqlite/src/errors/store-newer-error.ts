import { OrchError } from "@orch/core";

/** A database file comes from a newer version. */
export class StoreNewerError extends OrchError<"ORCH_STORE_NEWER"> {
  constructor(facts: { readonly file: string; readonly found: number; readonly known: number }) {
    super("ORCH_STORE_NEWER", facts, {
      says: `The database ${facts.file} has format ${facts.found}; this version knows ${facts.known} and older.`,
      fix: "Update Orch, or name another file.",
    });
  }
}
