/** The model's part of a turn: the request, the call and its usage. It runs once, also when the run is resumed. */
import type { BudgetLeft } from "@orch/core";
import type { Prepare } from "../agent/agent.ts";
import type { OutputPlan } from "../agent/output-plan.ts";
import { judgeFinish } from "../agent/stop.ts";
import { checkInput, hasParallelGuardrails } from "../calls/ask-guardrails.ts";
import { withDistinctIds } from "../calls/open-calls.ts";
import { type RunOnce, remember } from "../calls/remember.ts";
import { LinkedAbort } from "../platform/linked-abort.ts";
import type { Spent } from "../words/events.ts";
import type { GuardrailStop } from "../words/guardrail.ts";
import type { AssistantMessage, Message } from "../words/message.ts";
import { type ModelRequest, modelName, type Usage } from "../words/model.ts";
import { callHealed, type HealedCall } from "./healed-call.ts";
import { prepare, together } from "./prepare.ts";
import type { RunScope } from "./run-scope.ts";

/** What the model said in a turn. */
export interface ModelTurn {
  readonly message: AssistantMessage;
  readonly spent: Spent;
  /** Set when the model was called in an earlier try of the run, and not now. */
  readonly replayed?: boolean;
  /** Set when a guardrail tripped while the model was called. */
  readonly tripped?: GuardrailStop;
}

/** The part of a model turn that the host remembers. */
interface ModelAnswer {
  readonly message: AssistantMessage;
  readonly spent: Spent;
  /** What preparing the conversation used, where it called a model. */
  readonly prepared?: Spent;
  readonly tripped?: GuardrailStop;
}

/** Calls the model for this turn. `last` asks for an answer without tools. */
export function askModel(scope: RunScope, last: boolean, guarded: boolean): Promise<ModelTurn> {
  const { once } = scope;
  return once === undefined ? call(scope, last, guarded) : askOnce(scope, once, last, guarded);
}

async function askOnce(scope: RunScope, once: RunOnce, last: boolean, guarded: boolean): Promise<ModelTurn> {
  const { conversation, allowance } = scope;
  const { value, replayed } = await remember(
    once,
    `turn:${scope.place}${conversation.turn}`,
    () => call(scope, last, guarded),
    ({ message, tripped }) => tripped === undefined && isWhole(message),
  );
  const { message, spent, prepared, tripped } = value;
  if (replayed && prepared !== undefined) allowance.count(prepared);
  if (replayed) allowance.count(spent);
  return { message, spent, replayed, ...(tripped !== undefined && { tripped }) };
}

function isWhole(message: AssistantMessage): boolean {
  const verdict = judgeFinish(message);
  return verdict === "whole" || verdict === "paused";
}

function call(scope: RunScope, last: boolean, guarded: boolean): Promise<ModelAnswer> {
  const { agent, link } = scope;
  const ask = guarded && hasParallelGuardrails(scope) ? callWatched : callOnce;
  if (agent.prepare === undefined) return ask(scope, undefined, last, link);
  return callPrepared(scope, agent.prepare, ask, last);
}

/** Calls `prepare`, which may shorten the conversation before the model call. */
async function callPrepared(
  scope: RunScope,
  shorten: Prepare,
  ask: typeof callOnce,
  last: boolean,
): Promise<ModelAnswer> {
  const { messages, prepared } = await prepare(scope, shorten);
  const said = await ask(scope, messages, last, scope.link);
  return prepared === undefined ? said : { ...said, prepared: together(prepared, said.prepared) };
}

/** Without `messages` the model is sent what its agent sees. */
function callOnce(
  scope: RunScope,
  messages: readonly Message[] | undefined,
  last: boolean,
  link: LinkedAbort,
): Promise<ModelAnswer> {
  const { budgets } = scope.allowance;
  const request = requestOf(scope, messages, last, link.signal);
  if (budgets === undefined || isUnlimited(budgets.left())) return callNow(scope, request, link);
  return callReserved(scope, budgets, request, link);
}

async function callReserved(
  scope: RunScope,
  budgets: NonNullable<RunScope["allowance"]["budgets"]>,
  request: ModelRequest,
  link: LinkedAbort,
): Promise<ModelAnswer> {
  const { reserveCall } = await import("./reserve-call.ts");
  const reserved = await reserveCall(budgets, scope.model, request);
  let usage: Usage | undefined;
  try {
    const said = await callNow(scope, reserved.request, link);
    usage = said.spent.usage;
    return said;
  } finally {
    reserved.release(usage);
  }
}

function isUnlimited({ tokens, cost }: BudgetLeft): boolean {
  return tokens === Number.POSITIVE_INFINITY && cost === Number.POSITIVE_INFINITY;
}

function callNow(scope: RunScope, request: ModelRequest, link: LinkedAbort): Promise<ModelAnswer> {
  return callHealed(scope, request, link, answerOf);
}

function answerOf(scope: RunScope, { message, usage, prepared }: HealedCall): ModelAnswer {
  const { origin } = message;
  const name = origin === scope.model.id ? scope.modelName : modelName(origin);
  const spent = scope.allowance.spend(usage, scope.model, name);
  const said = { message: withDistinctIds(message), spent };
  return prepared === undefined ? said : { ...said, prepared };
}

/** Calls the model while guardrails look at what it was told; a trip ends the call. */
async function callWatched(
  scope: RunScope,
  messages: readonly Message[] | undefined,
  last: boolean,
  parent: LinkedAbort,
): Promise<ModelAnswer> {
  const link = new LinkedAbort(parent);
  const watching = checkInput(scope, scope.conversation.seen(), "beside").then((tripped) => {
    if (tripped !== undefined) link.abort();
    return tripped;
  });
  try {
    const said = await callOnce(scope, messages, last, link);
    const tripped = await watching;
    return tripped === undefined ? said : { ...said, tripped };
  } finally {
    link.dispose();
  }
}

function requestOf(
  scope: RunScope,
  given: readonly Message[] | undefined,
  last: boolean,
  signal: AbortSignal,
): ModelRequest {
  const { system, conversation } = scope;
  const messages = given === undefined ? conversation.toSend(system) : [...system, ...given];
  const request = { ...scope.request, messages, signal };
  const toolChoice = choiceOf(request.tools?.length ?? 0, scope.plan, last);
  return toolChoice === undefined ? request : { ...request, toolChoice };
}

function choiceOf(tools: number, plan: OutputPlan, last: boolean): ModelRequest["toolChoice"] {
  if (plan.way === "tool") {
    if (last) return { name: plan.spec.name };
    return tools === 1 ? "required" : undefined;
  }
  return last && tools > 0 ? "none" : undefined;
}
