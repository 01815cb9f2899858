/**
 * The third moment of tool calls: they run. The calls of one message are checked in order, start together, and their results
 * stand in call order; one tool that is `sequential` makes all of them wait for each other. Questions to a person are asked
 * one at a time, in order, while what needs no approval already runs.
 */

import type { InnerAgent, Tool } from "../agent/tool.ts";
import { isTerminal } from "../errors/agent-stopped-error.ts";
import type { CallInput } from "../model/call-input.ts";
import { elapsedOn } from "../platform/elapsed-on.ts";
import { unheard } from "../words/events.ts";
import type { ToolCallPart } from "../words/message.ts";
import type { AgentFailure, ToolFailure } from "../words/result.ts";
import type { Answers } from "./answers.ts";
import { type ApprovedCall, askInTurn, type CallResult, decide, type Verdict } from "./approval.ts";
import { checkResult } from "./ask-guardrails.ts";
import { callHash } from "./call-hash.ts";
import type { CallScope } from "./call-scope.ts";
import { cancelledResult, deniedResult, errorResult } from "./error-result.ts";
import { type InvokeOptions, invokeTool, type ToolRun } from "./invoke-tool.ts";
import { pendingOf, type ReadyCall, readCall } from "./read-call.ts";
import { remember } from "./remember.ts";
import { type CallOutcome, completed, outputResult, withOtherInput } from "./tell-call.ts";

/** One call on its way. */
interface Call {
  readonly part: ToolCallPart;
  readonly read: ReadyCall | { readonly problem: string };
  /** In its message, from 0. */
  readonly position: number;
}

/** The name of a call within the run: the turn and its position. Few calls need it. */
function placeOf({ position }: Call, { place, conversation }: CallScope): string {
  return `${place}${conversation.turn}:${position}`;
}

/**
 * Runs the only call of a message, as {@link runCalls} runs several, and gives what `owner` makes of its outcome; a promise
 * only where something is waited for.
 */
export function runCall<TThen>(
  part: ToolCallPart,
  input: CallInput,
  refused: string | undefined,
  scope: CallScope,
  owner: CallOwner<TThen>,
): TThen | Promise<TThen> {
  const reading = refused === undefined ? readCall(part, input, scope.toolsByName) : { problem: refused };
  return reading instanceof Promise
    ? settleRead(part, reading, scope, owner)
    : settle({ part, read: reading, position: 0 }, scope, owner);
}

/** The run around a call. */
export interface CallOwner<TThen> {
  /** What follows from the outcome of the call. */
  readonly conclude: (outcome: CallOutcome) => TThen | Promise<TThen>;
  /** Runs the agent behind a call, or goes on with its run. */
  readonly runInner: (
    part: ToolCallPart,
    approved: ApprovedCall,
    inner: InnerAgent,
    place: string,
  ) => Promise<CallOutcome>;
}

async function settleRead<TThen>(
  part: ToolCallPart,
  reading: Promise<Call["read"]>,
  scope: CallScope,
  owner: CallOwner<TThen>,
): Promise<TThen> {
  return settle({ part, read: await reading, position: 0 }, scope, owner);
}

/** Runs calls; the outcomes stand in the order of the calls. `refused` gives, by position, why a call may not run at all. */
export async function runCalls(
  parts: readonly ToolCallPart[],
  inputs: readonly CallInput[],
  refused: ReadonlyMap<number, string>,
  scope: CallScope,
  owner: CallOwner<CallOutcome>,
): Promise<readonly CallOutcome[]> {
  const { toolsByName } = scope;
  const calls: Call[] = [];
  for (let position = 0; position < parts.length; position++) {
    const part = parts[position]!;
    const problem = refused.get(position);
    const reading = problem === undefined ? readCall(part, inputs[position]!, toolsByName) : { problem };
    // Most schemas answer at once, and a wait that is not needed costs more than the check.
    const read = reading instanceof Promise ? await reading : reading;
    calls.push({ part, read, position });
  }
  const serial = calls.length < 2 || parts.some(({ name }) => toolsByName.get(name)?.sequential === true);
  if (!serial) {
    // The calls that cannot run are told first.
    const later = Promise.resolve();
    const go = (call: Call): CallOutcome | Promise<CallOutcome> => settle(call, scope, owner);
    return Promise.all(calls.map((call) => ("problem" in call.read ? go(call) : later.then(() => go(call)))));
  }
  const outcomes: CallOutcome[] = [];
  for (const call of calls) outcomes.push(await settle(call, scope, owner));
  return outcomes;
}

/** Gives a promise only where something is waited for. */
function settle<TThen>(call: Call, scope: CallScope, owner: CallOwner<TThen>): TThen | Promise<TThen> {
  const { part, read } = call;
  if ("problem" in read) return owner.conclude(completed(part, errorResult(part, read.problem), scope));
  if (scope.link.aborted) return owner.conclude(completed(part, cancelledResult(part), scope));
  const given = scope.answers && resultFor(part, scope.answers);
  if (given !== undefined) {
    const result = "error" in given ? errorResult(part, given.error) : outputResult(part, given.output);
    return owner.conclude(completed(part, result, scope));
  }
  const verdict =
    scope.approver.ask === undefined
      ? decide(read, scope.approver)
      : decide(read, askInTurn(scope), placeOf(call, scope));
  return verdict instanceof Promise
    ? carryOutDecided(call, read, verdict, scope, owner)
    : carryOut(call, read, verdict, scope, owner);
}

function resultFor({ id }: ToolCallPart, { results }: Answers): CallResult | undefined {
  return results.find(({ call }) => call.id === id);
}

async function carryOutDecided<TThen>(
  call: Call,
  read: ReadyCall,
  verdict: Promise<Verdict>,
  scope: CallScope,
  owner: CallOwner<TThen>,
): Promise<TThen> {
  return carryOut(call, read, await verdict, scope, owner);
}

function carryOut<TThen>(
  call: Call,
  read: ReadyCall,
  verdict: Verdict,
  scope: CallScope,
  owner: CallOwner<TThen>,
): TThen | Promise<TThen> {
  const { part } = call;
  if (scope.link.aborted) return owner.conclude(completed(part, cancelledResult(part), scope));
  switch (verdict.status) {
    case "pending":
      return owner.conclude({ pending: [pendingOf(read)] });
    case "denied":
      return owner.conclude(completed(part, deniedResult(part, verdict.reason), scope));
    case "approved":
      return perform(call, verdict.ready, verdict, scope, owner);
  }
}

function perform<TThen>(
  call: Call,
  ready: ReadyCall,
  approved: ApprovedCall,
  scope: CallScope,
  owner: CallOwner<TThen>,
): TThen | Promise<TThen> {
  const { tool } = ready;
  if (tool.inner !== undefined)
    return owner
      .runInner(call.part, approved, tool.inner, placeOf(call, scope))
      .then((outcome) => owner.conclude(outcome));
  if (!tool.deferred || scope.execute !== undefined) return runTool(call, ready, approved, scope, owner);
  const { id, name, input } = pendingOf(ready);
  scope.emit({ type: "tool.deferred", id, name, input });
  return owner.conclude({ pending: [{ id, name, input, deferred: true }] });
}

/** Runs the tool, shows its result to the guardrails, and goes on with the outcome. */
function runTool<TThen>(
  call: Call,
  ready: ReadyCall,
  approved: ApprovedCall,
  scope: CallScope,
  owner: CallOwner<TThen>,
): Promise<TThen> {
  const { tool } = ready;
  const { part } = call;
  const began = elapsedOn(scope.clock);
  const once = tool.deferred ? undefined : scope.once;
  if (once === undefined)
    return act(call, ready, approved, scope, began, (did) => told(part, ready, did, scope, began, owner));
  const name = `tool:${placeOf(call, scope)}:${callHash({ name: ready.name, input: ready.json })}`;
  return remember(
    once,
    name,
    () => act(call, ready, approved, scope, elapsedOn(scope.clock), (did) => did),
    ({ ended }) => ended !== "cancelled" && (ended === "output" || tool.onError !== "stop"),
  ).then(({ value, replayed }) => told(part, ready, value, scope, replayed ? undefined : began, owner));
}

/** Tells what a tool did. `began` is absent when it was done in an earlier try. */
function told<TThen>(
  part: ToolCallPart,
  ready: ReadyCall,
  did: ToolRun,
  scope: CallScope,
  began: number | undefined,
  owner: CallOwner<TThen>,
): TThen | Promise<TThen> {
  const result = ready.edited ? withOtherInput(did.result, ready.json) : did.result;
  const follows = consequence(ready.tool, did);
  const time = began === undefined ? REPLAYED : { duration: durationFrom(began, scope) };
  if (scope.agent.guardrails === undefined)
    return owner.conclude(completed(part, result, scope, time, follows));
  return checkResult(scope, part, result).then((checked) =>
    owner.conclude(
      completed(
        part,
        checked.result,
        scope,
        time,
        checked.stop === undefined ? follows : { guardrail: checked.stop },
      ),
    ),
  );
}

/** Only the readers of the run want it, and looking at the clock takes as long as three promises. */
function durationFrom(began: number, { emit, clock }: CallScope): number {
  return emit === unheard ? 0 : elapsedOn(clock) - began;
}

const REPLAYED = { duration: 0, replayed: true } as const;

function act<TDone>(
  call: Call,
  ready: ReadyCall,
  approved: ApprovedCall,
  scope: CallScope,
  began: number,
  done: (did: ToolRun) => TDone | Promise<TDone>,
): Promise<TDone> {
  const { emit, execute, onQuestion } = scope;
  const { tool } = ready;
  const { part } = call;
  const { id, name } = part;
  emit({ type: "tool.started", id, name, input: ready.json });
  const outside = tool.deferred ? execute : undefined;
  return invokeTool(approved, part, scope, {
    began,
    timeout: tool.timeout ?? (outside ? undefined : scope.agent.toolTimeout),
    ask: outside || onQuestion === undefined ? undefined : askOf(ready, placeOf(call, scope), scope),
    body:
      outside &&
      ((aborted) => outside({ ...pendingOf(ready), deferred: true }, aborted, placeOf(call, scope))),
    done,
  });
}

/** Makes the `ask` of a call. */
function askOf(ready: ReadyCall, place: string, scope: CallScope): InvokeOptions<unknown>["ask"] {
  return ({ signal, time }) =>
    async (question) => {
      const { toolAsk } = await import("./tool-ask.ts");
      return toolAsk(scope, { call: pendingOf(ready), place, signal, time }, question);
    };
}

function consequence(
  tool: Tool,
  { ended, output, problem }: ToolRun,
): Pick<CallOutcome, "ending" | "failure"> | undefined {
  if (ended === "output") return tool.ends ? { ending: { output } } : undefined;
  return problem === undefined ? undefined : failureOf(tool, problem);
}

/** What the failure of a tool means for the run: nothing, unless the tool may not fail. `inner` is the failure of an agent that is a tool. */
export function failureOf(
  tool: Tool,
  message: string,
  inner?: AgentFailure,
): { readonly failure?: ToolFailure } {
  if (tool.onError !== "stop") return {};
  const wait = inner?.retryAfterMs;
  const terminal = inner !== undefined && isTerminal(inner);
  const words = {
    retryable: inner?.retryable ?? false,
    ...(terminal && { terminal }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
  return { failure: { kind: "tool", tool: tool.name, message, ...words } };
}
