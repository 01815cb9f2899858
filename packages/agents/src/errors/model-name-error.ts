import { OrchError } from "@orch/core";

/** A model's name is not of the form `provider/model`. */
export class ModelNameError extends OrchError<"ORCH_MODEL_NAME", { readonly name: string }> {
  constructor(facts: { readonly name: string }) {
    super("ORCH_MODEL_NAME", facts, {
      says: `"${facts.name}" is not the name of a model.`,
      fix: "Write provider/model, for example openai/gpt-5 or ollama/llama3.2.",
    });
  }
}
