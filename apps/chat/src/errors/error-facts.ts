import type { StopSignal } from "../process/doors.ts";
import type { AnswerUnfitFacts } from "./answer-unfit-error.ts";
import type { ConfigFacts } from "./config-error.ts";
import type { FileUnwrittenFacts } from "./file-unwritten-error.ts";
import type { InputFacts } from "./input-error.ts";
import type { OrchestrationFileFacts } from "./orchestration-file-error.ts";
import type { OrchestrationUnknownFacts } from "./orchestration-unknown-error.ts";
import type { QuestionAskedFacts } from "./question-asked-error.ts";
import type { QuestionMissingFacts } from "./question-missing-error.ts";
import type { RunMissingFacts } from "./run-missing-error.ts";
import type { UsageFacts } from "./usage-error.ts";

/** The facts of the errors of the chat, by their codes. */
export interface AppErrorFacts {
  readonly ORCH_ANSWER_UNFIT: AnswerUnfitFacts;
  readonly ORCH_CONFIG: ConfigFacts;
  readonly ORCH_FILE_EXISTS: { readonly file: string };
  readonly ORCH_INPUT: InputFacts;
  readonly ORCH_INTERRUPTED: { readonly signal: StopSignal };
  readonly ORCH_FILE_UNWRITTEN: FileUnwrittenFacts;
  readonly ORCH_ORCHESTRATION_FILE: OrchestrationFileFacts;
  readonly ORCH_ORCHESTRATION_UNKNOWN: OrchestrationUnknownFacts;
  readonly ORCH_QUESTION_ASKED: QuestionAskedFacts;
  readonly ORCH_QUESTION_MISSING: QuestionMissingFacts;
  readonly ORCH_RUN_MISSING: RunMissingFacts;
  readonly ORCH_SESSION_MISSING: { readonly session: string };
  readonly ORCH_UNTRUSTED: { readonly file: string };
  readonly ORCH_USAGE: UsageFacts;
  readonly ORCH_WORKERS_CANNOT: { readonly runId: string; readonly act: "retried" | "forked" };
}

declare module "@orch/core" {
  interface OrchErrorFacts extends AppErrorFacts {}
}
