/** One server for runs and conversations, with a door for each protocol. */

export type { ChatOffer, ChatPlace } from "./conversations/offered-chat.ts";
export type { TakenFiles } from "./conversations/taken-message.ts";
export type { ServerErrorFacts } from "./errors/error-facts.ts";
export { type GuardedServer, type GuardOptions, guard } from "./guard/guard.ts";
export type { ServedHost } from "./runs/driven-runs.ts";
export type { OrchestrationOffer } from "./runs/offered-orchestration.ts";
export { principalOf } from "./runs/principal-scope.ts";
export { createServer, type Server, type ServerOptions } from "./server/create-server.ts";
export type { TakenUp } from "./server/take-up.ts";
export type { ForeignErrors } from "./view/public-error.ts";
export { type EventStreamOptions, eventStream, type ServerSentEvent } from "./web/event-stream.ts";
export { jsonBody, jsonObject, textBody } from "./web/json-body.ts";
export { jsonResponse } from "./web/json-response.ts";
export { type Problem, problemOf, problemResponse } from "./web/problem-response.ts";
export type { Door, DoorCall, ServerLimits } from "./words/door.ts";
export type { Principal } from "./words/principal.ts";
export type {
  Conversations,
  PublicChat,
  PublicHistory,
  PublicSession,
  PublicTurn,
  SentMessage,
} from "./words/public-conversation.ts";
export type {
  PublicData,
  PublicError,
  PublicEvent,
  PublicEventBase,
  PublicParked,
  PublicQuestionAnswered,
  PublicQuestionAsked,
  PublicRunCancelled,
  PublicRunCompleted,
  PublicRunFailed,
  PublicRunRetried,
  PublicRunStarted,
  PublicRunWaiting,
  PublicSignalReceived,
  PublicStateBase,
  PublicStateCompleted,
  PublicStateFailed,
  PublicStateMoved,
  PublicStateRetrying,
  PublicStateSkipped,
  PublicStateStarted,
  PublicTextCut,
  PublicTextDelta,
  PublicToolCompleted,
  PublicToolProgress,
  PublicToolStarted,
  PublicTurnCancelled,
  PublicTurnCompleted,
  PublicTurnFailed,
  PublicTurnStarted,
  PublicUsage,
  PublicUsageCounted,
} from "./words/public-event.ts";
export type { MessageWithFiles, PublicFile } from "./words/public-file.ts";
export type {
  EventReading,
  FollowOptions,
  PublicOrchestration,
  PublicQuestion,
  PublicRunPicture,
  PublicRunStatus,
  PublicRunSummary,
  Runs,
  RunsQuery,
} from "./words/public-run.ts";
