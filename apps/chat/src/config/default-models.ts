/** The models that the chat knows by itself. A provider is named here and nowhere else in the app. */

/** A model to begin with, and the variable whose presence chooses it. */
export interface DefaultModel {
  /** As `provider/model`. */
  readonly model: string;
  /** The environment variable with the provider's key. */
  readonly key: string;
}

/** In the order in which their keys are looked for. */
export const DEFAULT_MODELS: readonly [DefaultModel, ...DefaultModel[]] = [
  { model: "openai/gpt-5.4-mini", key: "OPENAI_API_KEY" },
  { model: "anthropic/claude-sonnet-5-5", key: "ANTHROPIC_API_KEY" },
];

/** The model that needs no key. */
export const OFFLINE_MODEL = "local/extractive";

/** The keys as a sentence names them: `OPENAI_API_KEY or ANTHROPIC_API_KEY`. */
export const KEYS: string = DEFAULT_MODELS.map(({ key }) => key).join(" or ");
