/** The model's part of a turn: what it is sent, its call, and what that used. Done once, also when the run is made again. */
import type { Spent } from "./events.ts";
import { checkInput, hasParallelGuardrails } from "./guardrail/check.ts";
import type { GuardrailStop } from "./guardrail/guardrail.ts";
import { linkedAbort } from "./linked-abort.ts";
import type { AssistantMessage, Message } from "./message.ts";
import { type Model, type ModelRequest, modelName, type Usage } from "./model.ts";
import { callModel } from "./model-call.ts";
import { withDistinctIds } from "./open-calls.ts";
import { remember } from "./remember.ts";
import { type RunScope, warn } from "./run-scope.ts";
import { judgeFinish } from "./stop.ts";
import type { OutputPlan } from "./structured-output.ts";
import { addCost, addUsage, NO_USAGE } from "./usage.ts";

/** What the model said in a turn. */
export interface ModelTurn {
  readonly message: AssistantMessage;
  readonly spent: Spent;
  readonly replayed: boolean;
  /** Set when a guardrail tripped while the model was called. */
  readonly tripped?: GuardrailStop;
}

/** What is remembered of it. */
interface Deed {
  readonly message: AssistantMessage;
  readonly usage: Usage;
  /** What preparing the conversation used, where it called a model. */
  readonly prepared?: Spent;
  readonly tripped?: GuardrailStop;
}

/** Calls the model for this turn. `last` asks for an answer without tools. */
export async function askModel(scope: RunScope, last: boolean, guarded: boolean): Promise<ModelTurn> {
  const { conversation, allowance, model } = scope;
  const { value: deed, replayed } = await remember(
    scope.once,
    `turn:${scope.place}${conversation.turn}`,
    () => call(scope, last, guarded),
    ({ message, tripped }) => tripped === undefined && isWhole(message),
  );
  const { message, usage, prepared, tripped } = deed;
  if (replayed && prepared !== undefined) allowance.spend(prepared.usage, model);
  const cost = allowance.spend(usage, model);
  const spent = { usage, model: modelName(message.origin), ...(cost !== undefined && { cost }) };
  return { message, spent, replayed, ...(tripped !== undefined && { tripped }) };
}

function isWhole(message: AssistantMessage): boolean {
  const verdict = judgeFinish(message);
  return verdict === "whole" || verdict === "paused";
}

async function call(scope: RunScope, last: boolean, guarded: boolean): Promise<Deed> {
  const { messages, prepared } = await prepare(scope);
  const link = linkedAbort(scope.signal);
  const watch = guarded && hasParallelGuardrails(scope) ? watchInput(scope, link.abort) : undefined;
  try {
    const finish = await callModel(scope.model, requestOf(scope, messages, last, link.signal), {
      clock: scope.clock,
      onEvent: (event) => {
        scope.emit({ type: "agent.model", event });
        if (event.type === "start" || event.type === "finish")
          for (const text of event.warnings ?? []) warn(scope, text);
      },
    });
    const tripped = await watch;
    return {
      message: withDistinctIds(finish.message),
      usage: finish.usage,
      ...(prepared !== undefined && { prepared }),
      ...(tripped !== undefined && { tripped }),
    };
  } finally {
    link.dispose();
  }
}

/** Asks the guardrails that run beside the model; a trip ends its call. */
async function watchInput(scope: RunScope, abort: () => void): Promise<GuardrailStop | undefined> {
  const tripped = await checkInput(scope, scope.conversation.seen(), "beside");
  if (tripped !== undefined) abort();
  return tripped;
}

/** What the model is shown of the conversation, and what it took to prepare that. */
async function prepare(
  scope: RunScope,
): Promise<{ readonly messages: readonly Message[]; readonly prepared?: Spent }> {
  const { agent, conversation, allowance, model, signal, clock } = scope;
  const all = conversation.seen();
  if (agent.prepare === undefined) return { messages: all };
  let usage: Usage = NO_USAGE;
  let cost: number | undefined = 0;
  let by: Model | undefined;
  const messages = await agent.prepare([...all], {
    turn: conversation.turn,
    usage: allowance.usage,
    model,
    signal,
    clock,
    spend: (more, with_) => {
      by = with_;
      usage = addUsage(usage, more);
      cost = addCost(cost, allowance.spend(more, with_));
    },
    warn: (warning) => warn(scope, warning),
  });
  const prepared = by && { usage, model: modelName(by.id), ...(cost !== undefined && { cost }) };
  const isNew = conversation.isNewCompaction(all.length - messages.length);
  if (isNew || prepared !== undefined) {
    scope.emit({ type: "agent.compacted", from: all.length, to: messages.length, ...prepared });
  }
  return prepared === undefined ? { messages } : { messages, prepared };
}

function requestOf(
  scope: RunScope,
  messages: readonly Message[],
  last: boolean,
  signal: AbortSignal,
): ModelRequest {
  const { agent, plan, tools } = scope;
  const ownTools = plan.way === "tool" ? tools.length - 1 : tools.length;
  const toolChoice = choiceOf(ownTools, plan, last);
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
