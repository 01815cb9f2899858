import { OrchError } from "@orch/core";

/** An agent has an output schema and its model can give no structured output. */
export class OutputUnsupportedError extends OrchError<"ORCH_OUTPUT_UNSUPPORTED"> {
  constructor(facts: { readonly agent: string; readonly model: string }) {
    super("ORCH_OUTPUT_UNSUPPORTED", facts, {
      says: `The agent "${facts.agent}" has an output schema, and the model "${facts.model}" gives no structured output.`,
      fix: "Choose another model, or leave the output schema out.",
    });
  }
}
