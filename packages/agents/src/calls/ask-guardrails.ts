/** Asks the guardrails that an agent has; most have none, and then nothing is waited for. */
import type { Stop } from "../agent/stop.ts";
import type { GuardrailStop } from "../words/guardrail.ts";
import type { Message, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { CallScope } from "./call-scope.ts";
import type { CallsVerdict } from "./guardrail-check.ts";

/** Whether an agent has input guardrails that run beside its first model call. */
export function hasParallelGuardrails({ agent }: CallScope): boolean {
  return agent.guardrails?.input?.some(({ parallel }) => parallel === true) ?? false;
}

/** Asks the input guardrails of one kind: those that come before the model call, or those beside it. */
export async function checkInput(
  scope: CallScope,
  messages: readonly Message[],
  kind: "before" | "beside",
): Promise<GuardrailStop | undefined> {
  if (scope.agent.guardrails?.input === undefined) return undefined;
  return (await import("./guardrail-check.ts")).checkInput(scope, messages, kind);
}

/** Asks the output guardrails of the agent that answers, and of the one the run began with. */
export async function checkOutput(scope: CallScope, stop: Stop): Promise<Stop> {
  const { agent, first } = scope;
  if (agent.guardrails?.output === undefined && first.guardrails?.output === undefined) return stop;
  return (await import("./guardrail-check.ts")).checkOutput(scope, stop);
}

/** Asks the tool guardrails about each call that is not refused already. */
export async function checkCalls(
  scope: CallScope,
  calls: readonly ToolCallPart[],
  refused: ReadonlyMap<number, string>,
): Promise<CallsVerdict> {
  return (await import("./guardrail-check.ts")).checkCalls(scope, calls, refused);
}

/** Asks the tool guardrails about a result; a result that trips a guardrail is withheld from the model. */
export async function checkResult(
  scope: CallScope,
  part: ToolCallPart,
  result: ToolResultPart,
): Promise<{ readonly result: ToolResultPart; readonly stop?: GuardrailStop }> {
  return (await import("./guardrail-check.ts")).checkResult(scope, part, result);
}
