/** The way of a request: to its server, or by way of the proxy that the environment names for it. */
import { isExcluded, isLoopback } from "./no-proxy.ts";

/** Variables of the environment. */
export type ProxyEnv = { readonly [name: string]: string | undefined };

/** The way of a request. */
export interface ProxyRoute {
  /** The proxy's address, with its user and password; `undefined` where the request goes to its server. */
  readonly proxy?: string;
  /** What failures say of the way; nothing where no variable is set for the address. */
  readonly says?: string;
}

const VARIABLES: { readonly [protocol: string]: readonly string[] } = {
  "https:": ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
  "http:": ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
};

/**
 * Finds the way of a request by `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY`, and `NO_PROXY`; in small letters they
 * come first, as with curl. This machine is never behind a proxy. An empty variable counts as none.
 */
export function proxyRoute({ protocol, hostname, port }: URL, env: ProxyEnv): ProxyRoute {
  const variable = (VARIABLES[protocol] ?? []).find((name) => env[name]?.trim());
  if (variable === undefined) return {};
  const host = hostname.replace(/^\[|\]$/g, "");
  if (isLoopback(host)) return {};
  const except = ["no_proxy", "NO_PROXY"].find((name) => env[name]?.trim());
  const usual = protocol === "https:" ? "443" : "80";
  if (except !== undefined && isExcluded(host, port || usual, env[except]!)) {
    return { says: `not by way of ${variable}, as ${except} lists ${host}` };
  }
  const proxy = addressOf(env[variable]!);
  if (proxy === undefined)
    return { says: `not by way of ${variable}, which is not the address of an HTTP proxy` };
  return {
    proxy: proxy.href,
    says: `by way of the proxy ${shownProxy(env[variable]!)} that ${variable} names`,
  };
}

/** A proxy as people see it: without its user and password. */
function shownProxy(value: string): string {
  const { protocol, host } = addressOf(value) ?? {};
  return host === undefined ? "(not the address of an HTTP proxy)" : `${protocol}//${host}`;
}

/** `host:port` alone is an HTTP proxy. Proxies of other kinds (`socks5://`) are none that Node can use. */
function addressOf(value: string): URL | undefined {
  const text = value.trim();
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return /^https?:$/.test(url.protocol) && url.hostname !== "" ? url : undefined;
}
