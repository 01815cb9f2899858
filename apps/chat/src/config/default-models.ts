/** The models that the chat knows by itself. A provider is named here and nowhere else in the app. */
import type { ProviderConfig } from "@orch/agents";

/** A model to begin with, and the variable whose presence chooses it. */
export interface DefaultModel {
  /** As `provider/model`. */
  readonly model: string;
  /** The environment variable with the provider's key. */
  readonly key: string;
}

type Kind = NonNullable<ProviderConfig["kind"]>;

/** A row for every kind of provider, so that a new kind does not compile before it is decided here. */
const BY_KIND = {
  openai: { model: "openai/gpt-5.4-mini", key: "OPENAI_API_KEY" },
  anthropic: { model: "anthropic/claude-sonnet-5-5", key: "ANTHROPIC_API_KEY" },
  // Only the owner of a server knows its models.
  "openai-compatible": undefined,
  "ai-sdk": undefined,
  local: undefined,
} as const satisfies { readonly [kind in Kind]: DefaultModel | undefined };

/** In the order in which their keys are looked for. */
export const DEFAULT_MODELS: readonly DefaultModel[] = Object.values(BY_KIND).filter(
  (model) => model !== undefined,
);

/** The model that needs no key. */
export const OFFLINE_MODEL = "local/extractive";

/** The keys as a sentence names them: `OPENAI_API_KEY or ANTHROPIC_API_KEY`. */
export const KEYS: string = DEFAULT_MODELS.map(({ key }) => key).join(" or ");
