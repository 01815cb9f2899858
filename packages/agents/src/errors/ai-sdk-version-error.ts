import { OrchError } from "@orch/core";

/** The value that the caller passed as a model of the AI SDK. */
export interface AiSdkVersionFacts {
  /** The model's name, as far as it says one. */
  readonly model: string;
  /** Its `specificationVersion`, or `none`. */
  readonly found: string;
}

/** Something else than a language model of the AI SDK with specification v3 or v4 was given. */
export class AiSdkVersionError extends OrchError<"ORCH_AI_SDK_VERSION", AiSdkVersionFacts> {
  constructor(facts: AiSdkVersionFacts) {
    super("ORCH_AI_SDK_VERSION", facts, {
      says: `The model ${facts.model} has the specification version ${facts.found}, and only v3 and v4 can be used here.`,
      fix: "Install a version of its provider package whose models have v3 or v4 (for @ai-sdk packages: 3 or later), and give the model object, not its name.",
    });
  }
}
