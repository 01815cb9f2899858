import { OrchError } from "@orch/core";

/** An agent was run without a model. */
export class MissingModelError extends OrchError<"ORCH_MISSING_MODEL"> {
  constructor(facts: { readonly agent: string }) {
    super("ORCH_MISSING_MODEL", facts, {
      says: `The agent "${facts.agent}" has no model.`,
      fix: "Give model to agent(...), or in the options of the run.",
    });
  }
}
