/**
 * The guard between a model's wish and a tool's body. A tool runs only from an `ApprovedCall`, and
 * only this file can make one: for a call that needs no approval, or that somebody approved as it
 * stands, tool and arguments. An approved call runs once.
 *
 * Whoever cannot be asked has not agreed: an asker that throws is a denial, and a condition that
 * throws counts as "ask".
 */
import type { Json } from "@orch/core";
import type { Tool, ToolOutput } from "../agent/tool.ts";
import { ApprovalSpentError } from "../errors/approval-spent-error.ts";
import { DecisionError } from "../errors/decision-error.ts";
import { canonical } from "../platform/canonical.ts";
import type { PendingCall } from "../words/result.ts";

/** Yes, no, or no with a reason that the model is told. */
export type Approval = boolean | { readonly deny: string };

/** What somebody decided on a call that waited; `call` is the entry of `result.pending`, as it was. */
export interface Decision {
  readonly call: PendingCall;
  readonly approval: Approval;
}

/** What became of a deferred call outside: its output, or what went wrong, for the model. */
export type CallResult =
  | { readonly call: PendingCall; readonly output: ToolOutput }
  | { readonly call: PendingCall; readonly error: string };

/** A call of a known tool whose arguments fit. */
export interface ReadyCall {
  readonly id: string;
  readonly name: string;
  readonly tool: Tool;
  /** The arguments as the model wrote them. */
  readonly json: Json;
  /** The arguments as the tool's schema gave them. */
  readonly input: unknown;
}

/** A call that may run, once. */
class ApprovedCall {
  #call: ReadyCall | undefined;
  private constructor(call: ReadyCall) {
    this.#call = call;
  }

  static of(call: ReadyCall): ApprovedCall {
    return new ApprovedCall(call);
  }

  static take(approved: ApprovedCall, facts: { readonly tool: string; readonly callId: string }): ReadyCall {
    const call = approved.#call;
    if (call === undefined) throw new ApprovalSpentError(facts);
    approved.#call = undefined;
    return call;
  }
}

export type { ApprovedCall };

/** Takes the call out of its approval; the approval is spent then. */
export function spendApproval(
  approved: ApprovedCall,
  facts: { readonly tool: string; readonly callId: string },
): ReadyCall {
  return ApprovedCall.take(approved, facts);
}

/** What became of a call that wants to run. */
export type Verdict =
  | { readonly status: "approved"; readonly call: ApprovedCall }
  | { readonly status: "denied"; readonly reason: string }
  | { readonly status: "pending" };

/** Who says yes or no. */
export interface Approver {
  /** Decisions on calls that waited, by id; checked before the run begins. */
  readonly decisions?: ReadonlyMap<string, Decision>;
  /** Calls that began before and go on: they were agreed to then. */
  readonly begun?: ReadonlySet<string>;
  /** Asks somebody now. */
  readonly ask?: (call: PendingCall, place: string) => Approval | Promise<Approval>;
}

/** Decides on a call: by what was decided, by its tool's own word, by asking; else it waits. A promise only where somebody is asked. */
export function decide(call: ReadyCall, approver: Approver, place = ""): Verdict | Promise<Verdict> {
  const pending = pendingOf(call);
  const decided = approver.decisions?.get(call.id);
  if (decided !== undefined) {
    if (!isSame(decided.call, pending)) throw new DecisionError({ reason: "changed", callId: call.id });
    return verdictOf(decided.approval, call);
  }
  if (approver.begun?.has(call.id) || !needsApproval(call))
    return { status: "approved", call: ApprovedCall.of(call) };
  const { ask } = approver;
  return ask === undefined ? { status: "pending" } : verdictOfAsking(() => ask(pending, place), call);
}

async function verdictOfAsking(ask: () => Approval | Promise<Approval>, call: ReadyCall): Promise<Verdict> {
  try {
    return verdictOf(await ask(), call);
  } catch {
    return { status: "denied", reason: "Nobody could be asked." };
  }
}

/** The call as it is shown to whoever decides. */
export function pendingOf(call: ReadyCall): PendingCall {
  return { id: call.id, name: call.name, input: call.json };
}

/** Whether two calls are one: the same id, tool and arguments, whatever the order of their keys. */
export function isSame(a: PendingCall, b: PendingCall): boolean {
  return a.id === b.id && a.name === b.name && canonical(a.input) === canonical(b.input);
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

function verdictOf(approval: Approval, call: ReadyCall): Verdict {
  if (approval === true) return { status: "approved", call: ApprovedCall.of(call) };
  return { status: "denied", reason: approval === false ? "No reason was given." : approval.deny };
}
