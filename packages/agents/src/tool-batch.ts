/**
 * The tool calls of one message. They are checked in order, start together, and their results stand
 * in call order; one tool that is `sequential` makes all of them wait for each other. Questions to a
 * person are asked one at a time, in order, while what needs no approval already runs.
 */
import type { Clock } from "@orch/core";
import type { Agent } from "./agent.ts";
import { type Approval, type Approver, decide, pendingOf, type ReadyCall, type Verdict } from "./approval.ts";
import type { EmitEvent } from "./events.ts";
import type { ToolCallPart, ToolResultPart } from "./message.ts";
import type { PendingCall, ToolFailure } from "./result.ts";
import type { ToolOutput } from "./tool.ts";
import { argumentsOf, type CallReading, type Invocation, invokeTool, readCall } from "./tool-call.ts";
import { cancelledResult, deniedResult, errorResult, outputResult } from "./tool-result.ts";

/** What became of one call. */
export interface CallOutcome {
  /** Absent while the call waits for a person. */
  readonly result?: ToolResultPart;
  readonly pending?: PendingCall;
  /** Set by a tool that ends the run. */
  readonly ending?: { readonly output: ToolOutput };
  /** Set by a tool whose failure ends the run. */
  readonly failure?: ToolFailure;
}

/** What a batch needs. */
export interface BatchOptions {
  readonly agent: Agent<unknown>;
  readonly approver: Approver;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly emit: EmitEvent;
}

/** Runs calls; the outcomes stand in the order of the calls. `refused` gives, by position, why a call may not run at all. */
export async function runBatch(
  calls: readonly ToolCallPart[],
  refused: ReadonlyMap<number, string>,
  options: BatchOptions,
): Promise<readonly CallOutcome[]> {
  const { tools } = options.agent;
  const readings: CallReading[] = [];
  for (const [position, part] of calls.entries()) {
    const problem = refused.get(position);
    readings.push(problem === undefined ? await readCall(part, tools) : { ready: false, problem });
  }
  const serial = calls.some((part) => tools.find((tool) => tool.name === part.name)?.sequential === true);
  const oneAtATime = queue();
  const settle = (part: ToolCallPart, position: number): Promise<CallOutcome> => {
    const reading = readings[position]!;
    if (!reading.ready)
      return Promise.resolve(completed(part, errorResult(part, reading.problem), 0, options));
    return settleCall(part, reading.call, oneAtATime, options);
  };
  if (!serial) return Promise.all(calls.map(settle));
  const outcomes: CallOutcome[] = [];
  for (const [position, part] of calls.entries()) outcomes.push(await settle(part, position));
  return outcomes;
}

async function settleCall(
  part: ToolCallPart,
  call: ReadyCall,
  oneAtATime: Queue,
  options: BatchOptions,
): Promise<CallOutcome> {
  const { signal } = options;
  if (signal.aborted) return completed(part, cancelledResult(part), 0, options);
  const verdict = await decide(call, asking(options, oneAtATime));
  if (signal.aborted) return completed(part, cancelledResult(part), 0, options);
  if (verdict.status === "pending") return { pending: pendingOf(call) };
  if (verdict.status === "denied") return completed(part, deniedResult(part, verdict.reason), 0, options);
  return runApproved(part, call, verdict, options);
}

async function runApproved(
  part: ToolCallPart,
  call: ReadyCall,
  verdict: Verdict & { readonly status: "approved" },
  options: BatchOptions,
): Promise<CallOutcome> {
  const { agent, signal, clock, emit } = options;
  const { id, name } = part;
  const began = clock.now();
  emit({ type: "tool.started", id, name, input: call.json });
  const invocation = await invokeTool(verdict.call, part, {
    signal,
    clock,
    timeout: call.tool.timeout ?? agent.toolTimeout,
    emit: (data) => emit({ type: "tool.progress", id, name, data }),
  });
  const duration = clock.now() - began;
  return {
    ...completed(part, resultOf(part, invocation), duration, options),
    ...consequence(call, invocation),
  };
}

function resultOf(part: ToolCallPart, invocation: Invocation): ToolResultPart {
  switch (invocation.ended) {
    case "output":
      return outputResult(part, invocation.output);
    case "cancelled":
      return cancelledResult(part);
    case "failed":
    case "timeout":
      return errorResult(part, invocation.problem);
  }
}

function consequence(call: ReadyCall, invocation: Invocation): Pick<CallOutcome, "ending" | "failure"> {
  const { tool } = call;
  if (invocation.ended === "output") return tool.ends ? { ending: { output: invocation.output } } : {};
  if (invocation.ended === "cancelled" || tool.onError !== "stop") return {};
  return { failure: { kind: "tool", tool: tool.name, message: invocation.problem, retryable: false } };
}

function completed(
  part: ToolCallPart,
  result: ToolResultPart,
  duration: number,
  options: BatchOptions,
): CallOutcome {
  options.emit({ type: "tool.completed", id: part.id, name: part.name, result, duration });
  return { result };
}

/** The approver with its questions in a queue, as events, and given up when the run is cancelled. */
function asking({ approver, signal, emit }: BatchOptions, oneAtATime: Queue): Approver {
  const { ask } = approver;
  if (ask === undefined) return approver;
  return {
    ...approver,
    ask: (pending) =>
      oneAtATime(async () => {
        if (signal.aborted) return false;
        emit({ type: "tool.approval", ...pending, status: "asked" });
        const approval = await answerOf(() => ask(pending), signal);
        const status = approval === true ? "approved" : "denied";
        const reason = typeof approval === "object" ? { reason: approval.deny } : {};
        emit({ type: "tool.approval", ...pending, status, ...reason });
        return approval;
      }),
  };
}

/** What somebody answered; no, when nobody could be asked or the run is cancelled before the answer. */
function answerOf(ask: () => Approval | Promise<Approval>, signal: AbortSignal): Promise<Approval> {
  return new Promise((resolve) => {
    const settle = (approval: Approval): void => {
      signal.removeEventListener("abort", onAbort);
      resolve(approval);
    };
    const onAbort = (): void => settle(false);
    signal.addEventListener("abort", onAbort, { once: true });
    const nobody = (): void => settle({ deny: "Nobody could be asked." });
    (async () => ask())().then(settle, nobody);
  });
}

type Queue = <TValue>(task: () => Promise<TValue>) => Promise<TValue>;

function queue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task);
    last = next.catch(() => {});
    return next;
  };
}

/** A call without a result as it is shown to whoever decides. */
export function pendingCallOf(part: ToolCallPart): PendingCall {
  const read = argumentsOf(part);
  return { id: part.id, name: part.name, input: "input" in read ? read.input : null };
}
