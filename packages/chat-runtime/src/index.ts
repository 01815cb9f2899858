/** Conversations on top of orchestrations. */

export { type AgentRuntimeOptions, agentRuntime } from "./configurations/agent-runtime.ts";
export {
  type OrchestrationRuntimeOptions,
  orchestrationRuntime,
} from "./configurations/orchestration-runtime.ts";
export type {
  AnswerQuestion,
  CodeConfiguration,
  OrchestrationConfiguration,
  RunHost,
  RuntimeConfiguration,
  Turn,
  TurnContext,
  TurnReply,
} from "./configurations/runtime-configuration.ts";
export type { ChatErrorFacts } from "./errors/error-facts.ts";
export { ChatRuntime } from "./runtime/chat-runtime.ts";
export type { ChatRuntimeOptions } from "./runtime/chat-runtime-options.ts";
export type { TurnApart } from "./session/conversation-of.ts";
export { exportSession } from "./session/export-session.ts";
export { importSession } from "./session/import-session.ts";
export { memorySessions } from "./session/memory-sessions.ts";
export type {
  Session,
  SessionStore,
  SessionSummary,
  TurnRecord,
  TurnStart,
  TurnStatus,
} from "./session/session-store.ts";
export type { ChatEvent, TurnEvent, TurnEventBase } from "./turn/chat-event.ts";
export type { TurnStream } from "./turn/turn-stream.ts";
