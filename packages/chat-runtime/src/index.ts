/** Conversations on top of orchestrations. */

export { type AgentRuntimeOptions, agentRuntime } from "./configurations/agent-runtime.ts";
export { type ConcurrentRuntimeOptions, concurrentRuntime } from "./configurations/concurrent-runtime.ts";
export { type HandoffRuntimeOptions, handoffRuntime } from "./configurations/handoff-runtime.ts";
export type { HistorySummary } from "./configurations/history-summary.ts";
export {
  type OrchestrationRuntimeOptions,
  orchestrationRuntime,
} from "./configurations/orchestration-runtime.ts";
export { type RoutedRuntimeOptions, type RouteRule, routedRuntime } from "./configurations/routed-runtime.ts";
export type {
  AnswerQuestion,
  CodeConfiguration,
  NextAnswer,
  OrchestrationConfiguration,
  RunHost,
  RuntimeConfiguration,
  RuntimeMiddleware,
  Turn,
  TurnContext,
  TurnReply,
} from "./configurations/runtime-configuration.ts";
export { type SequentialRuntimeOptions, sequentialRuntime } from "./configurations/sequential-runtime.ts";
export type { ChatErrorFacts } from "./errors/error-facts.ts";
export { type ContextWindowOptions, contextWindow } from "./middleware/context-window.ts";
export { type ProviderSwitchOptions, providerSwitch } from "./middleware/provider-switch.ts";
export { type RateLimitOptions, rateLimit } from "./middleware/rate-limit.ts";
export { type RedactionOptions, redaction } from "./middleware/redaction.ts";
export { type ReplyStore, type ResponseCacheOptions, responseCache } from "./middleware/response-cache.ts";
export { type RetryOptions, retry } from "./middleware/retry.ts";
export { withMiddleware } from "./middleware/with-middleware.ts";
export { answerReadings } from "./runtime/answer-readings.ts";
export { ChatRuntime } from "./runtime/chat-runtime.ts";
export type { ChatRuntimeOptions } from "./runtime/chat-runtime-options.ts";
export { Inbox, type InboxOptions, type Posted, type QueuedMessage } from "./runtime/inbox.ts";
export {
  type BusyPolicy,
  type InboxPolicy,
  type InboxSituation,
  type InboxWay,
  inboxWay,
  type WaitingPolicy,
} from "./runtime/inbox-policy.ts";
export type { RecentTurns } from "./runtime/recent-turns.ts";
export type { TurnFork } from "./runtime/turn-fork.ts";
export type { TurnApart } from "./session/conversation-of.ts";
export { exportSession } from "./session/export-session.ts";
export { type ForkOptions, forkSession } from "./session/fork-session.ts";
export { importSession } from "./session/import-session.ts";
export { memorySessions } from "./session/memory-sessions.ts";
export type {
  FoundTurn,
  Session,
  SessionQuery,
  SessionSpent,
  SessionStore,
  SessionSummary,
  TurnRange,
  TurnRecord,
  TurnStart,
  TurnStatus,
} from "./session/session-store.ts";
export type { TurnSummary } from "./session/turn-summary.ts";
export type { ChatEvent, TurnEvent, TurnEventBase } from "./turn/chat-event.ts";
export type { TurnDescription } from "./turn/turn-description.ts";
export type { TurnStream } from "./turn/turn-stream.ts";
