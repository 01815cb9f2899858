/** Fetches a file that a provider keeps, with the key and the address of the configuration. */
import type { FilePart, ModelsConfig } from "@orch/agents";
import type { UploadedBytes } from "@orch/agents/provider-tools";

/** The outside, as far as a file is fetched. */
export interface FetchDoors {
  readonly env: { readonly [name: string]: string | undefined };
  readonly fetch: typeof globalThis.fetch;
}

/** Fetches it from the first provider of the configuration that speaks as the one that keeps it, or from that by its own name. */
export async function fetchKeptFile(
  part: FilePart,
  { providers = {} }: Pick<ModelsConfig, "providers">,
  { env, fetch }: FetchDoors,
): Promise<UploadedBytes> {
  const { fetchFile } = await import("@orch/agents/provider-tools");
  const provider = part.stored?.provider === "openai" ? "openai" : "anthropic";
  const [name, entry] = Object.entries(providers).find(([, { kind }]) => kind === provider) ?? [
    provider,
    undefined,
  ];
  const capitals = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  const apiKey = entry?.apiKey ?? env[entry?.apiKeyEnv ?? `${capitals}_API_KEY`] ?? "";
  const baseURL = entry?.baseURL ?? env[`${capitals}_BASE_URL`];
  return fetchFile({ provider, apiKey, fetch, ...(baseURL && { baseURL }) }, part);
}
