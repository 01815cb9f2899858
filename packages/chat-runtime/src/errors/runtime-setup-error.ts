import { OrchError } from "@orch/core";

/** A runtime configuration cannot be made as it was asked for. */
export class RuntimeSetupError extends OrchError<"ORCH_RUNTIME_SETUP"> {
  constructor(facts: { readonly configuration: string; readonly problem: string }) {
    super("ORCH_RUNTIME_SETUP", facts, {
      says: `"${facts.configuration}" cannot be made: ${facts.problem}.`,
      fix: "Correct what is given to it.",
    });
  }
}
