import { textOf } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";
import type { EventError } from "@orch/core";
import { type ForeignErrors, publicError } from "../view/public-error.ts";
import type { PublicTurn } from "../words/public-conversation.ts";
import type { PublicError } from "../words/public-event.ts";

/** A turn as it may leave the process: the texts of the message and of the answer. */
export function publicTurn(record: TurnRecord, answering: boolean, foreign: ForeignErrors): PublicTurn {
  const { id, status, messages, startedAt, endedAt } = record;
  const answer = answerIn(record);
  const files = (messages[0]?.content ?? []).flatMap((part) =>
    part.type === "file"
      ? [{ mediaType: part.mediaType, ...(part.name !== undefined && { name: part.name }) }]
      : [],
  );
  return {
    turn: id,
    status: answering ? "answering" : status,
    message: messages[0] === undefined ? "" : textOf(messages[0]),
    ...(files.length > 0 && { files }),
    ...(answer !== undefined && { answer }),
    ...(status === "failed" && { error: turnFailure(record, foreign) }),
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
  };
}

/** Why a turn failed, as its last event says it. */
export function turnFailure(record: TurnRecord, foreign: ForeignErrors): PublicError {
  return publicError(keptFailure(record), "The turn", foreign);
}

/** What is kept of a failure, as an error. */
export function keptFailure({ error = "the turn failed", errorCode }: TurnRecord): EventError {
  return { name: "Error", message: error, code: errorCode ?? "ORCH_TURN_FAILED" };
}

/** The text of the answer; `undefined` where there is none. */
export function answerIn({ messages }: TurnRecord): string | undefined {
  const answer = messages.findLast(({ role }) => role === "assistant");
  return answer && textOf(answer);
}
