/** Answers from outside for calls that waited: checked all at once, before anything runs. */
import type { Agent } from "../agent/agent.ts";
import { activeAgent } from "../agent/handoff/active-agent.ts";
import { DecisionError, type DecisionFacts } from "../errors/decision-error.ts";
import type { Message } from "../words/message.ts";
import type { PausedRun, PendingCall } from "../words/result.ts";
import type { Approver, CallResult, Decision } from "./approval.ts";
import { waitingCalls } from "./open-calls.ts";
import { isSame, pendingCallOf } from "./read-call.ts";

/** What a run was given for the calls that wait at the end of its input. */
export interface Answers {
  /** Whether any answer was given. A paused run may also be resumed without answers. */
  readonly given: boolean;
  readonly decisions: readonly Decision[];
  readonly results: readonly CallResult[];
  readonly paused: readonly PausedRun[];
}

/**
 * Checks answers against the calls that wait, those of agents that are tools included.
 *
 * @throws DecisionError (`ORCH_DECISION`) unless each call that waits for a decision has exactly one,
 * made on that very call, and each result is for a deferred call.
 */
export function checkAnswers(first: Agent<unknown>, messages: readonly Message[], answers: Answers): void {
  const { given, decisions, results, paused } = answers;
  if (!given) return;
  const waiting = waitingIn(first, messages, paused);
  const answered = new Set<string>();
  for (const answer of [...decisions, ...results]) {
    const { id } = answer.call;
    const call = waiting.find((candidate) => candidate.id === id);
    const reason = problemOf(answer, call, answered, messages);
    if (reason !== undefined) throw new DecisionError({ reason, callId: id });
    answered.add(id);
  }
  const left = waiting.find(({ id, deferred }) => !deferred && !answered.has(id));
  if (left !== undefined) throw new DecisionError({ reason: "unanswered", callId: left.id });
}

function problemOf(
  answer: Decision | CallResult,
  call: PendingCall | undefined,
  answered: ReadonlySet<string>,
  messages: readonly Message[],
): DecisionFacts["reason"] | undefined {
  const { id } = answer.call;
  if (call === undefined) return hasResult(messages, id) ? "late" : "unknown";
  if (answered.has(id)) return "twice";
  if (!isSame(answer.call, call)) return "changed";
  return "approval" in answer || call.deferred ? undefined : "not-deferred";
}

/** The calls that wait, as `pending` of the earlier result had them. */
function waitingIn(
  first: Agent<unknown>,
  messages: readonly Message[],
  paused: readonly PausedRun[],
): readonly PendingCall[] {
  const waiting = waitingCalls(messages);
  if (waiting === undefined) return [];
  const { tools } = activeAgent(first, messages).agent;
  return waiting.calls.flatMap((part) => {
    const tool = tools.find(({ name }) => name === part.name);
    const run = paused.find(({ callId }) => callId === part.id);
    if (tool?.inner !== undefined && run !== undefined) {
      return waitingIn(tool.inner.agent, run.messages, run.paused ?? []).map((call) => below(part.id, call));
    }
    const call = pendingCallOf(part);
    return [tool?.deferred ? { ...call, deferred: true as const } : call];
  });
}

/** A call of an inner agent as the outer run names it. */
export function below(outer: string, call: PendingCall): PendingCall {
  return { ...call, id: `${outer}/${call.id}` };
}

/** The answers that are for the agent behind a call, as that agent names its calls. */
export function answersBelow(callId: string, { decisions, results, paused, given }: Answers): Answers {
  const run = paused.find((one) => one.callId === callId);
  return {
    given: given && run !== undefined,
    decisions: decisions.flatMap((one) => inside(callId, one)),
    results: results.flatMap((one) => inside(callId, one)),
    paused: run?.paused ?? [],
  };
}

function inside<TAnswer extends { readonly call: PendingCall }>(outer: string, answer: TAnswer): TAnswer[] {
  const { call } = answer;
  if (!call.id.startsWith(`${outer}/`)) return [];
  return [{ ...answer, call: { ...call, id: call.id.slice(outer.length + 1) } }];
}

/** Makes an approver that uses the given decisions. */
export function withAnswers(approver: Approver, { decisions, paused }: Answers): Approver {
  return {
    ...approver,
    decisions: new Map(decisions.map((decision) => [decision.call.id, decision])),
    begun: new Set(paused.map(({ callId }) => callId)),
  };
}

function hasResult(messages: readonly Message[], id: string): boolean {
  return messages.some(
    ({ role, content }) =>
      role === "tool" && content.some((result) => result.id === id || id.startsWith(`${result.id}/`)),
  );
}
