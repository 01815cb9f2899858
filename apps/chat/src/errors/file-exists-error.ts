import { OrchError } from "@orch/core";

/** Something that would have been overwritten is there already. */
export class FileExistsError extends OrchError<"ORCH_FILE_EXISTS"> {
  constructor(facts: { readonly file: string }) {
    super("ORCH_FILE_EXISTS", facts, {
      says: `${facts.file} is there already, so nothing was written.`,
      fix: "Edit it, or move it away and try again; orch new <name> writes another orchestration.",
    });
  }
}
