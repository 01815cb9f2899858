/** From a name and a configuration to a model: switching providers is changing a string. */
import type { Clock, Random } from "@orch/core";
import { MissingKeyError } from "../errors/missing-key-error.ts";
import { ModelNameError } from "../errors/model-name-error.ts";
import { ProviderConfigError } from "../errors/provider-config-error.ts";
import { proxiedFetch } from "../platform/proxy/proxied-fetch.ts";
import type { Model } from "../words/model.ts";
import { AI_SDK_CAPS, ANTHROPIC_CAPS, EXTRACTIVE_CAPS, openaiCaps } from "./assumed-caps.ts";
import type { KnownProvider, ModelsConfig } from "./known-providers.ts";
import { lazyModel } from "./lazy-model.ts";
import { type KnownModel, modelSettings } from "./model-settings.ts";
import { assumedCaps, compatOf } from "./openai-compatible/compat.ts";
import { presetOf } from "./openai-compatible/presets.ts";
import { capsOf, type ProviderOptions } from "./provider-options.ts";
import { withRetry } from "./wrappers/retry-model.ts";

/** The outside, as `resolveModel` needs it. */
export interface ModelDoors {
  /** The environment: keys and addresses are read from it, here and nowhere else. */
  readonly env: { readonly [name: string]: string | undefined };
  /**
   * Asks for the key now, and not at the first call: for a program that wants to say at its start that a key is
   * missing. Default false, so that a flow can be defined, drawn and tested before there is a key.
   */
  readonly keyNow?: boolean;
  /** The folder that `local/extractive` may quote. */
  readonly root?: string;
  /** Default: the platform's, behind the proxy that `env` names (`proxiedFetch`). */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Gives the model of a name like `openai/gpt-5`. Nothing is loaded or called, and no key is asked for, until its first use: to define is not to
 * connect. A call without a key rejects with MissingKeyError (`ORCH_MISSING_KEY`). Failed calls are made again as `withRetry` does, `attempts` times in all.
 *
 * @example
 * ```ts
 * const model = resolveModel("anthropic/claude-sonnet-5-5", config, { env: process.env });
 * ```
 * @throws ModelNameError (`ORCH_MODEL_NAME`), UnknownProviderError (`ORCH_UNKNOWN_PROVIDER`),
 * ProviderConfigError (`ORCH_PROVIDER_CONFIG`); with `keyNow` MissingKeyError (`ORCH_MISSING_KEY`).
 */
export function resolveModel(name: string, config: ModelsConfig, doors: ModelDoors): Model {
  const slash = name.indexOf("/");
  if (slash < 1 || slash === name.length - 1 || name !== name.trim()) throw new ModelNameError({ name });
  const provider = name.slice(0, slash);
  const settings = modelSettings(provider, name.slice(slash + 1), config);
  return retrying(openModel(provider, settings, doors), settings.attempts, doors);
}

function openModel(provider: string, settings: KnownModel, doors: ModelDoors): Model {
  const { model } = settings;
  const baseURL = addressOf(provider, settings, doors.env);
  const address = baseURL === undefined ? {} : { baseURL };
  const shared = { ...common(settings, doors), model, ...address };
  switch (settings.kind) {
    case "openai": {
      const apiKey = keyFor(provider, settings, doors);
      const id = { provider: "openai", api: "responses", model };
      return lazyModel(id, capsOf(openaiCaps(model), shared), async () =>
        (await import("../openai.ts")).openai({ ...shared, apiKey: apiKey() }),
      );
    }
    case "anthropic": {
      const apiKey = keyFor(provider, settings, doors);
      const id = { provider: "anthropic", api: "messages", model };
      const own = anthropicOptions(settings);
      return lazyModel(id, capsOf(ANTHROPIC_CAPS, shared), async () =>
        (await import("../anthropic.ts")).anthropic({ ...shared, ...own, apiKey: apiKey() }),
      );
    }
    case "openai-compatible":
      return compatibleModel(provider, settings, shared, doors);
    case "ai-sdk":
      return aiSdkModel(provider, settings, shared);
    case "local":
      return localModel(provider, settings, doors);
    default:
      throw new ProviderConfigError({
        provider,
        field: "kind",
        problem: `"${String(settings.kind satisfies never)}" is not openai, openai-compatible, anthropic, ai-sdk or local`,
      });
  }
}

type Shared = ReturnType<typeof common> & { readonly model: string; readonly baseURL?: string };

function compatibleModel(provider: string, settings: KnownModel, shared: Shared, doors: ModelDoors): Model {
  const { baseURL, model } = shared;
  if (baseURL === undefined) {
    throw new ProviderConfigError({ provider, field: "baseURL", problem: "it gives no address" });
  }
  const apiKey = settings.keyless ? undefined : keyFor(provider, settings, doors);
  const { preset = presetOf(baseURL), compat = {} } = settings;
  const id = { provider, api: "chat-completions", model };
  const key = (): { readonly apiKey?: string } => {
    const found = apiKey === undefined ? findKey(provider, settings, doors.env) : apiKey();
    return found === undefined ? {} : { apiKey: found };
  };
  const chance = doors.random === undefined ? {} : { random: doors.random };
  return lazyModel(id, capsOf(assumedCaps(compatOf(preset, compat)), shared), async () =>
    (await import("../openai.ts")).openaiCompatible({
      ...shared,
      ...key(),
      ...chance,
      provider,
      baseURL,
      preset,
      compat,
    }),
  );
}

/** Keys and addresses are the business of the function that makes the model. */
function aiSdkModel(provider: string, settings: KnownModel, { fetch: _fetch, ...shared }: Shared): Model {
  const { create } = settings;
  if (typeof create !== "function") {
    throw new ProviderConfigError({
      provider,
      field: "create",
      problem: "it gives no function that makes its models",
    });
  }
  const id = { provider, api: "ai-sdk", model: shared.model };
  return lazyModel(id, capsOf(AI_SDK_CAPS, shared), async () => {
    const { fromAiSdk } = await import("../ai-sdk.ts");
    return fromAiSdk(await create(shared.model), { ...shared, provider });
  });
}

function localModel(provider: string, settings: KnownModel, doors: ModelDoors): Model {
  const { model } = settings;
  if (model !== "extractive") {
    throw new ModelNameError({ name: `${provider}/${model}`, known: [`${provider}/extractive`] });
  }
  const { root, clock } = doors;
  if (root === undefined) {
    throw new ProviderConfigError({
      provider,
      field: "root",
      problem: "no folder was given that it may quote",
    });
  }
  const { paths } = settings;
  const id = { provider: "local", api: "extractive", model };
  return lazyModel(id, EXTRACTIVE_CAPS, async () =>
    (await import("../extractive.ts")).extractive({ root, ...(paths && { paths }), ...(clock && { clock }) }),
  );
}

function common(
  settings: KnownModel,
  doors: ModelDoors,
): Pick<ProviderOptions, "headers" | "price" | "caps" | "timeouts" | "fetch" | "clock"> {
  const { headers, price, contextWindow, timeouts } = settings;
  const caps = { ...settings.caps, ...(contextWindow !== undefined && { contextWindow }) };
  return {
    caps,
    ...(headers !== undefined && { headers }),
    ...(price !== undefined && { price }),
    ...(timeouts !== undefined && { timeouts }),
    fetch: doors.fetch ?? proxiedFetch(doors.env),
    ...(doors.clock !== undefined && { clock: doors.clock }),
  };
}

function anthropicOptions({
  maxOutputTokens,
  cache,
  cachePlacement,
  citations,
}: KnownModel): AnthropicExtras {
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(cache !== undefined && { cache }),
    ...(cachePlacement !== undefined && { cachePlacement }),
    ...(citations !== undefined && { citations }),
  };
}

type AnthropicExtras = Pick<KnownModel, "maxOutputTokens" | "cache" | "cachePlacement" | "citations">;

/** Gives the function that looks for the key, when the model is called for the first time. */
function keyFor(provider: string, settings: KnownModel, doors: ModelDoors): () => string {
  const find = (): string => {
    const key = findKey(provider, settings, doors.env);
    if (key === undefined) throw new MissingKeyError({ provider, variable: keyVariable(provider, settings) });
    return key;
  };
  if (doors.keyNow) find();
  return find;
}

/** The address of a provider; `undefined` is its own. An empty variable counts as none. */
export function addressOf(
  provider: string,
  { baseURL, home }: Pick<KnownProvider, "baseURL" | "home">,
  env: ModelDoors["env"],
): string | undefined {
  return baseURL || env[variable(provider, "BASE_URL")] || home;
}

/** The key of a provider. An empty variable counts as none. */
export function findKey(
  provider: string,
  settings: Pick<KnownProvider, "apiKey" | "apiKeyEnv">,
  env: ModelDoors["env"],
): string | undefined {
  return settings.apiKey || env[keyVariable(provider, settings)] || undefined;
}

/** The variable that a provider's key is looked for in. */
export function keyVariable(provider: string, settings: Pick<KnownProvider, "apiKeyEnv">): string {
  return settings.apiKeyEnv ?? variable(provider, "API_KEY");
}

function variable(provider: string, what: string): string {
  return `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_${what}`;
}

/** Retries that are reported to the caller of the request. */
function retrying(model: Model, attempts: number | undefined, { clock, random }: ModelDoors): Model {
  const doors = {
    ...(attempts !== undefined && { attempts }),
    ...(clock !== undefined && { clock }),
    ...(random !== undefined && { random }),
  };
  return {
    id: model.id,
    caps: model.caps,
    stream: (request) => {
      const { onRetry } = request;
      return withRetry(model, { ...doors, ...(onRetry !== undefined && { onRetry }) }).stream(request);
    },
  };
}
