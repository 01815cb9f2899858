import type { RunDescription } from "../run/describe.ts";
import type { OpenQuestion } from "../run/questions.ts";
import type { EventsOptions, RunStatus } from "../run/run.ts";
import type { OrchestrationEvent } from "../words/events.ts";
import type { SignalKind, SignalOptions } from "../words/signal.ts";
import type { DefinitionChange } from "./definition-change.ts";

/**
 * One run of a store, to follow and to steer from any process. `host.run` makes it. Without the orchestration it is read by
 * the graph that the store keeps of the definition; then conditions and schemas, which are code, are not known.
 *
 * Every call throws UnknownRunError when the run is not there, VersionMismatchError when the orchestration does not fit its
 * journal, and RunStateError when the orchestration is missing and the store keeps no graph.
 */
export interface KeptRun {
  readonly id: string;
  /** The output of the run, or the error it ended with, once it has ended. A rejection that is not handled harms nothing. */
  readonly result: Promise<unknown>;
  /** Where the run is now. */
  readonly status: () => Promise<RunStatus>;
  /** Where the run is now, as plain data. */
  readonly describe: () => Promise<RunDescription>;
  /**
   * What became of its definition since it was started: the orchestration that `host.run` was given is held against the
   * graph that the store keeps, and against the journal. Nothing is written, and none of its functions runs but `migrate` and the factories of `choose`.
   */
  readonly change: () => Promise<DefinitionChange>;
  /** The questions that can be answered now, oldest first. */
  readonly questions: () => Promise<readonly OpenQuestion[]>;
  /**
   * The kept events of the run from number `from` (default 1): those that happened, and then each as its record appears,
   * whichever processes drive the run, until the run has ended. A run that no process drives is waited for. Live output
   * is heard in the process that drives the run, by `run.events`.
   */
  readonly events: (options?: EventsOptions) => AsyncGenerator<OrchestrationEvent, void, undefined>;
  /**
   * Answers an open question. Resolves when the answer counts.
   *
   * @throws UnknownQuestionError, AlreadyAnsweredError, QuestionClosedError, InvalidAnswerError; RunStateError without the
   * orchestration while no process drives the run, because then nothing knows the schema of the answer.
   */
  readonly answer: (question: string, value: unknown) => Promise<void>;
  /**
   * Sends a signal to the run; `kind` is a kind or its name. Resolves when the run has received it, or it is kept for the
   * next process that drives the run.
   *
   * @throws UnknownSignalError, InvalidSignalError, MailboxFullError, RunEndedError; RunStateError without the orchestration
   * while no process drives the run, because then nothing knows the schema of the signal.
   */
  readonly signal: <TInput>(
    kind: SignalKind<unknown, TInput> | string,
    value: NoInfer<TInput>,
    options?: SignalOptions,
  ) => Promise<void>;
  /** Cancels the run, whoever drives it, and resolves when it has ended as cancelled. @throws RunEndedError. */
  readonly cancel: (reason?: string) => Promise<void>;
}
