/** The providers that work by their name alone, and what a configuration may say about any. */
import type { Price } from "./model.ts";
import type { Preset } from "./providers/openai-compatible/compat.ts";

/** One entry under `providers` in a configuration; what a well-known provider leaves out is filled in. */
export interface ProviderConfig {
  /** What the provider speaks. Needed for a provider that is not well known. */
  readonly kind?: "openai" | "openai-compatible" | "anthropic" | "local";
  /** Better kept out of files: see `apiKeyEnv`. */
  readonly apiKey?: string;
  /** The environment variable with the key. Default: the provider's name in capitals, with `_API_KEY`. */
  readonly apiKeyEnv?: string;
  /** Up to and with the version, like `http://127.0.0.1:8000/v1`. Default: the variable with `_BASE_URL`, else the provider's own. */
  readonly baseURL?: string;
  /** Whose habits an OpenAI-compatible server has. Default `generic`. */
  readonly preset?: Preset;
  /** Short names for models: `{ "fast": "gpt-5-mini" }` makes `openai/fast` work. */
  readonly models?: { readonly [alias: string]: string };
  /** Of the provider's models, in US dollars per million tokens. */
  readonly price?: Price;
  /** Of the provider's models, in tokens. */
  readonly contextWindow?: number;
  /** Sent with every request. */
  readonly headers?: { readonly [name: string]: string };
  /** `local` only: files and folders that may be quoted, relative to the root. */
  readonly paths?: readonly string[];
}

/** What a configuration says about models. */
export interface ModelsConfig {
  readonly providers?: { readonly [name: string]: ProviderConfig };
}

/** A provider as it is used: its kind is known, and whether it can do without a key. */
export interface KnownProvider extends ProviderConfig {
  readonly kind: NonNullable<ProviderConfig["kind"]>;
  readonly keyless?: boolean;
}

/** The well-known providers, by name. */
export const KNOWN_PROVIDERS: { readonly [name: string]: KnownProvider } = {
  openai: { kind: "openai" },
  anthropic: { kind: "anthropic" },
  ollama: compatible("ollama", "http://127.0.0.1:11434/v1", true),
  lmstudio: compatible("lmstudio", "http://127.0.0.1:1234/v1", true),
  openrouter: compatible("openrouter", "https://openrouter.ai/api/v1"),
  deepseek: compatible("deepseek", "https://api.deepseek.com/v1"),
  groq: compatible("groq", "https://api.groq.com/openai/v1"),
  mistral: compatible("mistral", "https://api.mistral.ai/v1"),
  local: { kind: "local", keyless: true },
};

function compatible(preset: Preset, baseURL: string, keyless = false): KnownProvider {
  return { kind: "openai-compatible", preset, baseURL, keyless };
}
