/** The models that somebody named: the one that answers, those of the configuration, and those that a key chooses. */
import { DEFAULT_MODELS, OFFLINE_MODEL } from "../config/default-models.ts";
import type { Setup } from "./compose.ts";

/** Each model once, by its name, the one that answers first. */
export function modelsOf({
  choice,
  now,
}: Pick<Setup, "choice" | "now">): readonly { readonly id: string; readonly description?: string }[] {
  const { config } = now();
  const entries = Object.values(config.orchestrations ?? {});
  const named = entries.flatMap(({ model, states = {} }) => [
    model,
    ...Object.values(states).map((one) => one.model),
  ]);
  const aliases = Object.entries(config.providers ?? {}).flatMap(([provider, { models }]) =>
    typeof models === "object" && models !== null
      ? Object.keys(models).map((alias) => `${provider}/${alias}`)
      : [],
  );
  const names = [
    choice.model,
    ...(config.model === undefined ? [] : [config.model]),
    ...named.filter((model) => model !== undefined),
    ...Object.keys(config.models ?? {}),
    ...aliases,
    ...DEFAULT_MODELS.map(({ model }) => model),
    OFFLINE_MODEL,
  ];
  return [...new Set(names)].map((id) =>
    id === OFFLINE_MODEL ? { id, description: "quotes your files; not a language model" } : { id },
  );
}
