/** Puts middleware around a configuration. */
import type { RuntimeConfiguration, RuntimeMiddleware } from "../configurations/runtime-configuration.ts";

/**
 * Gives a copy of a configuration that answers through `layers`, the first one outermost. Everything else about it
 * stays, its graph included, and it may be wrapped again.
 *
 * @example
 * ```ts
 * const careful = withMiddleware(agentRuntime(assistant), redaction({ patterns: [/sk-\w+/] }), retry());
 * ```
 */
export function withMiddleware<TConfiguration extends RuntimeConfiguration>(
  configuration: TConfiguration,
  ...layers: readonly RuntimeMiddleware[]
): TConfiguration {
  const all = configuration.around === undefined ? layers : [...layers, configuration.around];
  if (all.length === 0) return configuration;
  return { ...configuration, around: all.reduceRight((inner, outer) => chained(outer, inner)) };
}

function chained(outer: RuntimeMiddleware, inner: RuntimeMiddleware): RuntimeMiddleware {
  return (turn, context, next) =>
    outer(turn, context, (turn, context, other) =>
      other === undefined ? inner(turn, context, next) : next(turn, context, other),
    );
}
