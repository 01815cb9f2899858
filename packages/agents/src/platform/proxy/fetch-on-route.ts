/** One request on its way, by a proxy or by none. */
import { canUseProxies, fetchByProxy, type ProxyOutcome } from "./fetch-by-proxy.ts";
import { type ProxyEnv, type ProxyRoute, proxyRoute } from "./proxy-route.ts";

type Fetch = typeof globalThis.fetch;

/** As many as `fetch` follows. */
const MOST_REDIRECTS = 20;

/** Makes a request on the way that the environment says; where it fails, the error tells that way. */
export async function fetchOnRoute(
  env: ProxyEnv,
  fetch: Fetch,
  input: Parameters<Fetch>[0],
  init: Parameters<Fetch>[1],
  followed = 0,
): Promise<Response> {
  const { proxy, says } = routeOf(new URL(input instanceof Request ? input.url : input), env);
  let hop: ProxyOutcome;
  try {
    hop =
      proxy === undefined ? await fetch(input, init) : await fetchByProxy(new Request(input, init), proxy);
  } catch (error) {
    if (says !== undefined) tell(error, says);
    throw error;
  }
  if (!(hop instanceof Request)) return hop;
  // biome-ignore lint/plugin: it is what `fetch` throws.
  if (hop.redirect === "error" || followed === MOST_REDIRECTS) throw new TypeError("redirected too often");
  return fetchOnRoute(env, fetch, hop, undefined, followed + 1);
}

function routeOf(url: URL, env: ProxyEnv): ProxyRoute {
  const route = proxyRoute(url, env);
  if (route.proxy === undefined || canUseProxies()) return route;
  return {
    says: "not by way of the proxy that the environment names, as only Node 22.21, 24.5 or newer can use one",
  };
}

/** Adds the way to the innermost error, whose words people read. */
function tell(error: unknown, says: string): void {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause;
  if (!(at instanceof Error) || !Object.getOwnPropertyDescriptor(at, "message")?.writable) return;
  const what = at.message || ("code" in at ? String(at.code) : "it failed");
  if (!what.includes(says)) at.message = `${what} (${says})`;
}
