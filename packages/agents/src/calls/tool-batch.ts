/**
 * The tool calls of one message. They are checked in order, start together, and their results stand
 * in call order; one tool that is `sequential` makes all of them wait for each other. Questions to a
 * person are asked one at a time, in order, while what needs no approval already runs.
 */

import type { CallInput } from "../model/call-input.ts";
import { runInner } from "../run/inner-run.ts";
import type { RunScope } from "../run/run-scope.ts";
import type { ToolCallPart } from "../words/message.ts";
import { withAnswers } from "./answers.ts";
import { type ApprovedCall, type Approver, decide, pendingOf, type ReadyCall } from "./approval.ts";
import { askInTurn } from "./ask-in-turn.ts";
import { type CallOutcome, completed } from "./call-outcome.ts";
import { type CallReading, readCall } from "./tool-call.ts";
import { cancelledResult, deniedResult, errorResult, outputResult } from "./tool-result.ts";
import { runTool } from "./tool-run.ts";

/** One call on its way. */
interface Call {
  readonly part: ToolCallPart;
  readonly reading: CallReading;
  /** Its name within the run: the turn and its position. */
  readonly place: string;
}

/** Runs calls; the outcomes stand in the order of the calls. `refused` gives, by position, why a call may not run at all. */
export async function runBatch(
  parts: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  refused: ReadonlyMap<number, string>,
  scope: RunScope,
): Promise<readonly CallOutcome[]> {
  const { toolsByName } = scope;
  const calls: Call[] = [];
  for (const [position, part] of parts.entries()) {
    const problem = refused.get(position);
    const reading: CallReading =
      problem === undefined
        ? await readCall(part, inputs[position]!, toolsByName)
        : { ready: false, problem };
    calls.push({ part, reading, place: `${scope.place}${scope.conversation.turn}:${position}` });
  }
  const approver = scope.answers === undefined ? scope.approver : withAnswers(scope.approver, scope.answers);
  const serial = parts.some(({ name }) => toolsByName.get(name)?.sequential === true);
  if (!serial && calls.length > 1) return Promise.all(calls.map((call) => settle(call, approver, scope)));
  const outcomes: CallOutcome[] = [];
  for (const call of calls) outcomes.push(await settle(call, approver, scope));
  return outcomes;
}

async function settle(call: Call, approver: Approver, scope: RunScope): Promise<CallOutcome> {
  const { part, reading, place } = call;
  if (!reading.ready) return completed(part, errorResult(part, reading.problem), scope);
  if (scope.signal.aborted) return completed(part, cancelledResult(part), scope);
  const given = scope.answers?.results.find((one) => one.call.id === part.id);
  if (given !== undefined) {
    const result = "error" in given ? errorResult(part, given.error) : outputResult(part, given.output);
    return completed(part, result, scope);
  }
  const verdict = await decide(reading.call, askInTurn(approver, scope), place);
  if (scope.signal.aborted) return completed(part, cancelledResult(part), scope);
  switch (verdict.status) {
    case "pending":
      return { pending: [pendingOf(reading.call)] };
    case "denied":
      return completed(part, deniedResult(part, verdict.reason), scope);
    case "approved":
      return perform(call, reading.call, verdict.call, scope);
  }
}

function perform(
  { part, place }: Call,
  ready: ReadyCall,
  approved: ApprovedCall,
  scope: RunScope,
): CallOutcome | Promise<CallOutcome> {
  const { tool } = ready;
  if (tool.inner !== undefined) return runInner(part, approved, tool.inner, place, scope);
  if (!tool.deferred || scope.execute !== undefined) return runTool(part, ready, approved, place, scope);
  const { id, name, input } = pendingOf(ready);
  scope.emit({ type: "tool.deferred", id, name, input });
  return { pending: [{ id, name, input, deferred: true }] };
}
