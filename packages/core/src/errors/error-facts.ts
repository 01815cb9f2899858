import type { BudgetFacts } from "./budget-error.ts";
import type { ConversionFacts } from "./conversion-error.ts";
import type { DeadlineFacts } from "./deadline-error.ts";
import type { DeadlockFacts } from "./deadlock-error.ts";
import type { HaltedFacts } from "./halted-error.ts";
import type { InvalidAnswerFacts } from "./invalid-answer-error.ts";
import type { DefinitionProblem } from "./invalid-definition-error.ts";
import type { InvalidSignalFacts } from "./invalid-signal-error.ts";
import type { InvalidStateFacts } from "./invalid-state-error.ts";
import type { JsonFacts } from "./json-error.ts";
import type { MailboxFullFacts } from "./mailbox-full-error.ts";
import type { MaxItemsFacts } from "./max-items-error.ts";
import type { MaxStepsFacts } from "./max-steps-error.ts";
import type { MaxVisitsFacts } from "./max-visits-error.ts";
import type { NoAdvanceFacts } from "./no-advance-error.ts";
import type { NotSerializableFacts } from "./not-serializable-error.ts";
import type { NotWrittenFacts } from "./not-written-error.ts";
import type { OptionFacts } from "./option-error.ts";
import type { QuestionClosedFacts } from "./question-closed-error.ts";
import type { RaceLostFacts } from "./race-lost-error.ts";

import type { RetryConditionFacts } from "./retry-condition-error.ts";

import type { RunEndedFacts } from "./run-ended-error.ts";

import type { RunHeldFacts } from "./run-held-error.ts";
import type { RunnableFailedFacts } from "./runnable-error.ts";
import type { SchemaFacts } from "./schema-facts.ts";
import type { StateConflictFacts } from "./state-conflict-error.ts";
import type { TimeoutFacts } from "./timeout-error.ts";
import type { TooLateFacts } from "./too-late-error.ts";
import type { UnattendedFacts } from "./unattended-error.ts";
import type { UndeclaredTargetFacts } from "./undeclared-target-error.ts";
import type { UnknownEventFacts } from "./unknown-event-error.ts";
import type { UnknownQuestionFacts } from "./unknown-question-error.ts";
import type { UnknownSignalFacts } from "./unknown-signal-error.ts";
import type { UnmetConditionFacts } from "./unmet-condition-error.ts";
import type { UnusedAnswerFacts } from "./unused-answer-error.ts";
import type { VersionMismatchFacts } from "./version-mismatch-error.ts";

/** The facts of core's errors, by their codes. */
export interface CoreErrorFacts {
  readonly ORCH_ALREADY_ANSWERED: { readonly runId: string; readonly question: string };
  readonly ORCH_BUDGET: BudgetFacts;
  readonly ORCH_CANCELLED: { readonly reason: string };
  readonly ORCH_CONDITION: ConversionFacts;
  readonly ORCH_CONVERSION: ConversionFacts;
  readonly ORCH_DEADLINE: DeadlineFacts;
  readonly ORCH_DEADLOCK: DeadlockFacts;
  readonly ORCH_FATAL: { readonly reason: string };
  readonly ORCH_FENCED: { readonly runId: string };
  readonly ORCH_HALTED: HaltedFacts;
  readonly ORCH_INVALID_ANSWER: InvalidAnswerFacts;
  readonly ORCH_INVALID_DEFINITION: {
    readonly orchestration: string;
    readonly problems: readonly DefinitionProblem[];
  };
  readonly ORCH_INVALID_INPUT: SchemaFacts;
  readonly ORCH_INVALID_OUTPUT: SchemaFacts;
  readonly ORCH_INVALID_SIGNAL: InvalidSignalFacts;
  readonly ORCH_INVALID_STATE: InvalidStateFacts;
  readonly ORCH_JOURNAL_DAMAGED: { readonly runId: string; readonly record: number; readonly reason: string };
  readonly ORCH_JSON: JsonFacts;
  readonly ORCH_MAILBOX_FULL: MailboxFullFacts;
  readonly ORCH_MAX_ITEMS: MaxItemsFacts;
  readonly ORCH_MAX_STEPS: MaxStepsFacts;
  readonly ORCH_MAX_VISITS: MaxVisitsFacts;
  readonly ORCH_NOT_KEPT: { readonly runId: string };
  readonly ORCH_NOT_SERIALIZABLE: NotSerializableFacts;
  readonly ORCH_NOT_WRITTEN: NotWrittenFacts;
  readonly ORCH_NO_ADVANCE: NoAdvanceFacts;
  readonly ORCH_OPTION: OptionFacts;
  readonly ORCH_QUESTION_CLOSED: QuestionClosedFacts;
  readonly ORCH_RACE_LOST: RaceLostFacts;
  readonly ORCH_RETRY_CONDITION: RetryConditionFacts;
  readonly ORCH_RUNNABLE_FAILED: RunnableFailedFacts;
  readonly ORCH_RUN_ENDED: RunEndedFacts;
  readonly ORCH_RUN_EXISTS: { readonly runId: string };
  readonly ORCH_RUN_HELD: RunHeldFacts;
  readonly ORCH_RUN_STATE: { readonly runId: string; readonly status: string };
  readonly ORCH_STATE_CONFLICT: StateConflictFacts;
  readonly ORCH_SUSPENDED: { readonly runId: string };
  readonly ORCH_TIMEOUT: TimeoutFacts;
  readonly ORCH_TOO_LATE: TooLateFacts;
  readonly ORCH_UNATTENDED: UnattendedFacts;
  readonly ORCH_UNDECLARED_TARGET: UndeclaredTargetFacts;
  readonly ORCH_UNKNOWN_EVENT: UnknownEventFacts;
  readonly ORCH_UNKNOWN_QUESTION: UnknownQuestionFacts;
  readonly ORCH_UNKNOWN_RUN: { readonly runId: string };
  readonly ORCH_UNKNOWN_SIGNAL: UnknownSignalFacts;
  readonly ORCH_UNMET_CONDITION: UnmetConditionFacts;
  readonly ORCH_UNUSED_ANSWER: UnusedAnswerFacts;
  readonly ORCH_VERSION_MISMATCH: VersionMismatchFacts;
}

/**
 * The facts of every error, by its code. Another package adds its own by declaration merging:
 *
 * ```ts
 * declare module "@orch/core" {
 *   interface OrchErrorFacts {
 *     readonly MY_QUOTA: { readonly left: number };
 *   }
 * }
 * ```
 */
export interface OrchErrorFacts extends CoreErrorFacts {}
