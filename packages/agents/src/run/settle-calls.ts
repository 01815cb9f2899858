/** The calls of a message: who may run, and what their results mean for the run. */
import { handoffsOf } from "../agent/handoff/handoff.ts";
import { transferText } from "../agent/handoff/transfer-text.ts";
import { guardrailStop, type Step, type Stop } from "../agent/stop.ts";
import { checkCalls } from "../calls/ask-guardrails.ts";
import { errorResult } from "../calls/error-result.ts";
import { judgeCalls, type LoopVerdict } from "../calls/loop-guard.ts";
import { toolMessage } from "../calls/open-calls.ts";
import { argumentsOf } from "../calls/read-call.ts";
import { type CallOwner, runCall, runCalls } from "../calls/run-calls.ts";
import { type CallOutcome, outputResult } from "../calls/tell-call.ts";
import type { CallInput } from "../model/call-input.ts";
import type { ToolCallPart, ToolResultPart } from "../words/message.ts";
import { append, refuseAll, tell } from "./append.ts";
import type { RunScope } from "./run-scope.ts";
import { isTelling, stopAfter } from "./stop-after.ts";

/** The most tool calls in one message. Each call beyond it gets an error result. */
const MOST_CALLS = 128;
/** No call is refused. */
const NONE: ReadonlyMap<number, string> = new Map();

/** Runs the calls of a message, unless the model turns in circles. `refused` gives, by position, why one may not run. */
export function guardCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  refused: ReadonlyMap<number, string> = NONE,
): Step | Promise<Step> {
  const inputs = calls.map(argumentsOf);
  const verdict = judgeCalls(calls, inputs, scope.conversation);
  if (verdict.kind === "stop") {
    refuseAll(scope, calls, "Not run: this call was made four turns running.");
    return { stopReason: "loop" };
  }
  const isFine = verdict.kind === "fine" && calls.length <= MOST_CALLS;
  return settleCalls(scope, calls, inputs, isFine ? refused : withRefusals(calls, verdict, refused));
}

/** Those that may not run, with those that are made again and again, and those that are too many. */
function withRefusals(
  calls: readonly ToolCallPart[],
  verdict: LoopVerdict,
  refused: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> {
  const all = new Map(refused);
  const again =
    "Not run: this is the third turn running with this very call, and it would give the same. Do something else, or answer.";
  if (verdict.kind === "warn")
    for (const position of verdict.positions) if (!all.has(position)) all.set(position, again);
  const tooMany = `Not run: one message may make ${MOST_CALLS} calls. Make the others in the next one, if they are still needed.`;
  for (let position = MOST_CALLS; position < calls.length; position++) all.set(position, tooMany);
  return all;
}

/** Runs the calls that wait at the end of a conversation. */
export function resumeCalls(scope: RunScope, calls: readonly ToolCallPart[]): Step | Promise<Step> {
  return settleCalls(scope, calls, calls.map(argumentsOf));
}

/** Runs calls, unless one of them hands over, and adds their results. */
function settleCalls(
  scope: RunScope,
  calls: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  rejected: ReadonlyMap<number, string> = NONE,
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
  if (calls.length === 1)
    return runCall(calls[0]!, inputs[0]!, refused.get(0), scope, new OnlyCall(scope, calls));
  return runCalls(calls, inputs, refused, scope, {
    conclude: (outcome) => outcome,
    runInner: (...call) => runInner(scope, ...call),
  }).then((outcomes) => conclude(scope, calls, outcomes));
}

/** The run, as the only call of a message sees it: an object costs less than the functions that it has. */
class OnlyCall implements CallOwner<Stop | undefined> {
  readonly #scope: RunScope;
  readonly #calls: readonly ToolCallPart[];

  constructor(scope: RunScope, calls: readonly ToolCallPart[]) {
    this.#scope = scope;
    this.#calls = calls;
  }

  conclude(outcome: CallOutcome): Stop | undefined | Promise<Stop | undefined> {
    const scope = this.#scope;
    const { result } = outcome;
    if (result === undefined || scope.link.aborted || isTelling(outcome))
      return conclude(scope, this.#calls, [outcome]);
    append(scope, toolMessage([result]));
    return undefined;
  }

  runInner(...call: InnerCall): Promise<CallOutcome> {
    return runInner(this.#scope, ...call);
  }
}

type InnerCall = Parameters<CallOwner<unknown>["runInner"]>;

async function runInner(scope: RunScope, ...call: InnerCall): Promise<CallOutcome> {
  return (await import("./inner-run.ts")).runInner(...call, scope);
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
