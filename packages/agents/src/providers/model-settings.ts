/** What a configuration says about one model: its provider's entry, and over it the model's own. */
import { ProviderConfigError } from "../errors/provider-config-error.ts";
import { UnknownProviderError } from "../errors/unknown-provider-error.ts";
import { nearestName } from "../platform/nearest-name.ts";
import type { ModelCaps } from "../words/model.ts";
import {
  KNOWN_PROVIDERS,
  type KnownProvider,
  type ModelEntry,
  type ModelsConfig,
  PROVIDER_ALIASES,
  type ProviderConfig,
} from "./known-providers.ts";

/** A provider's entry with what is known of one of its models. */
export interface KnownModel extends KnownProvider {
  /** The provider's name of the model. */
  readonly model: string;
}

/**
 * Finds the settings of `provider/asked`; an alias stands for its model, and may have an entry of its own.
 *
 * @throws UnknownProviderError (`ORCH_UNKNOWN_PROVIDER`), ProviderConfigError (`ORCH_PROVIDER_CONFIG`).
 */
export function modelSettings(provider: string, asked: string, config: ModelsConfig): KnownModel {
  const settings = providerSettings(provider, config);
  const model = own(settings.models, asked) ?? asked;
  const places: readonly (readonly [string, ModelEntry | undefined])[] = [
    [`providers.${provider}`, settings],
    ...[model, ...(asked === model ? [] : [asked])].map((one) => {
      const name = `${provider}/${one}`;
      return [`models["${name}"]`, own(config.models, name)] as const;
    }),
  ];
  let merged: ModelEntry = {};
  for (const [place, entry] of places) {
    if (entry === undefined) continue;
    check(provider, place, entry);
    merged = { ...merged, ...entry, ...nested(merged, entry) };
  }
  return { ...settings, ...merged, model };
}

/**
 * The settings of a provider, with what is known of it.
 *
 * @throws UnknownProviderError (`ORCH_UNKNOWN_PROVIDER`), ProviderConfigError (`ORCH_PROVIDER_CONFIG`).
 */
export function providerSettings(provider: string, { providers }: ModelsConfig): KnownProvider {
  const known = own(KNOWN_PROVIDERS, own(PROVIDER_ALIASES, provider) ?? provider);
  const entry: ProviderConfig | undefined = own(providers, provider);
  if (known === undefined && entry === undefined) {
    const names = [...new Set([...Object.keys(KNOWN_PROVIDERS), ...Object.keys(providers ?? {})])];
    const nearest = nearestName(provider, names);
    throw new UnknownProviderError({ provider, known: names, ...(nearest !== undefined && { nearest }) });
  }
  const kind = entry?.kind ?? known?.kind;
  if (kind === undefined) {
    throw new ProviderConfigError({
      provider,
      field: "kind",
      problem: "it does not say what the provider speaks",
    });
  }
  // A provider that keeps a well-known name but changes its kind or address is a server of its own.
  if (known?.kind === kind) return { ...known, ...entry, kind };
  return {
    ...entry,
    kind,
    keyless: kind === "local" || (kind === "openai-compatible" && entry?.apiKeyEnv === undefined),
  };
}

/** Reads a property that the configuration itself has, and not one that every object inherits. */
function own<T>(entries: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** Settings of settings add up. */
function nested(a: ModelEntry, b: ModelEntry | undefined): Pick<ModelEntry, "caps" | "timeouts"> {
  const caps: Partial<ModelCaps> = { ...a.caps, ...b?.caps };
  const timeouts = { ...a.timeouts, ...b?.timeouts };
  return {
    ...(Object.keys(caps).length > 0 && { caps }),
    ...(Object.keys(timeouts).length > 0 && { timeouts }),
  };
}

/** Checks the numbers of a configuration, which is read from files and may contain anything. */
function check(
  provider: string,
  place: string,
  { attempts, timeouts = {}, contextWindow, maxOutputTokens }: ModelEntry,
): void {
  const refuse = (field: string, problem: string): never => {
    throw new ProviderConfigError({ provider, field, problem, place: `${place}.${field}` });
  };
  for (const [field, value] of Object.entries({ attempts, contextWindow, maxOutputTokens })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      refuse(field, `it is ${JSON.stringify(value)}, and must be a whole number from 1`);
    }
  }
  for (const [name, value] of Object.entries(timeouts as { readonly [name: string]: unknown })) {
    if (!(typeof value === "number" && value > 0)) {
      refuse(`timeouts.${name}`, `it is ${JSON.stringify(value)}, and must be milliseconds, more than 0`);
    }
  }
}
