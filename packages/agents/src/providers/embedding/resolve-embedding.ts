/** From a name and a configuration to a model for vectors or for orders, as {@link resolveModel} does for answers. */
import { MissingKeyError } from "../../errors/missing-key-error.ts";
import { ModelNameError } from "../../errors/model-name-error.ts";
import { ProviderConfigError } from "../../errors/provider-config-error.ts";
import type { ModelsConfig } from "../known-providers.ts";
import { type KnownModel, modelSettings } from "../model-settings.ts";
import { addressOf, findKey, keyVariable, type ModelDoors } from "../resolve-model.ts";
import { compatibleRerank } from "./compatible-rerank.ts";
import type { EmbeddingModel, RerankModel } from "./embedding-model.ts";
import { type OpenAIEmbeddingOptions, openaiEmbedding } from "./openai-embedding.ts";
import type { WholeCallOptions } from "./whole-call.ts";

/**
 * Gives the model for vectors of a name like `openai/text-embedding-3-small`. Its provider is OpenAI or speaks its API.
 * The key is asked for at the first call, which rejects with MissingKeyError (`ORCH_MISSING_KEY`) where there is none.
 *
 * @throws ModelNameError (`ORCH_MODEL_NAME`), UnknownProviderError (`ORCH_UNKNOWN_PROVIDER`), ProviderConfigError
 * (`ORCH_PROVIDER_CONFIG`); with `keyNow` MissingKeyError (`ORCH_MISSING_KEY`).
 */
export function resolveEmbedding(
  name: string,
  config: ModelsConfig,
  doors: ModelDoors,
  options: Pick<OpenAIEmbeddingOptions, "dimensions" | "batch" | "body"> = {},
): EmbeddingModel {
  const found = optionsOf(name, config, doors, "vectors");
  const drawn = openaiEmbedding({ ...found.options, ...options });
  const model = whenCalled(found, () => openaiEmbedding({ ...found.options, ...found.key(), ...options }));
  return { ...drawn, embed: async (request) => model().embed(request) };
}

/**
 * Gives the model for orders of a name like `lab/bge-reranker`. Its provider is a compatible server with `/rerank`. The
 * key is asked for at the first call, as {@link resolveEmbedding} says.
 *
 * @throws ModelNameError (`ORCH_MODEL_NAME`), UnknownProviderError (`ORCH_UNKNOWN_PROVIDER`), ProviderConfigError
 * (`ORCH_PROVIDER_CONFIG`); with `keyNow` MissingKeyError (`ORCH_MISSING_KEY`).
 */
export function resolveRerank(name: string, config: ModelsConfig, doors: ModelDoors): RerankModel {
  const found = optionsOf(name, config, doors, "orders");
  const { baseURL, provider = "", ...options } = found.options;
  if (baseURL === undefined) {
    throw new ProviderConfigError({ provider, field: "baseURL", problem: "OpenAI itself gives no orders" });
  }
  const model = whenCalled(found, () => compatibleRerank({ ...options, ...found.key(), provider, baseURL }));
  return {
    ...compatibleRerank({ ...options, provider, baseURL }),
    rerank: async (request) => model().rerank(request),
  };
}

/** What a name stands for, and its key, which is looked for when it is asked for. */
interface Found {
  readonly options: WholeCallOptions;
  readonly key: () => { readonly apiKey?: string };
  readonly keyNow: boolean;
}

/** Makes the model with its first call, or now where the key is wanted now. */
function whenCalled<TModel>({ keyNow }: Found, make: () => TModel): () => TModel {
  let model = keyNow ? make() : undefined;
  return () => {
    model ??= make();
    return model;
  };
}

function optionsOf(name: string, config: ModelsConfig, doors: ModelDoors, what: string): Found {
  const slash = name.indexOf("/");
  if (slash < 1 || slash === name.length - 1 || name !== name.trim()) throw new ModelNameError({ name });
  const provider = name.slice(0, slash);
  const settings = modelSettings(provider, name.slice(slash + 1), config);
  if (settings.kind !== "openai" && settings.kind !== "openai-compatible") {
    throw new ProviderConfigError({
      provider,
      field: "kind",
      problem: `"${settings.kind}" gives no ${what}; openai and openai-compatible do`,
    });
  }
  const baseURL = addressOf(provider, settings, doors.env);
  if (settings.kind === "openai-compatible" && baseURL === undefined) {
    throw new ProviderConfigError({ provider, field: "baseURL", problem: "it gives no address" });
  }
  return {
    options: { provider, model: settings.model, ...outside(settings, doors, baseURL) },
    key: () => keyOf(provider, settings, doors),
    keyNow: doors.keyNow ?? false,
  };
}

function keyOf(provider: string, settings: KnownModel, { env }: ModelDoors): { readonly apiKey?: string } {
  const apiKey = findKey(provider, settings, env);
  if (apiKey !== undefined) return { apiKey };
  if (settings.keyless) return {};
  throw new MissingKeyError({ provider, variable: keyVariable(provider, settings) });
}

function outside(
  settings: KnownModel,
  doors: ModelDoors,
  baseURL: string | undefined,
): Partial<WholeCallOptions> {
  const { headers, price, attempts } = settings;
  const { fetch, clock, random } = doors;
  return {
    ...(baseURL !== undefined && { baseURL }),
    ...(headers !== undefined && { headers }),
    ...(price !== undefined && { price }),
    ...(attempts !== undefined && { attempts }),
    ...(fetch !== undefined && { fetch }),
    ...(clock !== undefined && { clock }),
    ...(random !== undefined && { random }),
  };
}
