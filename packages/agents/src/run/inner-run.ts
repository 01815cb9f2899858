/**
 * The call of an agent that is a tool: a run inside the run. It has the outer run's signal, allowance,
 * questions and memory; its events go to the outer run's readers with the path of calls that leads there.
 */

import type { InnerAgent, Tool } from "../agent/tool.ts";
import { answersBelow, below } from "../calls/answers.ts";
import { type ApprovedCall, spendApproval } from "../calls/approval.ts";
import { cancelledResult, errorResult, messageOf } from "../calls/error-result.ts";
import { checkResult } from "../calls/guardrail-check.ts";
import { failureOf } from "../calls/run-calls.ts";
import { type CallOutcome, completed, outputResult } from "../calls/tell-call.ts";
import { tookTooLong } from "../calls/tool-time.ts";
import { elapsedOn } from "../platform/elapsed-on.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import type { AgentEvent, EmitEvent } from "../words/events.ts";
import type { Message, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { AgentFailure, AgentResult } from "../words/result.ts";
import type { RunAgentOptions, RunScope } from "./run-scope.ts";

/** Runs the agent behind a call, or goes on with its run where that was paused. */
export async function runInner(
  part: ToolCallPart,
  approved: ApprovedCall,
  inner: InnerAgent,
  place: string,
  scope: RunScope,
): Promise<CallOutcome> {
  const { id, name } = part;
  const { tool, input, json } = spendApproval(approved, part);
  const paused = scope.answers?.paused.find(({ callId }) => callId === id);
  const began = elapsedOn(scope.clock);
  if (paused === undefined) scope.emit({ type: "tool.started", id, name, input: json });
  const link = new LinkedAbort(scope.link);
  let timedOut = false;
  const onTime = (): void => {
    timedOut = !link.aborted;
    link.abort();
  };
  const cancelTimer = tool.timeout === undefined ? () => {} : scope.clock.after(tool.timeout, onTime);
  try {
    const told = paused?.messages ?? toldTo(inner, input);
    if (typeof told === "object" && "problem" in told)
      return completed(part, errorResult(part, told.problem), scope);
    const result = await scope.runInside(inner.agent, told, optionsFor(id, scope), {
      parent: link,
      publish: (event) => scope.emit(nested(id, event)),
      outer: { allowance: scope.allowance, questions: scope.questions, place: `${place}/` },
    });
    if (result.pending.length > 0) return waiting(id, result);
    const outcome = timedOut
      ? failed(part, tool, tookTooLong(tool.timeout))
      : outcomeOf(part, tool, inner, result);
    return await finished(part, outcome, scope, elapsedOn(scope.clock) - began);
  } finally {
    cancelTimer();
    link.dispose();
  }
}

function toldTo(
  { toInput }: InnerAgent,
  input: unknown,
): readonly Message[] | { readonly problem: string } | string {
  try {
    return toInput(input as never);
  } catch (error) {
    return { problem: `The arguments could not be told to the agent: ${messageOf(error)}` };
  }
}

function optionsFor(id: string, scope: RunScope): RunAgentOptions {
  const { answers, approver, replacedModel, execute, onQuestion, once } = scope;
  const { ask } = approver;
  const inside = answers && answersBelow(id, answers);
  return {
    clock: scope.clock,
    context: scope.context,
    ...(replacedModel !== undefined && { model: replacedModel }),
    ...(once !== undefined && { once }),
    ...(execute !== undefined && {
      execute: (call, signal, place) => execute(below(id, call), signal, place),
    }),
    ...(ask !== undefined && {
      onApproval: (call, _signal, place, tool) => ask(below(id, call), place, tool),
    }),
    ...(onQuestion !== undefined && {
      onQuestion: (question, call, signal, place) => onQuestion(question, below(id, call), signal, place),
    }),
    ...(inside?.given && { decisions: inside.decisions, results: inside.results }),
    ...(inside !== undefined && { paused: inside.paused }),
  };
}

function nested(id: string, event: AgentEvent): Parameters<EmitEvent>[0] {
  return event.type === "agent.nested"
    ? { type: "agent.nested", path: `${id}/${event.path}`, event: event.event }
    : { type: "agent.nested", path: id, event };
}

function waiting(callId: string, { pending, messages, paused }: AgentResult<unknown>): CallOutcome {
  return {
    pending: pending.map((call) => below(callId, call)),
    paused: { callId, messages, ...(paused !== undefined && { paused }) },
  };
}

type Outcome = Pick<CallOutcome, "ending" | "failure"> & { readonly result: ToolResultPart };

function outcomeOf(part: ToolCallPart, tool: Tool, inner: InnerAgent, result: AgentResult<unknown>): Outcome {
  const { stopReason, failure, guardrail, agent } = result;
  if (stopReason === "aborted") return { result: cancelledResult(part) };
  if (stopReason !== "done") {
    const detail = failure?.message ?? guardrail?.reason;
    const why = detail === undefined ? "" : ` ${detail}`;
    const problem = `The agent "${agent}" stopped without an answer (${stopReason}).${why}`;
    return failed(part, tool, problem, failure);
  }
  try {
    const output = inner.toOutput(result.output as never);
    return { result: outputResult(part, output), ...(tool.ends && { ending: { output } }) };
  } catch (error) {
    return failed(part, tool, `The answer could not be read: ${messageOf(error)}`);
  }
}

function failed(part: ToolCallPart, tool: Tool, problem: string, inner?: AgentFailure): Outcome {
  return { result: errorResult(part, problem), ...failureOf(tool, problem, inner) };
}

async function finished(
  part: ToolCallPart,
  outcome: Outcome,
  scope: RunScope,
  duration: number,
): Promise<CallOutcome> {
  const { result, stop } = await checkResult(scope, part, outcome.result);
  const told = completed(part, result, scope, { duration });
  return stop === undefined ? { ...outcome, ...told } : { ...told, guardrail: stop };
}
