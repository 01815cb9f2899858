/** A turn that ended, told again from what was kept of it. */

import type { UserMessage } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";
import type { PlacedEvent } from "../view/public-stream.ts";
import { assistantMessageOf } from "./kept-answer.ts";
import { TURN_END } from "./turn-log.ts";

/** Its start and its end. */
export async function* endedTurn(
  record: TurnRecord,
  sessionId: string,
): AsyncGenerator<PlacedEvent, void, undefined> {
  const { id: turnId, startedAt, endedAt = startedAt, configuration, messages, status } = record;
  const base = { turnId, sessionId };
  const message = messages[0] as UserMessage;
  yield {
    event: { ...base, type: "turn.started", time: startedAt, configuration, message },
    place: { number: 0, part: 0 },
  };
  const place = { number: TURN_END, part: 0 };
  const end = { ...base, time: endedAt, duration: endedAt - startedAt };
  const { usage, cost, error = "the turn failed" } = record;
  const spent = { ...(usage && { usage }), ...(cost !== undefined && { cost }) };
  if (status === "completed")
    yield { event: { ...end, ...spent, type: "turn.completed", message: assistantMessageOf(record) }, place };
  else if (status === "failed") {
    const failure = { name: "Error", message: error, code: "ORCH_TURN_FAILED" };
    yield { event: { ...end, ...spent, type: "turn.failed", error: failure }, place };
  } else {
    const reason = status === "dropped" ? "the turn was taken out" : "the turn was stopped";
    yield { event: { ...end, ...spent, type: "turn.cancelled", reason }, place };
  }
}
