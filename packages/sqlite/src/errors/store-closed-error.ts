import { OrchError } from "@orch/core";

/** A closed store was used. */
export class StoreClosedError extends OrchError<"ORCH_STORE_CLOSED"> {
  constructor(facts: { readonly file: string }) {
    super("ORCH_STORE_CLOSED", facts, {
      says: `The store on ${facts.file} is closed.`,
      fix: "Close the host or the store last, when its runs have ended, or open another on the same file.",
    });
  }
}
