/** Hosts: the durable one of ours, and the seams that a store, a driver or another engine is written against. */

export type { Arrival, CheckedAnswer, CheckedSignal } from "./driver/arrival.ts";
export { answerRun, type CalledRun, cancelRun, signalRun } from "./driver/client-calls.ts";
export { ClientHost, type ClientHostOptions, type RunClient, type RunOrder } from "./driver/client-host.ts";
export type { ClosedQuestion } from "./driver/closed-question.ts";
export type { DriverQuestion, Effect, Operation } from "./driver/effect.ts";
export {
  type MachineOptions,
  openMachine,
  type RestoredMachine,
  restoreMachine,
} from "./driver/open-machine.ts";
export type { AttemptDetails, AttemptOutput, AttemptQuestion, Outcome } from "./driver/outcome.ts";
export { type AttemptHelp, type PerformOptions, performOperation } from "./driver/perform-operation.ts";
export type { RunMachine, TakenArrival } from "./driver/run-machine.ts";
export { RunView } from "./driver/run-view.ts";
export type { Codec } from "./durable/codec.ts";
export type { DefinitionChange } from "./durable/definition-change.ts";
export { DurableHost } from "./durable/durable-host.ts";
export type {
  DurableHostOptions,
  ForkOptions,
  Resumed,
  ResumeOptions,
} from "./durable/durable-host-options.ts";
export type {
  Append,
  Awaitable,
  Claim,
  ClaimResult,
  Creation,
  Holder,
  JournalStore,
  NewRun,
  RunQuery,
  StoredRun,
  StoredStatus,
} from "./durable/journal-store.ts";
export type { Durability } from "./durable/journal-writer.ts";
export type { KeptRun } from "./durable/kept-run.ts";
export type { ListedRun } from "./durable/listed-runs.ts";
export { memoryHost } from "./durable/memory-host.ts";
export { memoryStore } from "./durable/memory-store.ts";
export { revive as reviveError } from "./durable/revive.ts";
export type { RunChange, WatchOptions } from "./durable/run-watch.ts";
export type {
  AnswerRequest,
  CancelRequest,
  Judged,
  KeepableRequest,
  RequestState,
  RunRequest,
  SignalRequest,
  StoredRequest,
  UndecidedRequests,
  Verdict,
} from "./durable/stored-request.ts";
export { type AnyOrchestration, versionOf } from "./durable/version-of.ts";
export type { Ended } from "./kernel/activation.ts";
export type { Course, RunEnd } from "./run/course.ts";
export type { Capabilities, History, Host, RunHandle, RunSpec, RunStage, Story } from "./run/host.ts";
export type { Ending } from "./run/pump.ts";
export type { JournalRecord, JournalRecordType } from "./words/journal-record.ts";
