import { OrchError } from "@orch/core";

/** Which name was given, and what there is instead, where that is known. */
export interface ModelNameFacts {
  readonly name: string;
  readonly known?: readonly string[];
}

/** A model's name is not of the form `provider/model`, or its provider has no such model. */
export class ModelNameError extends OrchError<"ORCH_MODEL_NAME", ModelNameFacts> {
  constructor(facts: ModelNameFacts) {
    const { name, known } = facts;
    super("ORCH_MODEL_NAME", facts, {
      says: `"${name}" is not the name of a model.`,
      fix: known
        ? `Use ${known.join(" or ")}.`
        : "Write provider/model, for example openai/gpt-5 or ollama/llama3.2.",
    });
  }
}
