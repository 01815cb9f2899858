/** How a turn ends: decided once, from which its record, its last event and its reply are made. */
import type { Message } from "@orch/agents";
import { type EventError, isOrchError } from "@orch/core";
import { errorData, messageOf } from "@orch/core/doors";
import type { TurnReply } from "../configurations/runtime-configuration.ts";
import { TurnCancelledError } from "../errors/turn-cancelled-error.ts";
import { TurnFailedError } from "../errors/turn-failed-error.ts";
import { TurnReplyError } from "../errors/turn-reply-error.ts";
import { TurnSuspendedError } from "../errors/turn-suspended-error.ts";
import type { TurnRecord } from "../session/session-store.ts";
import type { Answer } from "./answer-within.ts";
import { closedMessages } from "./closed-messages.ts";
import type { LiveTurn } from "./live-turn.ts";
import type { SpentTotals } from "./spent.ts";

/** The end of a turn. */
export type TurnEnding =
  | { readonly status: "completed"; readonly reply: TurnReply }
  | { readonly status: "failed"; readonly error: unknown }
  | { readonly status: "cancelled"; readonly reason: string; readonly reply?: TurnReply }
  | { readonly status: "suspended" };

const UNFINISHED_CALL = "The turn ended before this tool did.";

/** Decides how a turn ends. Once it was cancelled it is cancelled, also when an answer still came. */
export function endingOf(live: LiveTurn, answer: Answer): TurnEnding {
  const problem = answer.type === "reply" ? replyProblem(answer.reply) : undefined;
  const reply = answer.type === "reply" && problem === undefined ? answer.reply : undefined;
  if (live.cancelReason !== undefined) {
    return { status: "cancelled", reason: live.cancelReason, ...(reply ? { reply } : {}) };
  }
  if (reply) return { status: "completed", reply };
  if (live.isSuspended) return { status: "suspended" };
  // Somebody else cancelled the run, from another process perhaps.
  if (answer.type === "error" && isOrchError(answer.error, "ORCH_CANCELLED"))
    return { status: "cancelled", reason: answer.error.facts.reason };
  if (answer.type === "error") return { status: "failed", error: answer.error };
  const facts = { configuration: live.configuration.name, problem: problem ?? "it was abandoned" };
  return { status: "failed", error: new TurnReplyError(facts) };
}

function replyProblem(reply: TurnReply | undefined): string | undefined {
  if (reply?.message?.role !== "assistant") return "it has no assistant message";
  if (reply.messages && reply.messages.at(-1)?.role !== "assistant") {
    return "`messages` does not end with an assistant message";
  }
  return undefined;
}

/** The record of a turn: the user's message, then the answer, with a result for every tool call. */
export function recordOf(live: LiveTurn, ending: TurnEnding, endedAt: number): TurnRecord {
  if (ending.status === "suspended") return { ...leftRecordOf(live), ...endedSpending(live) };
  return {
    id: live.id,
    ...chosen(live),
    status: ending.status,
    messages: [live.message, ...answersOf(live, ending)],
    startedAt: live.startedAt,
    endedAt,
    ...spentOf(live, ending),
    ...(ending.status === "failed" ? failureOf(ending.error) : {}),
  };
}

/** The record of a turn that has not ended: what there is of it now. */
export function unfinishedRecordOf(live: LiveTurn): TurnRecord {
  return { ...leftRecordOf(live), ...live.spent.unsure };
}

function leftRecordOf(live: LiveTurn): TurnRecord {
  return {
    id: live.id,
    ...chosen(live),
    status: "unfinished",
    messages: [live.message, ...closedMessages(live.halfAnswer(), UNFINISHED_CALL)],
    startedAt: live.startedAt,
  };
}

function chosen({ configuration: { name, labels } }: LiveTurn): Pick<TurnRecord, "configuration" | "labels"> {
  return { configuration: name, ...(labels && { labels }) };
}

function answersOf(live: LiveTurn, ending: TurnEnding): readonly Message[] {
  const reply = replyOf(ending);
  if (reply === undefined) return closedMessages(live.halfAnswer(), UNFINISHED_CALL);
  return closedMessages(reply.messages ?? [reply.message], UNFINISHED_CALL);
}

function spentOf(live: LiveTurn, ending: TurnEnding): SpentTotals {
  const told = replyOf(ending);
  const counted = ending.status === "completed" ? live.spent.ended : endedSpending(live);
  const usage = told?.usage ?? counted.usage;
  const cost = told?.cost ?? counted.cost;
  if (cost !== undefined) return { ...(usage ? { usage } : {}), cost };
  return { ...counted, ...(usage ? { usage } : {}) };
}

/** Of a turn without a reply: where no call was begun, nothing was to be paid. What code does by itself nobody sees. */
function endedSpending({ spent, configuration }: LiveTurn): SpentTotals {
  const { ended } = spent;
  return ended.usage === undefined && !("invoke" in configuration) ? { cost: 0 } : ended;
}

function replyOf(ending: TurnEnding): TurnReply | undefined {
  return "reply" in ending ? ending.reply : undefined;
}

/** Sends the one end event of a turn and settles its reply. */
export function tellEnding(live: LiveTurn, ending: TurnEnding, endedAt: number): void {
  const told = { ...spentOf(live, ending), duration: Math.max(0, endedAt - live.startedAt) };
  switch (ending.status) {
    case "completed": {
      const { message, value } = ending.reply;
      const given = value === undefined ? {} : { value };
      const reply = { ...ending.reply, ...spentOf(live, ending) };
      live.end({ type: "turn.completed", message, ...given, ...told }, { value: reply });
      break;
    }
    case "failed": {
      const error = ourError(live, ending.error);
      live.end({ type: "turn.failed", error: errorData(error), ...told }, { error });
      break;
    }
    case "cancelled": {
      const { reason } = ending;
      const error = new TurnCancelledError({ turnId: live.id, reason });
      live.end({ type: "turn.cancelled", reason, ...told }, { error });
      break;
    }
    case "suspended":
      live.end({ type: "turn.suspended", ...told }, { error: new TurnSuspendedError({ turnId: live.id }) });
      break;
  }
}

/** What a state threw says more to who reads the conversation than that the state failed. */
function failureOf(thrown: unknown): Pick<TurnRecord, "error" | "errorCode"> {
  let at = thrown;
  while (isOrchError(at, "ORCH_RUNNABLE_FAILED") && at.cause !== undefined) at = at.cause;
  // What the provider said, without the sentence about the agent around it.
  const said = isOrchError(at, "ORCH_AGENT_STOPPED") ? at.facts.failure?.message : undefined;
  const own = isOrchError(at) && at.code !== "ORCH_RUNNABLE_FAILED" ? { errorCode: at.code } : {};
  return { error: said ?? messageOf(at), ...own };
}

function ourError(live: LiveTurn, thrown: unknown): Error & Pick<EventError, "code"> {
  if (isOrchError(thrown)) return thrown;
  return new TurnFailedError({ turnId: live.id, configuration: live.configuration.name }, thrown);
}
