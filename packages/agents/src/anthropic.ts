/** Anthropic. */
export { type AnthropicOptions, anthropic } from "./providers/anthropic/anthropic.ts";
