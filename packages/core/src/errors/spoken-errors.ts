import { ConditionError } from "./condition-error.ts";
import { ConversionError, type ConversionFacts } from "./conversion-error.ts";
import { DeadlineError, type DeadlineFacts } from "./deadline-error.ts";
import { InvalidInputError } from "./invalid-input-error.ts";
import { InvalidOutputError } from "./invalid-output-error.ts";
import { MaxStepsError, type MaxStepsFacts } from "./max-steps-error.ts";
import { MaxVisitsError, type MaxVisitsFacts } from "./max-visits-error.ts";
import { NoAdvanceError, type NoAdvanceFacts } from "./no-advance-error.ts";
import type { OrchError } from "./orch-error.ts";
import { RetryConditionError, type RetryConditionFacts } from "./retry-condition-error.ts";
import { type FailedRunnable, RunnableError, type RunnableFailedFacts } from "./runnable-error.ts";
import type { SchemaFacts } from "./schema-facts.ts";
import { TimeoutError, type TimeoutFacts } from "./timeout-error.ts";
import { TooLateError, type TooLateFacts } from "./too-late-error.ts";
import { UndeclaredTargetError, type UndeclaredTargetFacts } from "./undeclared-target-error.ts";

/**
 * Makes the errors that come up while a run goes on. A runnable is read together with one, so that a program without their
 * sentences does not carry them.
 */
export interface RunErrors {
  readonly condition: (facts: ConversionFacts, cause: unknown, failure: Error | undefined) => OrchError;
  readonly conversion: (facts: ConversionFacts, cause: unknown, failure: Error | undefined) => OrchError;
  readonly deadline: (facts: DeadlineFacts) => OrchError;
  readonly failed: (
    facts: RunnableFailedFacts,
    cause: unknown,
    known: FailedRunnable,
  ) => OrchError<"ORCH_RUNNABLE_FAILED">;
  readonly invalidInput: (facts: SchemaFacts) => OrchError;
  readonly invalidOutput: (facts: SchemaFacts, hasPolicy: boolean) => OrchError;
  readonly maxSteps: (facts: MaxStepsFacts) => OrchError;
  readonly maxVisits: (facts: MaxVisitsFacts) => OrchError;
  readonly noAdvance: (facts: NoAdvanceFacts) => OrchError;
  readonly retryCondition: (
    facts: Omit<RetryConditionFacts, "thrown">,
    thrown: unknown,
    failure: unknown,
  ) => OrchError;
  readonly timeout: (facts: TimeoutFacts, again: "could" | "has") => OrchError;
  readonly tooLate: (facts: TooLateFacts) => OrchError;
  readonly undeclaredTarget: (facts: UndeclaredTargetFacts) => OrchError;
}

/** Errors that say in a sentence what happened, and in another what to do. */
export const spokenErrors: RunErrors = {
  condition: (facts, cause, failure) => new ConditionError(facts, cause, failure),
  conversion: (facts, cause, failure) => new ConversionError(facts, cause, failure),
  deadline: (facts) => new DeadlineError(facts),
  failed: (facts, cause, known) => new RunnableError(facts, cause, known),
  invalidInput: (facts) => new InvalidInputError(facts),
  invalidOutput: (facts, hasPolicy) => new InvalidOutputError(facts, hasPolicy),
  maxSteps: (facts) => new MaxStepsError(facts),
  maxVisits: (facts) => new MaxVisitsError(facts),
  noAdvance: (facts) => new NoAdvanceError(facts),
  retryCondition: (facts, thrown, failure) => new RetryConditionError(facts, thrown, failure),
  timeout: (facts, again) => new TimeoutError(facts, again),
  tooLate: (facts) => new TooLateError(facts),
  undeclaredTarget: (facts) => new UndeclaredTargetError(facts),
};
