import type { PublicUsage } from "../words/public-event.ts";
import type { AgUiUsage } from "./ag-ui-event.ts";

/** Adds up tokens by model. */
export class ModelUsage {
  readonly #models = new Map<string, AgUiUsage>();

  add({ model = "", inputTokens = 0, outputTokens = 0 }: PublicUsage): void {
    const before = this.#models.get(model) ?? { inputTokens: 0, outputTokens: 0, ...namesOf(model) };
    this.#models.set(model, {
      ...before,
      inputTokens: before.inputTokens + inputTokens,
      outputTokens: before.outputTokens + outputTokens,
    });
  }

  /** One entry for each model, in the order in which they were first used. */
  entries(): readonly AgUiUsage[] {
    return [...this.#models.values()];
  }
}

/** A model is named `provider/model`. */
function namesOf(name: string): { readonly provider?: string; readonly model?: string } {
  if (name === "") return {};
  const slash = name.indexOf("/");
  return slash < 0 ? { model: name } : { provider: name.slice(0, slash), model: name.slice(slash + 1) };
}
