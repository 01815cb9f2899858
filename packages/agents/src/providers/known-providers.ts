/** The providers that need no configuration, and the settings that a configuration may have for any provider. */

import type { Timeouts } from "../model/model-stream.ts";
import type { ModelCaps, ModelRequest, Price } from "../words/model.ts";
import type { AiSdkModel } from "./ai-sdk/ai-sdk-model.ts";
import type { CachePlacement } from "./anthropic/cache-placement.ts";
import type { Compat } from "./openai-compatible/compat.ts";
import { PRESETS, type Preset } from "./openai-compatible/presets.ts";

/** What a configuration knows of a model; nothing of it is compiled in, since it changes faster than a package. */
export interface ModelEntry {
  /** In tokens. */
  readonly contextWindow?: number;
  /** The default limit of an answer, in tokens. Anthropic's API requires one. */
  readonly maxOutputTokens?: number;
  /** In US dollars per million tokens. Without it a cost is unknown. */
  readonly price?: Price;
  /** Corrects what is assumed of the model. */
  readonly caps?: Partial<ModelCaps>;
  /** How long the model may be silent, in milliseconds. Default: 60,000 before the first bytes, 120,000 between two. */
  readonly timeouts?: Timeouts;
  /** How often a call is made that fails before its first output, the first time included. Default 3. */
  readonly attempts?: number;
}

/**
 * One entry under `providers` in a configuration; what a well-known provider leaves out is filled in. What it says
 * of models holds for all of the provider, as far as their own entries do not say otherwise.
 */
export interface ProviderConfig extends ModelEntry {
  /** What the provider speaks. Needed for a provider that is not well known. */
  readonly kind?: "openai" | "openai-compatible" | "anthropic" | "ai-sdk" | "local";
  /** Better kept out of files: see `apiKeyEnv`. */
  readonly apiKey?: string;
  /** The environment variable with the key. Default: the well-known provider's own, else its name in capitals, with `_API_KEY`. */
  readonly apiKeyEnv?: string;
  /** Up to and with the version, like `http://127.0.0.1:8000/v1`. Default: the variable with `_BASE_URL`, else the provider's own. */
  readonly baseURL?: string;
  /** The known server that an OpenAI-compatible server behaves like. Default: the one that its address belongs to, else `generic`. */
  readonly preset?: Preset;
  /** Short names for models: `{ "fast": "gpt-5-mini" }` makes `openai/fast` work. */
  readonly models?: { readonly [alias: string]: string };
  /** `openai-compatible` only: corrects single habits of the preset. */
  readonly compat?: Partial<Compat>;
  /** `anthropic` only: how long prompts are kept in its cache. */
  readonly cache?: NonNullable<ModelRequest["cache"]>;
  /** `anthropic` only: where the cache's mark goes. */
  readonly cachePlacement?: CachePlacement;
  /** `anthropic` only: lets the model cite the documents it is given. */
  readonly citations?: boolean;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string };
  /** `ai-sdk` only: makes the model of a name, like the functions that provider packages of the AI SDK export. */
  readonly create?: (model: string) => AiSdkModel | Promise<AiSdkModel>;
  /** `local` only: files and folders that may be quoted, relative to the root. */
  readonly paths?: readonly string[];
}

/** What a configuration says about models. */
export interface ModelsConfig {
  readonly providers?: { readonly [name: string]: ProviderConfig };
  /** The catalogue: what is known of single models, by `provider/model` or `provider/alias`. */
  readonly models?: { readonly [name: string]: ModelEntry };
}

/** A provider as it is used: its kind is known, and whether it can do without a key. */
export interface KnownProvider extends ProviderConfig {
  readonly kind: NonNullable<ProviderConfig["kind"]>;
  readonly keyless?: boolean;
  /** The default address, when neither the configuration nor the environment has one. */
  readonly home?: string;
}

/** Other names under which people know a provider. */
export const PROVIDER_ALIASES: { readonly [name: string]: string } = { moonshot: "kimi", zai: "glm" };

/** The well-known providers, by name. */
export const KNOWN_PROVIDERS: { readonly [name: string]: KnownProvider } = {
  openai: { kind: "openai" },
  anthropic: { kind: "anthropic" },
  ...compatibleProviders(),
  local: { kind: "local", keyless: true },
};

function compatibleProviders(): { readonly [name: string]: KnownProvider } {
  const names = Object.keys(PRESETS).filter((name) => name !== "openai" && name !== "generic") as Preset[];
  return Object.fromEntries(names.map((name) => [name, compatible(name)]));
}

function compatible(preset: Preset): KnownProvider {
  const { home, key, keyless = false } = PRESETS[preset];
  return {
    kind: "openai-compatible",
    preset,
    keyless,
    ...(home !== undefined && { home }),
    ...(key !== undefined && { apiKeyEnv: key }),
  };
}
