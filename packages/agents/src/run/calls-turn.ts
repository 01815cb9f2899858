/** What a turn does with tool calls: hands over, runs them, refuses them; and what that means for the run. */

import { handoffsOf } from "../agent/handoff/handoff.ts";
import { judgeFinish, type Step, type Stop } from "../agent/stop.ts";
import { checkAnswers } from "../calls/answers.ts";
import type { CallOutcome } from "../calls/call-outcome.ts";
import { checkCalls, guardrailStop } from "../calls/guardrail-check.ts";
import { judgeCalls } from "../calls/loop-guard.ts";
import { toolMessage, waitingCalls } from "../calls/open-calls.ts";
import { runBatch } from "../calls/tool-batch.ts";
import { argumentsOf } from "../calls/tool-call.ts";
import { errorResult, outputResult } from "../calls/tool-result.ts";
import type { CallInput } from "../model/call-input.ts";
import type { AssistantMessage, Message, ToolCallPart, ToolResultPart } from "../words/message.ts";
import type { RunScope } from "./run-scope.ts";

/** A message that makes more calls than this has gone astray; what is over it gets an error result. */
const MOST_CALLS = 128;

/** Settles the calls that wait at the end of the input, before the first model call. */
export async function resume(scope: RunScope): Promise<Step> {
  const { conversation, answers, first } = scope;
  if (answers !== undefined) checkAnswers(first, conversation.messages, answers);
  const waiting = waitingCalls(conversation.messages);
  if (waiting === undefined) return undefined;
  const { message, calls } = waiting;
  if (judgeFinish(message) !== "whole") return refuseAll(scope, calls, cutShort(message));
  return runCalls(scope, calls, calls.map(argumentsOf), new Map());
}

/** Runs the calls of a message, unless the model turns in circles. `refused` gives, by position, why one may not run. */
export function guardCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  refused: Map<number, string>,
): Step | Promise<Step> {
  const inputs = calls.map(argumentsOf);
  const { verdict, streaks } = judgeCalls(calls, inputs, scope.conversation.streaks);
  scope.conversation.streaks = streaks;
  if (verdict.kind === "stop") {
    refuseAll(scope, calls, "Not run: this call was made four turns running.");
    return { stopReason: "loop" };
  }
  if (verdict.kind === "warn") {
    const text =
      "Not run: this is the third turn running with this very call, and it would give the same. Do something else, or answer.";
    for (const position of verdict.positions) if (!refused.has(position)) refused.set(position, text);
  }
  const tooMany = `Not run: one message may make ${MOST_CALLS} calls. Make the others in the next one, if they are still needed.`;
  for (let position = MOST_CALLS; position < calls.length; position++) refused.set(position, tooMany);
  return runCalls(scope, calls, inputs, refused);
}

async function runCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  rejected: ReadonlyMap<number, string>,
): Promise<Step> {
  const handover = handOver(scope, calls, rejected);
  if (handover !== undefined) return handover;
  const { refused, stop: tripped } =
    scope.agent.guardrails === undefined
      ? { refused: rejected, stop: undefined }
      : await checkCalls(scope, calls, rejected);
  if (tripped !== undefined) {
    refuseAll(scope, calls, `Not run: ${tripped.reason}`);
    return guardrailStop(tripped);
  }
  const outcomes = await runBatch(calls, inputs, refused, scope);
  const stop = await stopAfter(scope, outcomes);
  const waits = stop?.pending !== undefined;
  const results: ToolResultPart[] = [];
  for (const [position, { result }] of outcomes.entries()) {
    if (result !== undefined) results.push(result);
    else if (!waits) results.push(errorResult(calls[position]!, "Not run: the run stopped before it could."));
  }
  if (results.length > 0) append(scope, toolMessage(results));
  return stop;
}

/** The first call that hands over wins, and the calls beside it do not run: the next agent may make them. */
function handOver(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  rejected: ReadonlyMap<number, string>,
): Step {
  const { agent, first, conversation } = scope;
  const ways = handoffsOf(agent);
  if (ways.length === 0) return undefined;
  const taken = calls.findIndex(({ name }, at) => !rejected.has(at) && ways.some((way) => way.name === name));
  const handoff = ways.find(({ name }) => name === calls[taken]?.name);
  if (handoff === undefined) return undefined;
  if (conversation.handoffs >= first.maxHandoffs) {
    refuseAll(scope, calls, `Not run: the conversation was handed over ${first.maxHandoffs} times already.`);
    return { stopReason: "max-handoffs" };
  }
  conversation.handoffs++;
  const to = handoff.agent.name;
  const results = calls.map((call, position) =>
    position === taken
      ? outputResult(call, `Transferred to ${to}.`)
      : errorResult(call, `Not run: the conversation was handed over to ${to} in the same message.`),
  );
  tell(scope, results);
  return { handoff };
}

function stopAfter(
  scope: RunScope,
  outcomes: readonly CallOutcome[],
): Stop | undefined | Promise<Stop | undefined> {
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  const guardrail = outcomes.find((outcome) => outcome.guardrail !== undefined)?.guardrail;
  const pending = outcomes.flatMap((outcome) => outcome.pending ?? []);
  if (scope.signal.aborted) return { stopReason: "aborted" };
  if (failure !== undefined) return { stopReason: "error", failure };
  if (guardrail !== undefined) return guardrailStop(guardrail);
  if (pending.length > 0) {
    const stopReason = pending.every(({ deferred }) => deferred) ? "needs-results" : "needs-approval";
    const paused = outcomes.flatMap((outcome) => outcome.paused ?? []);
    return { stopReason, pending, ...(paused.length > 0 && { paused }) };
  }
  const ending = outcomes.find((outcome) => outcome.ending !== undefined);
  return ending === undefined ? undefined : endWith(scope, ending);
}

/** A tool ended the run: what it gave is the answer, if it fits. */
async function endWith(scope: RunScope, { ending, result }: CallOutcome): Promise<Stop> {
  const text = textOfResult(result);
  if (scope.plan.way === "text") return { stopReason: "done", output: text };
  const { schema } = scope.plan;
  const checked = await schema["~standard"].validate(ending?.output);
  if (checked.issues === undefined) return { stopReason: "done", output: checked.value };
  return { stopReason: "invalid-output", rawOutput: text };
}

function textOfResult(result: ToolResultPart | undefined): string {
  const { output = "" } = result ?? {};
  if (typeof output === "string") return output;
  return output.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Gives each call an error result that says why it did not run. */
export function refuseAll(scope: RunScope, calls: readonly ToolCallPart[], why: string): undefined {
  if (calls.length > 0)
    tell(
      scope,
      calls.map((call) => errorResult(call, why)),
    );
}

/** Adds results of calls that did not run, as the readers of the run are told. */
export function tell(scope: RunScope, results: readonly ToolResultPart[]): void {
  for (const result of results) {
    scope.emit({ type: "tool.completed", id: result.id, name: result.name, result, duration: 0 });
  }
  append(scope, toolMessage(results));
}

/** Why the calls of a message that is not whole do not run. */
export function cutShort({ finish }: AssistantMessage): string {
  return `Not run: the message did not come to its end (${finish.reason}).`;
}

/** Adds a message to the conversation. */
export function append(scope: RunScope, message: Message): void {
  scope.conversation.messages.push(message);
  scope.emit({ type: "agent.message", message });
}
