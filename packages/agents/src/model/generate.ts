import { ModelContractError } from "../errors/model-contract-error.ts";
import { type FinishEvent, type Model, type ModelRequest, modelName } from "../words/model.ts";

/** Calls a model and gives its last event. It never rejects for a failure of the provider: read `message.finish`. */
export async function generate(model: Model, request: ModelRequest): Promise<FinishEvent> {
  for await (const event of model.stream(request)) if (event.type === "finish") return event;
  throw new ModelContractError({ model: modelName(model.id) });
}
