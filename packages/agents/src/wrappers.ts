/** Models around models: another one when one fails, limits, a memory, and recordings for tests. */

export { type LimiterPass, type RateLimiter, type RateLimits, rateLimiter } from "./wrappers/rate-limiter.ts";
export { type RecordOptions, type RecordSink, record } from "./wrappers/record.ts";
export { type ReplayOptions, replay } from "./wrappers/replay.ts";
export { type CachedAnswer, type CacheOptions, type CacheStore, withCache } from "./wrappers/with-cache.ts";
export { type FallbackOptions, type ModelFallback, withFallback } from "./wrappers/with-fallback.ts";
export { withRateLimit } from "./wrappers/with-rate-limit.ts";
