/** What became of one tool call. */

import type { ToolOutput } from "../agent/tool.ts";
import type { RunScope } from "../run/run-scope.ts";
import type { GuardrailStop } from "../words/guardrail.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { PausedRun, PendingCall, ToolFailure } from "../words/result.ts";

/** A result, or what the call waits for; and what follows for the run. */
export interface CallOutcome {
  /** Absent while the call waits. */
  readonly result?: ToolResultPart;
  /** What waits: the call itself, or calls of the agent behind it. */
  readonly pending?: readonly PendingCall[];
  readonly paused?: PausedRun;
  /** Set by a tool that ends the run. */
  readonly ending?: { readonly output: ToolOutput };
  /** Set by a tool whose failure ends the run. */
  readonly failure?: ToolFailure;
  /** Set by a guardrail that ends the run. */
  readonly guardrail?: GuardrailStop;
}

/** A call that has its result, as the readers of the run are told. `duration` is in milliseconds. */
export function completed(
  { id, name }: ToolCallPart,
  result: ToolResultPart,
  { emit }: Pick<RunScope, "emit">,
  { duration = 0, replayed = false }: { readonly duration?: number; readonly replayed?: boolean } = {},
): CallOutcome {
  emit({ type: "tool.completed", id, name, result, duration, ...(replayed && { replayed }) });
  return { result };
}
