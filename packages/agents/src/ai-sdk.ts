/** Models of the AI SDK, from any of its provider packages. */
export type {
  AiSdkModel,
  AiSdkStream,
  AiSdkVersion,
  SupportedUrls,
} from "./providers/ai-sdk/ai-sdk-model.ts";
export { type AiSdkOptions, fromAiSdk } from "./providers/ai-sdk/from-ai-sdk.ts";
