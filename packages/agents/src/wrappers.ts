/** Models around models: another one when one fails, limits, a memory, and recordings for tests. */

export { differences } from "./providers/wrappers/differences.ts";
export {
  type LimiterPass,
  type RateLimiter,
  type RateLimits,
  rateLimiter,
} from "./providers/wrappers/rate-limiter.ts";
export { type RecordOptions, type RecordSink, record } from "./providers/wrappers/record.ts";
export { recordable, withoutKeys } from "./providers/wrappers/recording.ts";
export { type ReplayOptions, replay } from "./providers/wrappers/replay.ts";
export {
  type CachedAnswer,
  type CacheOptions,
  type CacheStore,
  withCache,
} from "./providers/wrappers/with-cache.ts";
export {
  type FallbackOptions,
  type ModelFallback,
  withFallback,
} from "./providers/wrappers/with-fallback.ts";
export { withRateLimit } from "./providers/wrappers/with-rate-limit.ts";
