/**
 * Which providers of a stranger's configuration may be used without asking: those that cannot send a
 * key or a conversation anywhere but to the provider's own address or to this machine.
 */
import type { Config } from "./config.ts";

type Providers = NonNullable<Config["providers"]>;

/** Settings that say what a model is, not where things go. */
const PLAIN: ReadonlySet<string> = new Set([
  "kind",
  "preset",
  "compat",
  "models",
  "price",
  "contextWindow",
  "maxOutputTokens",
  "caps",
  "timeouts",
  "attempts",
  "cache",
  "cachePlacement",
  "citations",
  "apiKey",
]);

/** Splits providers into those that need no trust and the others. */
export function splitProviders(providers: Providers): {
  readonly harmless: Providers;
  readonly weighty: Providers;
} {
  const harmless: Record<string, Providers[string]> = {};
  const weighty: Record<string, Providers[string]> = {};
  for (const [name, settings] of Object.entries(providers)) {
    (isHarmless(name, settings) ? harmless : weighty)[name] = settings;
  }
  return { harmless, weighty };
}

function isHarmless(name: string, settings: Providers[string]): boolean {
  return Object.entries(settings).every(([setting, value]) => {
    if (setting === "baseURL") return typeof value === "string" && isThisMachine(value);
    // Another variable could hold any secret of the user's.
    if (setting === "apiKeyEnv") return value === `${name.toUpperCase().replaceAll("-", "_")}_API_KEY`;
    return PLAIN.has(setting);
  });
}

function isThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
