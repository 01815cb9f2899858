/** The platform's `fetch`, behind the proxy that the environment names. */
import { nodeProcess } from "../node-module.ts";
import type { ProxyEnv } from "./proxy-route.ts";

const VARIABLES = [
  "https_proxy",
  "HTTPS_PROXY",
  "http_proxy",
  "HTTP_PROXY",
  "all_proxy",
  "ALL_PROXY",
] as const;

/**
 * Gives a `fetch` that goes by way of the proxy that the variables `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` name for an
 * address, in small letters too, unless `NO_PROXY` lists its host. This machine is always reached without. A connection
 * that fails says which way it went. It is what models and MCP servers use by themselves; give it to other libraries.
 *
 * Node has proxies from 22.21 and 24.5 on. Elsewhere, and for proxies that do not speak HTTP, requests go without.
 *
 * @param env read with each request; usually `process.env`.
 * @param fetch for requests that need no proxy. Default: the platform's.
 *
 * @example
 * ```ts
 * const openai = createOpenAI({ fetch: proxiedFetch(process.env) });
 * ```
 */
export function proxiedFetch(
  env: ProxyEnv,
  fetch: typeof globalThis.fetch = platformFetch,
): typeof globalThis.fetch {
  return async (input, init) => {
    if (!VARIABLES.some((name) => env[name])) return fetch(input, init);
    const { fetchOnRoute } = await import("./fetch-on-route.ts");
    return fetchOnRoute(env, fetch, input, init);
  };
}

/** Looked up with each call: what replaces it later counts. */
// biome-ignore lint/style/noRestrictedGlobals: this is the door.
const platformFetch: typeof globalThis.fetch = (input, init) => fetch(input, init);

/** The network of this process, for those who are given no other. */
export const systemFetch: typeof globalThis.fetch = (input, init) =>
  proxiedFetch(nodeProcess().env ?? {})(input, init);
