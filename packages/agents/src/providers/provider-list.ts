/** Which providers there are, and which of them could be used. */
import {
  KNOWN_PROVIDERS,
  type KnownProvider,
  type ModelsConfig,
  type ProviderConfig,
} from "./known-providers.ts";
import { providerSettings } from "./model-settings.ts";
import { addressOf, findKey, keyVariable, type ModelDoors } from "./resolve-model.ts";

/** A provider, without its key. */
export interface ProviderSummary {
  readonly name: string;
  /** Absent where the configuration does not say what it speaks. */
  readonly kind?: NonNullable<ProviderConfig["kind"]>;
  /** The environment variable that its key is looked for in. */
  readonly keyVariable: string;
  /** Where its key was found; absent where there is none. */
  readonly key?: "environment" | "configuration";
  readonly needsKey: boolean;
  /** Scheme, host and port of its address; absent for the provider's own, and where it is no address. */
  readonly origin?: string;
}

/** The well-known providers and those of the configuration, by name. Nothing is called. */
export function listProviders(
  config: ModelsConfig,
  { env }: Pick<ModelDoors, "env">,
): readonly ProviderSummary[] {
  const names = new Set([...Object.keys(KNOWN_PROVIDERS), ...Object.keys(config.providers ?? {})]);
  return [...names].map((name) => summaryOf(name, config, env));
}

function summaryOf(name: string, config: ModelsConfig, env: ModelDoors["env"]): ProviderSummary {
  let settings: KnownProvider;
  try {
    settings = providerSettings(name, config);
  } catch {
    return { name, keyVariable: keyVariable(name, {}), needsKey: false };
  }
  const { kind, keyless, apiKey } = settings;
  const found = findKey(name, settings, env) !== undefined;
  const address = addressOf(name, settings, env);
  const origin = address === undefined || !URL.canParse(address) ? undefined : new URL(address).origin;
  return {
    name,
    kind,
    keyVariable: keyVariable(name, settings),
    needsKey: keyless !== true && kind !== "ai-sdk" && kind !== "local",
    ...(found && { key: apiKey ? "configuration" : "environment" }),
    ...(origin !== undefined && { origin }),
  };
}
