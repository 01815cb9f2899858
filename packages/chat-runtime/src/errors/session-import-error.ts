import { OrchError } from "@orch/core";

/** A text that should be an exported session is not one. */
export class SessionImportError extends OrchError<"ORCH_SESSION_IMPORT"> {
  constructor(facts: { readonly line: number; readonly problem: string }, options?: ErrorOptions) {
    super(
      "ORCH_SESSION_IMPORT",
      facts,
      {
        says: `The session cannot be imported: line ${facts.line} ${facts.problem}.`,
        fix: "Export it again, and import the whole text.",
      },
      options,
    );
  }
}
