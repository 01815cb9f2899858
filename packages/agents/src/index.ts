/** Agents with tools on any provider. */
export { type Agent, type AgentOptions, agent } from "./agent.ts";
export { agentRunnable } from "./agent-runnable.ts";
export type { Decision } from "./approval.ts";
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
