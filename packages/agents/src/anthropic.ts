/** Anthropic. */
export { type AnthropicOptions, anthropic } from "./providers/anthropic/anthropic.ts";
export type { CachePlacement } from "./providers/anthropic/cache-placement.ts";
export type { ThinkingStyle } from "./providers/anthropic/thinking.ts";
export type { ProviderOptions } from "./providers/provider-options.ts";
