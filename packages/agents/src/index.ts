/** Agents with tools on any provider. */

export {
  type Agent,
  type AgentOptions,
  agent,
  type Instructions,
  type ModelSettings,
  type TurnStanding,
} from "./agent/agent.ts";
export type { Budget } from "./agent/allowance.ts";
export {
  type InnerAgent,
  type Tool,
  type ToolContext,
  type ToolManners,
  type ToolOptions,
  type ToolOutput,
  type ToolQuestion,
  tool,
} from "./agent/tool.ts";
export type { Approval, CallResult, Decision } from "./calls/approval.ts";
export { type AskedCall, askedCall } from "./calls/call-questions.ts";
export type { ToolAsk } from "./calls/call-scope.ts";
export type { RunOnce } from "./calls/remember.ts";
export type { AgentStoppedFacts } from "./errors/agent-stopped-error.ts";
export type { AiSdkVersionFacts } from "./errors/ai-sdk-version-error.ts";
export type { DecisionFacts } from "./errors/decision-error.ts";
export type { EmbeddingFacts } from "./errors/embedding-error.ts";
export type { AgentErrorFacts } from "./errors/error-facts.ts";
export type { McpAllowFacts } from "./errors/mcp-allow-error.ts";
export type { McpServerFacts } from "./errors/mcp-server-error.ts";
export type { McpToolFacts } from "./errors/mcp-tool-error.ts";
export type { MissingKeyFacts } from "./errors/missing-key-error.ts";
export type { MissingSdkFacts } from "./errors/missing-sdk-error.ts";
export type { ModelNameFacts } from "./errors/model-name-error.ts";
export type { PathRefusedFacts } from "./errors/path-refused-error.ts";
export type { ProviderConfigFacts } from "./errors/provider-config-error.ts";
export type { ProviderToolFacts } from "./errors/provider-tool-error.ts";
export type { RecordingFacts } from "./errors/recording-error.ts";
export type { ReplayMissFacts } from "./errors/replay-miss-error.ts";
export type { UnknownProviderFacts } from "./errors/unknown-provider-error.ts";
export type { UploadFacts } from "./errors/upload-error.ts";
export { generate } from "./model/generate.ts";
export type { Timeouts } from "./model/model-stream.ts";
export { publicEvents } from "./observe/public/public-events.ts";
export type { JsonObject } from "./platform/json-object.ts";
export { nearestName } from "./platform/nearest-name.ts";
export { proxiedFetch } from "./platform/proxy/proxied-fetch.ts";
export type { ProxyEnv } from "./platform/proxy/proxy-route.ts";
export type { ModelEntry, ModelsConfig, ProviderConfig } from "./providers/known-providers.ts";
export { listProviders, type ProviderSummary } from "./providers/provider-list.ts";
export { type ModelDoors, resolveModel } from "./providers/resolve-model.ts";
export { type ModelRetry, type ModelRetryOptions, withRetry } from "./providers/wrappers/retry-model.ts";
export { type AgentRunnableOptions, agentRunnable } from "./run/agent-runnable.ts";
export type { RunAgentOptions } from "./run/run-scope.ts";
export { runAgent, streamAgent } from "./run/runner.ts";
export { type AgentEvent, type AgentEventBase, agentEvents, type Spent } from "./words/events.ts";
export {
  type AssistantMessage,
  type AssistantPart,
  type Citation,
  type FilePart,
  type Message,
  type Opaque,
  type Origin,
  type ProviderCallPart,
  type ReasoningPart,
  type RefusalPart,
  type SystemMessage,
  systemMessage,
  type TextPart,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
  textOf,
  type UserMessage,
  userMessage,
} from "./words/message.ts";
export {
  type Finish,
  type FinishEvent,
  type FinishReason,
  type JsonSchema,
  type Model,
  type ModelCaps,
  type ModelEvent,
  type ModelFailure,
  type ModelRequest,
  modelName,
  type Price,
  type ToolSpec,
  type Usage,
} from "./words/model.ts";
export type {
  CodeExecutionOptions,
  FileSearchOptions,
  HostedMcpOptions,
  ImageGenerationOptions,
  ProviderTool,
  ScreenOptions,
  ToolSearchOptions,
  UserPlace,
  WebFetchOptions,
  WebSearchOptions,
} from "./words/provider-tool.ts";
export type {
  AgentFailure,
  AgentResult,
  PausedRun,
  PendingCall,
  StopReason,
  ToolFailure,
} from "./words/result.ts";
