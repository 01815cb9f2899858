/** Asks guardrails, and tells the readers of a run's events when one trips. Loaded for agents that have some. */

import { guardrailStop, type Stop } from "../agent/stop.ts";
import type {
  GuardrailContext,
  GuardrailStop,
  GuardrailVerdict,
  OutputGuardrail,
  ToolGuardrail,
  Trip,
} from "../words/guardrail.ts";
import type { Message, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { CallScope } from "./call-scope.ts";
import { errorResult } from "./error-result.ts";
import { pendingCallOf } from "./read-call.ts";

/** Asks the input guardrails of one kind: those that come before the model call, or those beside it. */
export async function checkInput(
  scope: CallScope,
  messages: readonly Message[],
  kind: "before" | "beside",
): Promise<GuardrailStop | undefined> {
  for (const { name, parallel = false, check } of scope.agent.guardrails?.input ?? []) {
    if (parallel !== (kind === "beside")) continue;
    const trip = await verdictOf(() => check(messages, contextOf(scope)));
    if (trip !== undefined) return told(scope, { name, stage: "input", ...trip });
  }
  return undefined;
}

/** Asks the output guardrails of the agent that answers, and of the one the run began with. */
export async function checkOutput(scope: CallScope, stop: Stop): Promise<Stop> {
  if (stop.stopReason !== "done") return stop;
  const { agent, first } = scope;
  const guardrails: ReadonlySet<OutputGuardrail<never>> = new Set([
    ...(agent.guardrails?.output ?? []),
    ...(first.guardrails?.output ?? []),
  ]);
  for (const { name, check } of guardrails) {
    const trip = await verdictOf(() => check(stop.output as never, contextOf(scope)));
    if (trip !== undefined) return guardrailStop(told(scope, { name, stage: "output", ...trip }));
  }
  return stop;
}

/** What the tool guardrails say of calls that are about to run. */
export interface CallsVerdict {
  /** By position, why a call may not run; the model is told. */
  readonly refused: ReadonlyMap<number, string>;
  /** Set when the run stops. */
  readonly stop?: GuardrailStop;
}

/** Asks the tool guardrails about each call that is not refused already. */
export async function checkCalls(
  scope: CallScope,
  calls: readonly ToolCallPart[],
  refused: ReadonlyMap<number, string>,
): Promise<CallsVerdict> {
  const guardrails = scope.agent.guardrails?.tools ?? [];
  if (guardrails.length === 0) return { refused };
  const all = new Map(refused);
  for (const [position, part] of calls.entries()) {
    if (all.has(position)) continue;
    const call = pendingCallOf(part);
    for (const guardrail of guardrails) {
      const { before } = guardrail;
      if (before === undefined || !standsAround(guardrail, part.name)) continue;
      const trip = await verdictOf(() => before(call, contextOf(scope)));
      if (trip === undefined) continue;
      const stop = toldOfCall(scope, guardrail, trip, part.id);
      if (guardrail.onTrip !== "tell") return { refused: all, stop };
      all.set(position, `Not run: ${trip.reason}`);
      break;
    }
  }
  return { refused: all };
}

/** Asks the tool guardrails about a result; a result that trips a guardrail is withheld from the model. */
export async function checkResult(
  scope: CallScope,
  part: ToolCallPart,
  result: ToolResultPart,
): Promise<{ readonly result: ToolResultPart; readonly stop?: GuardrailStop }> {
  const call = pendingCallOf(part);
  for (const guardrail of scope.agent.guardrails?.tools ?? []) {
    const { after } = guardrail;
    if (after === undefined || !standsAround(guardrail, part.name)) continue;
    const trip = await verdictOf(() => after(call, result, contextOf(scope)));
    if (trip === undefined) continue;
    const stop = toldOfCall(scope, guardrail, trip, part.id);
    const withheld = errorResult(part, `The result is withheld: ${trip.reason}`);
    return guardrail.onTrip === "tell" ? { result: withheld } : { result: withheld, stop };
  }
  return { result };
}

function standsAround({ tools }: ToolGuardrail, name: string): boolean {
  return tools === undefined || tools.includes(name);
}

function toldOfCall(
  scope: CallScope,
  { name, onTrip }: ToolGuardrail,
  trip: Trip,
  id: string,
): GuardrailStop {
  return told(scope, { name, stage: "tool", ...trip }, { action: onTrip ?? "stop", id });
}

function told(
  scope: CallScope,
  { name, stage, reason, info }: GuardrailStop,
  more: { readonly action?: "stop" | "tell"; readonly id?: string } = {},
): GuardrailStop {
  const stop = { name, stage, reason, ...(info !== undefined && { info }) };
  scope.emit({ type: "agent.guardrail", ...stop, action: "stop", ...more });
  return stop;
}

async function verdictOf(check: () => GuardrailVerdict): Promise<Trip | undefined> {
  try {
    return await check();
  } catch (error) {
    return { reason: `The guardrail failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function contextOf({ agent, signal, context }: CallScope): GuardrailContext {
  return { agent: agent.name, signal, context };
}
