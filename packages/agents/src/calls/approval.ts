/**
 * The second moment of a tool call: a person or a rule decides.
 *
 * The guard between a model's wish and a tool's body. A tool runs only from an `ApprovedCall`, and
 * only this file can make one: for a call that needs no approval, or that a person approved as it
 * stands, tool and arguments, or with arguments of their own that fit the tool. An approved call runs once.
 *
 * No answer is no agreement: an asker that throws is a denial, and a condition that
 * throws counts as "ask".
 */
import type { Json } from "@orch/core";
import type { Tool, ToolOutput } from "../agent/tool.ts";
import { ApprovalSpentError } from "../errors/approval-spent-error.ts";
import { DecisionError } from "../errors/decision-error.ts";
import type { AgentEvent } from "../words/events.ts";
import type { ToolCallPart } from "../words/message.ts";
import type { PendingCall } from "../words/result.ts";
import type { CallScope } from "./call-scope.ts";
import { isSame, pendingOf, type ReadyCall, readArguments } from "./read-call.ts";

/**
 * Yes, no, no with a reason that the model is told, or yes with other arguments. Those are checked by the tool's schema, and
 * the model is told of them.
 */
export type Approval = boolean | { readonly deny: string } | { readonly input: Json };

/** The decision on a call that waited; `call` is the entry of `result.pending`, as it was. */
export interface Decision {
  readonly call: PendingCall;
  readonly approval: Approval;
}

/** The result of a deferred call: its output, or an error text for the model. */
export type CallResult =
  | { readonly call: PendingCall; readonly output: ToolOutput }
  | { readonly call: PendingCall; readonly error: string };

type CallName = Pick<ToolCallPart, "id" | "name">;

/** A call that may run, once; it is the verdict that says so. */
class ApprovedCall {
  readonly status = "approved";
  /** As it was approved: a person may have put in other arguments. */
  readonly ready: ReadyCall;
  #isSpent = false;
  private constructor(ready: ReadyCall) {
    this.ready = ready;
  }

  static of(call: ReadyCall): ApprovedCall {
    return new ApprovedCall(call);
  }

  static take(approved: ApprovedCall, { name, id }: CallName): ReadyCall {
    if (approved.#isSpent) throw new ApprovalSpentError({ tool: name, callId: id });
    approved.#isSpent = true;
    return approved.ready;
  }
}

export type { ApprovedCall };

/** Takes the call out of its approval; the approval is spent then. */
export function spendApproval(approved: ApprovedCall, call: CallName): ReadyCall {
  return ApprovedCall.take(approved, call);
}

/** The verdict on a call that wants to run. */
export type Verdict =
  | ApprovedCall
  | { readonly status: "denied"; readonly reason: string }
  | { readonly status: "pending" };

/** Who says yes or no. */
export interface Approver {
  /** Decisions on calls that waited, by id; checked before the run begins. */
  readonly decisions?: ReadonlyMap<string, Decision>;
  /** Calls that began before and go on: they were agreed to then. */
  readonly begun?: ReadonlySet<string>;
  /** Asks for a decision now. */
  readonly ask?: (call: PendingCall, place: string, tool: Tool) => Approval | Promise<Approval>;
}

/** Decides on a call: by a given decision, the tool's `approve`, or asking; else it waits. Async only if it asks. */
export function decide(call: ReadyCall, approver: Approver, place = ""): Verdict | Promise<Verdict> {
  const decided = approver.decisions?.get(call.id);
  if (decided !== undefined) {
    if (!isSame(decided.call, pendingOf(call)))
      throw new DecisionError({ reason: "changed", callId: call.id });
    return verdictOf(decided.approval, call);
  }
  if (approver.begun?.has(call.id) || !needsApproval(call)) return approved(call);
  const { ask } = approver;
  return ask === undefined ? { status: "pending" } : verdictOfAsking(ask, call, place);
}

async function verdictOfAsking(
  ask: NonNullable<Approver["ask"]>,
  call: ReadyCall,
  place: string,
): Promise<Verdict> {
  try {
    return await verdictOf(await ask(pendingOf(call), place, call.tool), call);
  } catch {
    return { status: "denied", reason: "Nobody could be asked." };
  }
}

function needsApproval(call: ReadyCall): boolean {
  const { approve = false } = call.tool;
  if (typeof approve === "boolean") return approve;
  try {
    return approve(call.input as never);
  } catch {
    return true;
  }
}

function verdictOf(approval: Approval, call: ReadyCall): Verdict | Promise<Verdict> {
  if (approval === true) return approved(call);
  if (approval === false) return { status: "denied", reason: "No reason was given." };
  return "deny" in approval ? { status: "denied", reason: approval.deny } : withInput(call, approval.input);
}

function approved(call: ReadyCall): Verdict {
  return ApprovedCall.of(call);
}

/** The call with the arguments of who decided; one that does not fit its tool does not run. */
async function withInput(call: ReadyCall, json: Json): Promise<Verdict> {
  const read = await readArguments(call.tool, json);
  if ("problem" in read) return { status: "denied", reason: read.problem };
  return approved({ ...call, json, input: read.input, edited: true });
}

/**
 * The approver with its questions in the queue of the run: one at a time, seen by the readers of the run, and given up when
 * it is cancelled.
 */
export function askInTurn({
  approver,
  questions,
  signal,
  emit,
}: Pick<CallScope, "approver" | "questions" | "signal" | "emit">): Approver {
  const { ask } = approver;
  if (ask === undefined) return approver;
  return {
    ...approver,
    ask: (pending, place, tool) =>
      questions(async () => {
        if (signal.aborted) return false;
        const { id, name, input } = pending;
        emit({ type: "tool.approval", id, name, input, status: "asked" });
        const approval = await answerOf(() => ask(pending, place, tool), signal);
        emit({ type: "tool.approval", id, name, input, ...told(approval) });
        return approval;
      }),
  };
}

function told(
  approval: Approval,
): Pick<Extract<AgentEvent, { type: "tool.approval" }>, "status" | "reason"> & { readonly input?: Json } {
  if (typeof approval === "boolean") return { status: approval ? "approved" : "denied" };
  return "deny" in approval
    ? { status: "denied", reason: approval.deny }
    : { status: "approved", input: approval.input };
}

/** The answer; "no" when the question could not be asked, or when the run is cancelled before the answer. */
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
