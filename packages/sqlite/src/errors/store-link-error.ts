import { OrchError } from "@orch/core";

/** A database file was named that is a link, or no regular file. */
export class StoreLinkError extends OrchError<"ORCH_STORE_LINK"> {
  constructor(facts: { readonly file: string }, found: string) {
    super("ORCH_STORE_LINK", facts, {
      says: `${facts.file} is ${found}, and runs are kept in a regular file.`,
      fix: "Name the file itself.",
    });
  }
}
