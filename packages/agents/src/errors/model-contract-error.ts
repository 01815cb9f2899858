import { OrchError } from "@orch/core";

/** A model broke the contract of `stream`: it ended without a `finish` event. */
export class ModelContractError extends OrchError<"ORCH_MODEL_CONTRACT"> {
  constructor(facts: { readonly model: string }) {
    super("ORCH_MODEL_CONTRACT", facts, {
      says: `The model "${facts.model}" ended its stream without a "finish" event.`,
      fix: "Make its stream yield exactly one finish event, as the last one, also when it fails.",
    });
  }
}
