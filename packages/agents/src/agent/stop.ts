/** Why a run ends, as the steps of the loop tell it to each other; and which ends need no further turn. */

import type { GuardrailStop } from "../words/guardrail.ts";
import type { AssistantMessage } from "../words/message.ts";
import type { ModelFailure } from "../words/model.ts";
import type { AgentFailure, PausedRun, PendingCall, StopReason } from "../words/result.ts";
import type { Handoff } from "./handoff/handoff.ts";

/** The end of a run: the fields of the result that depend on how it ended. */
export interface Stop {
  readonly stopReason: StopReason;
  readonly output?: unknown;
  readonly rawOutput?: string;
  readonly failure?: AgentFailure;
  readonly guardrail?: GuardrailStop;
  readonly pending?: readonly PendingCall[];
  readonly paused?: readonly PausedRun[];
}

/** The end of a run that a guardrail stopped. */
export function guardrailStop(guardrail: GuardrailStop): Stop {
  return { stopReason: "guardrail", guardrail };
}

/** Another agent goes on with the conversation. */
export interface Handover {
  readonly handoff: Handoff;
}

/** What a turn leads to: the end, another agent, or (nothing) the next turn. */
export type Step = Stop | Handover | undefined;

/** What a finished message means for the run: it counts, the model must go on, or the run stops. */
export type FinishVerdict = "whole" | "paused" | Stop;

/** Judges how a message ended. Only a whole one may have its calls run and its text taken for an answer. */
export function judgeFinish({ finish, origin }: AssistantMessage): FinishVerdict {
  switch (finish.reason) {
    case "stop":
    case "tool-calls":
      return "whole";
    case "paused":
      return "paused";
    case "length":
      return withFailure("length", finish.error);
    case "refusal":
    case "filtered":
      return withFailure("refusal", finish.error);
    case "aborted":
      return { stopReason: "aborted" };
    case "interrupted":
      return withFailure(
        "error",
        finish.error ?? cutOff(origin.model, "before the end of its answer", "cut"),
      );
    case "error":
      return withFailure("error", finish.error ?? cutOff(origin.model, "with an error", "protocol"));
    case "other":
      return withFailure(
        "error",
        finish.error ??
          cutOff(origin.model, `for an unknown reason (${finish.raw ?? "none given"})`, "protocol"),
      );
  }
}

function withFailure(stopReason: StopReason, failure: ModelFailure | undefined): Stop {
  return failure === undefined ? { stopReason } : { stopReason, failure };
}

function cutOff(model: string, how: string, kind: "cut" | "protocol"): ModelFailure {
  return { kind, message: `The model ${model} stopped ${how}.`, retryable: kind === "cut" };
}
