/** One turn: a model call and what follows from its message. Gives the end of the run, or nothing when it goes on. */
import { type Decision, matchDecisions } from "./approval.ts";
import { DecisionError } from "./errors/decision-error.ts";
import { judgeCalls } from "./loop-guard.ts";
import {
  type AssistantMessage,
  type Message,
  type ToolCallPart,
  type ToolResultPart,
  textOf,
} from "./message.ts";
import { type ModelRequest, modelName } from "./model.ts";
import { callModel } from "./model-call.ts";
import { callsOf, toolMessage, waitingCalls, withDistinctIds } from "./open-calls.ts";
import { type RunScope, warn } from "./run-scope.ts";
import { judgeFinish, type Stop } from "./stop.ts";
import { type OutputPlan, reAsk, readOutput, readTextOutput } from "./structured-output.ts";
import { type CallOutcome, pendingCallOf, runBatch } from "./tool-batch.ts";
import { argumentsOf } from "./tool-call.ts";
import { errorResult, outputResult } from "./tool-result.ts";

/** A message that makes more calls than this has gone astray; what is over it gets an error result. */
const MOST_CALLS = 128;

/** Settles the calls that wait at the end of the input, before the first model call. */
export async function resume(
  scope: RunScope,
  decisions: readonly Decision[] | undefined,
): Promise<Stop | undefined> {
  const waiting = waitingCalls(scope.conversation.messages);
  if (waiting === undefined) {
    const stray = decisions?.[0];
    if (stray !== undefined) throw new DecisionError({ reason: "unknown", callId: stray.call.id });
    return undefined;
  }
  const { message, calls } = waiting;
  if (judgeFinish(message) !== "whole") return refuseAll(scope, calls, cutShort(message));
  const approver = decisions && { decisions: matchDecisions(decisions, calls.map(pendingCallOf)) };
  return runCalls(
    approver ? { ...scope, approver: { ...scope.approver, ...approver } } : scope,
    calls,
    new Map(),
  );
}

/** Calls the model once and acts on its message. `last` asks for an answer without tools. */
export async function takeTurn(scope: RunScope, last: boolean): Promise<Stop | undefined> {
  const { conversation, emit } = scope;
  conversation.turn++;
  emit({ type: "agent.turn.started" });
  const request = await requestOf(scope, last);
  const finish = await callModel(scope.model, request, {
    clock: scope.clock,
    onEvent: (event) => {
      emit({ type: "agent.model", event });
      if (event.type === "start" || event.type === "finish")
        for (const text of event.warnings ?? []) warn(scope, text);
    },
  });
  const message = withDistinctIds(finish.message);
  const cost = conversation.spend(finish.usage, scope.model);
  const stop = await actOn(scope, message, last);
  emit({
    type: "agent.turn.completed",
    usage: finish.usage,
    model: modelName(message.origin),
    ...(cost !== undefined && { cost }),
  });
  return stop;
}

async function requestOf(scope: RunScope, last: boolean): Promise<ModelRequest> {
  const { agent, conversation, plan, tools, signal } = scope;
  const { turn, usage } = conversation;
  const messages =
    (await agent.prepare?.([...conversation.messages], { turn, usage })) ?? conversation.messages;
  const toolChoice = choiceOf(agent.tools.length, plan, last);
  return {
    ...agent.settings,
    messages: [...scope.system, ...messages],
    ...(tools.length > 0 && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(plan.way === "native" && { output: plan.output }),
    signal,
    onRetry: (retry) => scope.emit({ type: "agent.retrying", ...retry }),
  };
}

function choiceOf(ownTools: number, plan: OutputPlan, last: boolean): ModelRequest["toolChoice"] {
  if (plan.way === "tool") {
    if (last) return { name: plan.spec.name };
    return ownTools === 0 ? "required" : undefined;
  }
  return last && ownTools > 0 ? "none" : undefined;
}

async function actOn(scope: RunScope, message: AssistantMessage, last: boolean): Promise<Stop | undefined> {
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
  if (!mayAskAgain(scope)) return { stopReason: "invalid-output", rawOutput: text };
  append(scope, reAsk(reading.problem, plan));
  return undefined;
}

function mayAskAgain(scope: RunScope): boolean {
  const { conversation } = scope;
  return conversation.turn < scope.maxTurns && conversation.outputRetriesLeft-- > 0;
}

async function takeCalls(
  scope: RunScope,
  message: AssistantMessage,
  calls: readonly ToolCallPart[],
  last: boolean,
): Promise<Stop | undefined> {
  const { plan } = scope;
  const answer = plan.way === "tool" ? calls.find((call) => call.name === plan.spec.name) : undefined;
  const rejected = new Map<number, string>();
  if (plan.way === "tool" && answer !== undefined) {
    const read = argumentsOf(answer);
    const reading =
      "input" in read
        ? await readOutput(read.input, plan.schema)
        : { ok: false as const, problem: read.invalid };
    if (reading.ok) return acceptAnswer(scope, calls, answer, reading.value);
    if (!mayAskAgain(scope)) {
      refuseAll(scope, calls, `The answer does not fit: ${reading.problem}`);
      return { stopReason: "invalid-output", rawOutput: answer.rawInput };
    }
    rejected.set(calls.indexOf(answer), `The answer does not fit: ${reading.problem}`);
  }
  if (last) {
    refuseAll(scope, calls, "Not run: the turns are used up.");
    return { stopReason: "max-turns", rawOutput: textOf(message) };
  }
  return guardCalls(scope, calls, rejected);
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

function guardCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  rejected: Map<number, string>,
): Promise<Stop | undefined> | Stop {
  const { verdict, streaks } = judgeCalls(calls, scope.conversation.streaks);
  scope.conversation.streaks = streaks;
  if (verdict.kind === "stop") {
    refuseAll(scope, calls, "Not run: this call was made four turns running.");
    return { stopReason: "loop" };
  }
  if (verdict.kind === "warn") {
    const text =
      "Not run: this is the third turn running with this very call, and it would give the same. Do something else, or answer.";
    for (const position of verdict.positions) if (!rejected.has(position)) rejected.set(position, text);
  }
  const tooMany = `Not run: one message may make ${MOST_CALLS} calls. Make the others in the next one, if they are still needed.`;
  for (let position = MOST_CALLS; position < calls.length; position++) rejected.set(position, tooMany);
  return runCalls(scope, calls, rejected);
}

async function runCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  refused: ReadonlyMap<number, string>,
): Promise<Stop | undefined> {
  const outcomes = await runBatch(calls, refused, scope);
  const results = outcomes.flatMap(({ result }) => (result === undefined ? [] : [result]));
  if (results.length > 0) append(scope, toolMessage(results));
  return stopAfter(scope, outcomes);
}

async function stopAfter(scope: RunScope, outcomes: readonly CallOutcome[]): Promise<Stop | undefined> {
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  const pending = outcomes.flatMap((outcome) => outcome.pending ?? []);
  if (scope.signal.aborted) return { stopReason: "aborted" };
  if (failure !== undefined) return { stopReason: "error", failure };
  if (pending.length > 0) return { stopReason: "needs-approval", pending };
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

function refuseAll(scope: RunScope, calls: readonly ToolCallPart[], why: string): undefined {
  if (calls.length === 0) return;
  const results = calls.map((call) => errorResult(call, why));
  for (const result of results) {
    scope.emit({ type: "tool.completed", id: result.id, name: result.name, result, duration: 0 });
  }
  append(scope, toolMessage(results));
}

function cutShort({ finish }: AssistantMessage): string {
  return `Not run: the message did not come to its end (${finish.reason}).`;
}

function append(scope: RunScope, message: Message): void {
  scope.conversation.messages.push(message);
  scope.emit({ type: "agent.message", message });
}
