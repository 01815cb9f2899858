/** How much of a long conversation is sent. What is kept of it is never shortened. */
import type { Model } from "@orch/agents";
import { contextWindow, type RuntimeConfiguration, withMiddleware } from "@orch/chat-runtime";
import type { Config } from "../config/config.ts";
import type { ContextListener } from "../sessions/interactive-context.ts";

/** What is assumed of a model whose window is not known, in tokens. */
const ASSUMED_WINDOW = 100_000;

const SILENT: ContextListener = { shortened: () => undefined, warned: () => undefined };

/** A configuration that sees the end of a long conversation, and how much that is. */
export interface Shortening {
  readonly configuration: RuntimeConfiguration;
  /** Estimated tokens of a conversation that are sent at most; absent where it is sent whole. */
  readonly tokensSent?: number;
}

/** Shortens what a configuration sees, as the settings say and as the smallest of its models needs it; the first model sums up. */
export function shortening(
  configuration: RuntimeConfiguration,
  models: readonly Model[],
  { context }: Config,
  { shortened, warned }: ContextListener = SILENT,
): Shortening {
  const { strategy = "trim", share = 0.7 } = context ?? {};
  if (strategy === "off") return { configuration };
  const smallest = Math.min(...models.map(({ caps }) => caps.contextWindow ?? ASSUMED_WINDOW));
  const tokensSent = Math.max(1, Math.floor(smallest * share));
  const writer = models.find(({ caps }) => caps.generative);
  const layer = contextWindow({
    above: tokensSent,
    onShortened: shortened,
    onWarning: warned,
    ...(strategy === "summarize" && writer && { summarize: writer }),
  });
  return { configuration: withMiddleware(configuration, layer), tokensSent };
}
