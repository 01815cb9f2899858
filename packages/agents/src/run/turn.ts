/** One turn: a model call and what follows from its message: an answer, tool calls, a handover, or the end of the run. */
import type { Schema } from "@orch/core";
import { handoffsOf } from "../agent/handoff/handoff.ts";
import { transferText } from "../agent/handoff/transfer-text.ts";
import { judgeFinish, type Step, type Stop } from "../agent/stop.ts";
import {
  type OutputReading,
  reAsk,
  readMisplacedOutput,
  readOutput,
  readTextOutput,
} from "../agent/structured-output.ts";
import { checkAnswers } from "../calls/answers.ts";
import { checkCalls, guardrailStop } from "../calls/guardrail-check.ts";
import { judgeCalls } from "../calls/loop-guard.ts";
import { toolMessage, waitingCalls } from "../calls/open-calls.ts";
import { argumentsOf } from "../calls/read-call.ts";
import { type RunInner, runCall, runCalls } from "../calls/run-calls.ts";
import { type CallOutcome, errorResult, outputResult } from "../calls/tell-call.ts";
import type { CallInput } from "../model/call-input.ts";
import {
  type AssistantMessage,
  callsOf,
  type Message,
  type ToolCallPart,
  type ToolResultPart,
  textOf,
} from "../words/message.ts";
import { runInner } from "./inner-run.ts";
import { askModel } from "./model-turn.ts";
import { type RunScope, warn } from "./run-scope.ts";
import { stopAfter } from "./stop-after.ts";

/** The most tool calls in one message. Each call beyond it gets an error result. */
const MOST_CALLS = 128;

/** How a turn is taken. */
export interface TurnManner {
  /** Asks for an answer without tools. */
  readonly last: boolean;
  /** Whether this is the agent's first turn in the run, which guardrails may watch. */
  readonly guarded: boolean;
}

/** Calls the model once and acts on its message. */
export async function takeTurn(scope: RunScope, { last, guarded }: TurnManner): Promise<Step> {
  const { conversation, allowance, emit } = scope;
  conversation.turn++;
  allowance.takeTurn();
  emit({ type: "agent.turn.started" });
  const { message, spent, replayed, tripped } = await askModel(scope, last, guarded);
  const step = tripped === undefined ? await actOn(scope, message, last) : guardrailStop(tripped);
  emit({ type: "agent.turn.completed", ...spent, ...(replayed && { replayed }) });
  return step;
}

/** Gives a promise only where something is waited for. */
function actOn(scope: RunScope, message: AssistantMessage, last: boolean): Step | Promise<Step> {
  const verdict = judgeFinish(message);
  const calls = callsOf(message);
  if (message.content.length > 0 || verdict === "whole") append(scope, message);
  if (verdict !== "whole") {
    refuseAll(scope, calls, cutShort(message));
    if (scope.signal.aborted) return { stopReason: "aborted" };
    return verdict === "paused" ? undefined : verdict;
  }
  if (calls.length === 0) return takeAnswer(scope, message);
  return takeCalls(scope, message, calls, last);
}

/** A message without calls is the answer: as text, or as a value if the agent has a schema. */
async function takeAnswer(scope: RunScope, message: AssistantMessage): Promise<Stop | undefined> {
  const { plan } = scope;
  const text = textOf(message);
  const refusal = message.content.some((part) => part.type === "refusal");
  if (refusal) return { stopReason: "refusal" };
  if (plan.way === "text") return { stopReason: "done", output: text };
  const reading = await readTextOutput(text, plan.schema);
  if (reading.ok) return { stopReason: "done", output: reading.value };
  const misplaced = await readMisplacedOutput(message, plan.schema);
  if (misplaced.ok) {
    warn(scope, "The server put the answer where the thinking stands; it is taken from there.");
    return { stopReason: "done", output: misplaced.value };
  }
  if (!mayAskAgain(scope)) return { stopReason: "invalid-output", rawOutput: text };
  append(scope, reAsk(reading.problem, plan));
  return undefined;
}

function mayAskAgain({ conversation, allowance }: RunScope): boolean {
  return allowance.usedUp() === undefined && conversation.outputRetriesLeft-- > 0;
}

function takeCalls(
  scope: RunScope,
  message: AssistantMessage,
  calls: readonly ToolCallPart[],
  last: boolean,
): Step | Promise<Step> {
  const { plan } = scope;
  const answer = plan.way === "tool" && calls.find((call) => call.name === plan.spec.name);
  if (answer) return takeAnswerCall(scope, calls, answer, plan.schema);
  if (last) {
    refuseAll(scope, calls, "Not run: the turns are used up.");
    return { stopReason: "max-turns", rawOutput: textOf(message) };
  }
  return guardCalls(scope, calls, new Map());
}

/** The answer tool was called: if the answer does not fit, the model may call it again, unless this turn is the last. */
async function takeAnswerCall(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  schema: Schema,
): Promise<Step> {
  const read = argumentsOf(answer);
  const reading: OutputReading =
    "input" in read ? await readOutput(read.input, schema) : { ok: false, problem: read.invalid };
  if (reading.ok) return acceptAnswer(scope, calls, answer, reading.value);
  const problem = `The answer does not fit: ${reading.problem}`;
  if (!mayAskAgain(scope)) {
    refuseAll(scope, calls, problem);
    return { stopReason: "invalid-output", rawOutput: answer.rawInput };
  }
  return guardCalls(scope, calls, new Map([[calls.indexOf(answer), problem]]));
}

/** The answer was given by calling the answer tool: the run ends at once, and other calls beside it do not run. */
function acceptAnswer(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  output: unknown,
): Stop {
  const results = calls.map((call) =>
    call === answer
      ? outputResult(call, "Accepted.")
      : errorResult(call, "Not run: the final answer was given in the same message."),
  );
  append(scope, toolMessage(results));
  return { stopReason: "done", output };
}

/** Settles the calls that wait at the end of the input, before the first model call. */
export async function resume(scope: RunScope): Promise<Step> {
  const { conversation, answers, first } = scope;
  if (answers !== undefined) checkAnswers(first, conversation.messages, answers);
  const waiting = waitingCalls(conversation.messages);
  if (waiting === undefined) return undefined;
  const { message, calls } = waiting;
  if (judgeFinish(message) !== "whole") return refuseAll(scope, calls, cutShort(message));
  return settleCalls(scope, calls, calls.map(argumentsOf), new Map());
}

/** Runs the calls of a message, unless the model turns in circles. `refused` gives, by position, why one may not run. */
function guardCalls(
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
  return settleCalls(scope, calls, inputs, refused);
}

function settleCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  rejected: ReadonlyMap<number, string>,
): Step | Promise<Step> {
  const handover = handOver(scope, calls, rejected);
  if (handover !== undefined) return handover;
  return scope.agent.guardrails === undefined
    ? run(scope, calls, inputs, rejected)
    : checkAndRun(scope, calls, inputs, rejected);
}

async function checkAndRun(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  rejected: ReadonlyMap<number, string>,
): Promise<Step> {
  const { refused, stop } = await checkCalls(scope, calls, rejected);
  if (stop === undefined) return run(scope, calls, inputs, refused);
  refuseAll(scope, calls, `Not run: ${stop.reason}`);
  return guardrailStop(stop);
}

/** Gives a promise only where something is waited for. */
function run(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  refused: ReadonlyMap<number, string>,
): Step | Promise<Step> {
  const inner: RunInner = (part, approved, agent, place) => runInner(part, approved, agent, place, scope);
  if (calls.length > 1)
    return runCalls(calls, inputs, refused, scope, inner).then((outcomes) =>
      conclude(scope, calls, outcomes),
    );
  const outcome = runCall(calls[0]!, inputs[0]!, refused.get(0), scope, inner);
  return outcome instanceof Promise
    ? outcome.then((one) => conclude(scope, calls, [one]))
    : conclude(scope, calls, [outcome]);
}

/** Adds the results of calls to the conversation, and tells what follows from them. */
function conclude(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  outcomes: readonly CallOutcome[],
): Stop | undefined | Promise<Stop | undefined> {
  const stopping = stopAfter(scope, outcomes);
  return stopping instanceof Promise
    ? stopping.then((stop) => addResults(scope, calls, outcomes, stop))
    : addResults(scope, calls, outcomes, stopping);
}

function addResults(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  outcomes: readonly CallOutcome[],
  stop: Stop | undefined,
): Stop | undefined {
  const waits = stop?.pending !== undefined;
  const results: ToolResultPart[] = [];
  for (let position = 0; position < outcomes.length; position++) {
    const { result } = outcomes[position]!;
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
      ? outputResult(call, transferText(to))
      : errorResult(call, `Not run: the conversation was handed over to ${to} in the same message.`),
  );
  tell(scope, results);
  return { handoff };
}

/** Gives each call an error result that says why it did not run. */
function refuseAll(scope: RunScope, calls: readonly ToolCallPart[], why: string): undefined {
  if (calls.length > 0)
    tell(
      scope,
      calls.map((call) => errorResult(call, why)),
    );
}

/** Adds results of calls that did not run, as the readers of the run are told. */
function tell(scope: RunScope, results: readonly ToolResultPart[]): void {
  for (const result of results) {
    scope.emit({ type: "tool.completed", id: result.id, name: result.name, result, duration: 0 });
  }
  append(scope, toolMessage(results));
}

/** Why the calls of a message that is not whole do not run. */
function cutShort({ finish }: AssistantMessage): string {
  return `Not run: the message did not come to its end (${finish.reason}).`;
}

/** Adds a message to the conversation. */
function append(scope: RunScope, said: Message): void {
  scope.emit({ type: "agent.message", message: scope.conversation.add(said) });
}
