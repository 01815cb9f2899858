/** OpenAI, and the many servers that speak its Chat Completions format. */

export type { CallIdRule } from "./model/tool-call-ids.ts";
export { type OpenAIOptions, openai } from "./providers/openai/openai.ts";
export type { Compat } from "./providers/openai-compatible/compat.ts";
export {
  type OpenAICompatibleOptions,
  openaiCompatible,
} from "./providers/openai-compatible/openai-compatible.ts";
export type { Preset } from "./providers/openai-compatible/presets.ts";
export type { ProviderOptions } from "./providers/provider-options.ts";
