/** The public door for the user's own files: types for the code that the chat loads. At run time it costs nothing. */
export { type Config, defineConfig, type ModelConfig, type OrchestrationConfig } from "./config/config.ts";
export type {
  AnswerSource,
  OrchestrationContext,
  OrchestrationFactory,
  StateSummaries,
} from "./orchestrations/orchestration-context.ts";
