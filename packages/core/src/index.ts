/** Typed state machines for agent work. */

export {
  type AllOptions,
  type AllOutput,
  all,
  type Branches,
  type EnoughGiven,
  type SettledOutput,
  type SharedInput,
} from "./define/all.ts";
export { type Background, background } from "./define/background.ts";
export { blueprint } from "./define/blueprint.ts";
export type {
  AddingAdvancer,
  CatchAdvancer,
  ConvertingAdvancer,
  Define,
  Draft,
  DraftEnd,
  FittingAdvancer,
  FittingCatch,
  NarrowingAdvancer,
  NarrowingFit,
  OpenDraft,
} from "./define/builder.ts";
export type {
  Candidate,
  CandidateOutput,
  CandidateRunnable,
  Candidates,
  CandidatesFit,
  ConvertedCandidate,
} from "./define/candidates.ts";
export { choose } from "./define/choose.ts";
export { type Circuit, type CircuitOptions, type CircuitPrompt, circuit } from "./define/circuit.ts";
export { type CollectOptions, collect } from "./define/collect.ts";
export type { CompositeOptions } from "./define/composite.ts";
export {
  type EachOptions,
  type EnoughOptions,
  each,
  type FanOutOptions,
  type GrowingOptions,
} from "./define/each.ts";
export { type ExitOptions, exit } from "./define/exit.ts";
export type {
  AdvancerFits,
  AdvancerReads,
  ErrorFits,
  OfBranch,
  OutputFits,
  TypeProblem,
  UnmakeableTarget,
} from "./define/fits.ts";
export { type AddOptions, type Items, items } from "./define/items.ts";
export { Orchestration, type OrchestrationOptions, orchestration } from "./define/orchestration.ts";
export { OrchestrationRunnable } from "./define/orchestration-runnable.ts";
export { type AnsweredInput, type QuestionOptions, question } from "./define/question.ts";
export { type RaceOptions, race } from "./define/race.ts";
export { signal } from "./define/signal.ts";
export { sleep } from "./define/sleep.ts";
export {
  type ConditionMet,
  type ConditionWait,
  type SignalTaken,
  type SignalWait,
  type TimedOut,
  until,
} from "./define/until.ts";
export { type Json, type ParsedJson, type ParseJsonLimits, parseJson } from "./durable/json.ts";
export type { BudgetFacts } from "./errors/budget-error.ts";
export type { ConversionFacts } from "./errors/conversion-error.ts";
export type { DeadlineFacts } from "./errors/deadline-error.ts";
export type { CircleStep, DeadlockFacts } from "./errors/deadlock-error.ts";
export type { CoreErrorFacts, OrchErrorFacts } from "./errors/error-facts.ts";
export { FatalError, type FatalErrorOptions } from "./errors/fatal-error.ts";
export type { HaltedFacts } from "./errors/halted-error.ts";
export type { InvalidAnswerFacts } from "./errors/invalid-answer-error.ts";
export type { DefinitionProblem } from "./errors/invalid-definition-error.ts";
export type { InvalidSignalFacts } from "./errors/invalid-signal-error.ts";
export type { InvalidStateFacts } from "./errors/invalid-state-error.ts";
export type { JsonFacts } from "./errors/json-error.ts";
export type { MailboxFullFacts } from "./errors/mailbox-full-error.ts";
export type { MaxItemsFacts } from "./errors/max-items-error.ts";
export type { MaxStepsFacts } from "./errors/max-steps-error.ts";
export type { MaxVisitsFacts } from "./errors/max-visits-error.ts";
export type { NoAdvanceFacts } from "./errors/no-advance-error.ts";
export type { NotSerializableFacts } from "./errors/not-serializable-error.ts";
export type { NotWrittenFacts } from "./errors/not-written-error.ts";
export type { OptionFacts } from "./errors/option-error.ts";
export { type ErrorText, type FactsOf, isOrchError, OrchError } from "./errors/orch-error.ts";
export type { Closed, ClosedBy, QuestionClosedFacts } from "./errors/question-closed-error.ts";
export type { RaceLostFacts } from "./errors/race-lost-error.ts";
export type { RetryConditionFacts } from "./errors/retry-condition-error.ts";
export type { RunEndedFacts } from "./errors/run-ended-error.ts";
export type { RunHeldFacts } from "./errors/run-held-error.ts";
export { type FailedRunnable, RunnableError, type RunnableFailedFacts } from "./errors/runnable-error.ts";
export type { SchemaFacts } from "./errors/schema-facts.ts";
export type { StateConflictFacts } from "./errors/state-conflict-error.ts";
export type { TimeoutFacts } from "./errors/timeout-error.ts";
export type { TooLateFacts } from "./errors/too-late-error.ts";
export type { UnattendedFacts } from "./errors/unattended-error.ts";
export type { UndeclaredTargetFacts } from "./errors/undeclared-target-error.ts";
export type { UnknownEventFacts } from "./errors/unknown-event-error.ts";
export type { UnknownQuestionFacts } from "./errors/unknown-question-error.ts";
export type { UnknownSignalFacts } from "./errors/unknown-signal-error.ts";
export type { UnmetConditionFacts } from "./errors/unmet-condition-error.ts";
export type { UnusedAnswerFacts } from "./errors/unused-answer-error.ts";
export type { VersionMismatchFacts } from "./errors/version-mismatch-error.ts";
export { dossier } from "./kernel/dossier.ts";
export { sharedState } from "./kernel/shared-state.ts";
export type { Clock } from "./platform/clock.ts";
export type { Random } from "./platform/random.ts";
export type { OpenState, OpenWait, RunDescription } from "./run/describe.ts";
export type { GateHolder, QueuedState } from "./run/gate-place.ts";
export type { OpenQuestion } from "./run/questions.ts";
export {
  type EventListener,
  type EventsOptions,
  type IfExists,
  Run,
  type RunOptions,
  type RunStatus,
} from "./run/run.ts";
export {
  type AdvancerLabel,
  type AdvancerTarget,
  type EdgeCondition,
  OrchestrationAdvancer,
} from "./words/advancer.ts";
export type { Blueprint, RunnableClass, StateBlueprint } from "./words/blueprint.ts";
export type { Census } from "./words/census.ts";
export { type Channel, channel, speech } from "./words/channel.ts";
export type { CircuitAct, CircuitChoice } from "./words/circuit.ts";
export type { AskOptions, BudgetLeft, Reservation, RunContext, Spending } from "./words/context.ts";
export type {
  Dossier,
  DossierAdded,
  DossierAddition,
  DossierNames,
  DossierRules,
  DossierView,
  EdgePlace,
} from "./words/dossier.ts";
export type {
  AdvancerVerdict,
  EventBase,
  EventError,
  EventOf,
  EventRow,
  EventsMissed,
  OrchestrationEvent,
  QuestionAnswered,
  QuestionAsked,
  RunCancelled,
  RunCompleted,
  RunContinued,
  RunFailed,
  RunPaused,
  RunRefused,
  RunRetried,
  RunStarted,
  RunSuspended,
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
  type OutputOf,
  type Rerun,
  type Runnable,
  type RunnableDefinition,
  type RunnableOptions,
  runnable,
  type WithoutSchema,
} from "./words/runnable.ts";
export type { JsonSchema, Schema, SchemaIssue, SchemaResult } from "./words/schema.ts";
export type { FanOutProgress, Settled } from "./words/settled.ts";
export type {
  ConditionContext,
  ReducedKeys,
  SharedFields,
  SharedState,
  SharedValue,
  SharedValueOf,
  StateView,
} from "./words/shared-state.ts";
export type { AnySignalKind, SignalKind, SignalOptions } from "./words/signal.ts";
export type { RunWaiting, SignalReceived, StateWait, StateWaiting } from "./words/signal-events.ts";
