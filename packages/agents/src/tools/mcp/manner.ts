/** In which way a server is spoken to, and which other way there is when it does not understand. */
import type { McpServerConfig } from "./mcp-config.ts";

/**
 * How a server is spoken to. `usual`: at an address the version is asked for first; a program is greeted as before 2026,
 * because asking would start it twice. `older` is the transport of servers at addresses from before 2025 (HTTP with SSE),
 * and `newest` is for programs that know only the protocol of 2026.
 */
export type Manner = "usual" | "older" | "newest";

/** Refusals that are not about the way of speaking: no right, too slow, too much. */
const PLAIN_REFUSALS: readonly (number | undefined)[] = [401, 403, 408, 429];
/** The protocol's codes for "no such method" and "not this version". */
const STRANGE: readonly unknown[] = [-32_601, -32_022];

/** In which other way a server is spoken to that refused the usual one. */
export function otherManner(config: McpServerConfig, error: unknown): Manner | undefined {
  if (!("url" in config)) {
    return STRANGE.includes((error as { readonly code?: unknown } | undefined)?.code) ? "newest" : undefined;
  }
  const status = statusOf(error);
  const strange = status !== undefined && status < 500 && !PLAIN_REFUSALS.includes(status);
  return strange ? "older" : undefined;
}

/** The HTTP status of a refusal, as the SDK's transports put it on their errors. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, code } = error as { readonly status?: unknown; readonly code?: unknown };
  const said = typeof status === "number" ? status : code;
  return typeof said === "number" && said >= 400 && said < 600 ? said : undefined;
}
