/** Typed state machines for agent work. */

export {
  type AllOptions,
  type AllOutput,
  all,
  type Branches,
  type SettledOutput,
  type SharedInput,
} from "./define/all.ts";
export type {
  CatchAdvancer,
  ConvertingAdvancer,
  Define,
  Draft,
  FittingAdvancer,
  FittingCatch,
  NarrowingAdvancer,
  NarrowingFit,
} from "./define/builder.ts";
export { choose } from "./define/choose.ts";
export type { CompositeOptions } from "./define/composite.ts";
export { each, type FanOutOptions } from "./define/each.ts";
export type { AdvancerFits, ErrorFits, OutputFits, TypeProblem } from "./define/fits.ts";
export { Orchestration, type OrchestrationOptions, orchestration } from "./define/orchestration.ts";
export { type QuestionOptions, question } from "./define/question.ts";
export { type RaceOptions, race } from "./define/race.ts";
export { sleep } from "./define/sleep.ts";
export { type Json, type ParsedJson, type ParseJsonLimits, parseJson } from "./durable/json.ts";
export { FatalError } from "./errors/fatal-error.ts";
export { type ErrorText, isOrchError, OrchError } from "./errors/orch-error.ts";
export { RunnableError, type RunnableFailedFacts } from "./errors/runnable-error.ts";
export { sharedState } from "./kernel/shared-state.ts";
export type { Clock } from "./platform/clock.ts";
export type { Random } from "./platform/random.ts";
export type { OpenState, RunDescription } from "./run/describe.ts";
export type { OpenQuestion } from "./run/questions.ts";
export { type EventListener, Run, type RunOptions, type RunStatus } from "./run/run.ts";
export { type AdvancerLabel, type EdgeCondition, OrchestrationAdvancer } from "./words/advancer.ts";
export type { AskOptions, RunContext, Spending } from "./words/context.ts";
export type {
  AdvancerVerdict,
  EventBase,
  EventError,
  EventOf,
  OrchestrationEvent,
  QuestionAnswered,
  QuestionAsked,
  RunCancelled,
  RunCompleted,
  RunFailed,
  RunStarted,
  RunSuspended,
  RunWaiting,
  StateCompleted,
  StateEventBase,
  StateFailed,
  StateKind,
  StateOutput,
  StateRetrying,
  StateSkipped,
  StateStarted,
  StateTransition,
  StateUsage,
} from "./words/events.ts";
export type { Graph, GraphBranch, GraphEdge, GraphInside, GraphNode } from "./words/graph.ts";
export type { Budget, Limits } from "./words/limits.ts";
export type { Migrate, RecordedVersion } from "./words/migrate.ts";
export type { RetryPolicy } from "./words/retry.ts";
export {
  type AnyRunnable,
  type EdgeSource,
  type EdgeTarget,
  type InputOf,
  OrchestrationRunnable,
  type OutputOf,
  type Rerun,
  type Runnable,
  type RunnableDefinition,
  type RunnableOptions,
  runnable,
} from "./words/runnable.ts";
export type { Schema, SchemaIssue, SchemaResult } from "./words/schema.ts";
export type { Settled } from "./words/settled.ts";
export type {
  ReducedKeys,
  SharedFields,
  SharedState,
  SharedValue,
  SharedValueOf,
  StateView,
} from "./words/shared-state.ts";
