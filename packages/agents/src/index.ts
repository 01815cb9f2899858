/** Agents with tools on any provider. */
export { type Agent, type AgentOptions, agent } from "./agent.ts";
export { agentRunnable } from "./agent-runnable.ts";
export type { Decision } from "./approval.ts";
export type { AgentStoppedFacts } from "./errors/agent-stopped-error.ts";
export type { AiSdkVersionFacts } from "./errors/ai-sdk-version-error.ts";
export type { DecisionFacts } from "./errors/decision-error.ts";
export type { AgentErrorFacts } from "./errors/error-facts.ts";
export type { McpAllowFacts } from "./errors/mcp-allow-error.ts";
export type { McpServerFacts } from "./errors/mcp-server-error.ts";
export type { McpToolFacts } from "./errors/mcp-tool-error.ts";
export type { MissingKeyFacts } from "./errors/missing-key-error.ts";
export type { MissingSdkFacts } from "./errors/missing-sdk-error.ts";
export type { ModelNameFacts } from "./errors/model-name-error.ts";
export type { PathRefusedFacts } from "./errors/path-refused-error.ts";
export type { ProviderConfigFacts } from "./errors/provider-config-error.ts";
export type { RecordingFacts } from "./errors/recording-error.ts";
export type { ReplayMissFacts } from "./errors/replay-miss-error.ts";
export type { UnknownProviderFacts } from "./errors/unknown-provider-error.ts";
export type { AgentEvent } from "./events.ts";
export type { ModelsConfig } from "./known-providers.ts";
export type {
  AssistantMessage,
  AssistantPart,
  Citation,
  FilePart,
  Message,
  Opaque,
  Origin,
  ReasoningPart,
  RefusalPart,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "./message.ts";
export { systemMessage, textOf, userMessage } from "./message.ts";
export type {
  Finish,
  FinishEvent,
  FinishReason,
  JsonSchema,
  Model,
  ModelCaps,
  ModelEvent,
  ModelFailure,
  ModelRequest,
  Price,
  ToolSpec,
  Usage,
} from "./model.ts";
export { generate, modelName } from "./model.ts";
export { resolveModel } from "./resolve-model.ts";
export type { AgentResult, PendingCall, StopReason } from "./result.ts";
export { withRetry } from "./retry-model.ts";
export type { RunAgentOptions } from "./run-scope.ts";
export { runAgent, streamAgent } from "./runner.ts";
export { type Tool, type ToolContext, tool } from "./tool.ts";
