/** One turn: a model call and what follows from its message: an answer, tool calls, a handover, or the end of the run. */
import type { ValuePlan } from "../agent/output-plan.ts";
import { guardrailStop, judgeFinish, type Step, type Stop } from "../agent/stop.ts";
import type { WaitingCalls } from "../calls/open-calls.ts";
import { unheard } from "../words/events.ts";
import { type AssistantMessage, callsOf, type ToolCallPart, textOf } from "../words/message.ts";
import { append, refuseAll } from "./append.ts";
import { askModel, type ModelTurn } from "./model-turn.ts";
import type { RunScope } from "./run-scope.ts";

/** Loaded with the first tool call, and with the first answer that has to fit a schema: an agent that only talks needs neither. */
let calling: typeof import("./settle-calls.ts") | undefined;
let answering: typeof import("./take-answer.ts") | undefined;

/**
 * Calls the model once. `last` asks for an answer without tools, and `guarded` says that this is the agent's first turn in
 * the run, which guardrails may watch.
 */
export function beginTurn(scope: RunScope, last: boolean, guarded: boolean): Promise<ModelTurn> {
  scope.conversation.turn++;
  scope.allowance.takeTurn();
  scope.emit({ type: "agent.turn.started" });
  return askModel(scope, last, guarded);
}

/** Acts on what the model said. */
export function endTurn(scope: RunScope, said: ModelTurn, last: boolean): Step | Promise<Step> {
  const step = said.tripped === undefined ? actOn(scope, said.message, last) : guardrailStop(said.tripped);
  // What nobody hears is not put together.
  return scope.emit === unheard ? step : toldTurn(scope, said, step);
}

async function toldTurn(
  { emit }: RunScope,
  { spent, replayed }: ModelTurn,
  step: Step | Promise<Step>,
): Promise<Step> {
  const taken = await step;
  emit({ type: "agent.turn.completed", ...spent, ...(replayed && { replayed }) });
  return taken;
}

/** Gives a promise only where something is waited for. */
function actOn(scope: RunScope, said: AssistantMessage, last: boolean): Step | Promise<Step> {
  const verdict = judgeFinish(said);
  const message = said.content.length > 0 || verdict === "whole" ? append(scope, said) : said;
  const calls = callsOf(message);
  if (verdict !== "whole") {
    refuseAll(scope, calls, cutShort(message));
    if (scope.link.aborted) return { stopReason: "aborted" };
    return verdict === "paused" ? undefined : verdict;
  }
  if (calls.length === 0) return takeAnswer(scope, message);
  return takeCalls(scope, message, calls, last);
}

/** A message without calls is the answer: as text, or as a value if the agent has a schema. */
async function takeAnswer(scope: RunScope, message: AssistantMessage): Promise<Stop | undefined> {
  const { plan } = scope;
  const refusal = message.content.some((part) => part.type === "refusal");
  if (refusal) return { stopReason: "refusal" };
  if (plan.way === "text") return { stopReason: "done", output: textOf(message) };
  answering ??= await import("./take-answer.ts");
  return answering.takeValue(scope, message, plan);
}

function takeCalls(
  scope: RunScope,
  message: AssistantMessage,
  calls: readonly ToolCallPart[],
  last: boolean,
): Step | Promise<Step> {
  const { plan } = scope;
  const answer = plan.way === "tool" && calls.find((call) => call.name === plan.spec.name);
  if (answer) return takeAnswerCall(scope, calls, answer, plan);
  if (last) {
    refuseAll(scope, calls, "Not run: the turns are used up.");
    return { stopReason: "max-turns", rawOutput: textOf(message) };
  }
  return calling === undefined ? firstCalls(scope, calls) : calling.guardCalls(scope, calls);
}

async function firstCalls(scope: RunScope, calls: readonly ToolCallPart[]): Promise<Step> {
  calling = await import("./settle-calls.ts");
  return calling.guardCalls(scope, calls);
}

async function takeAnswerCall(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  answer: ToolCallPart,
  plan: ValuePlan,
): Promise<Step> {
  answering ??= await import("./take-answer.ts");
  return answering.takeAnswerCall(scope, calls, answer, plan);
}

/** Settles the calls that wait at the end of the input, before the first model call. */
export async function resume(scope: RunScope, { message, calls }: WaitingCalls): Promise<Step> {
  if (judgeFinish(message) !== "whole") return refuseAll(scope, calls, cutShort(message));
  calling ??= await import("./settle-calls.ts");
  return calling.resumeCalls(scope, calls);
}

/** Why the calls of a message that is not whole do not run. */
function cutShort({ finish }: AssistantMessage): string {
  return `Not run: the message did not come to its end (${finish.reason}).`;
}
