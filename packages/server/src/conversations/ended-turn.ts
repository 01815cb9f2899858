/** A turn that ended, told again from what was kept of it and of its run. */

import type { UserMessage } from "@orch/agents";
import type { TurnRecord } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import type { ServedHost } from "../runs/driven-runs.ts";
import type { PlacedEvent } from "../view/public-stream.ts";
import { assistantMessageOf } from "./kept-answer.ts";
import { keptFailure } from "./public-turn.ts";
import { TURN_END } from "./turn-log.ts";

/** Its start, what happened in its run where that is still there, and its end. */
export async function* endedTurn(
  record: TurnRecord,
  sessionId: string,
  host: Pick<ServedHost, "get" | "run">,
): AsyncGenerator<PlacedEvent, void, undefined> {
  const { id: turnId, startedAt, endedAt = startedAt, configuration, messages, status } = record;
  const base = { turnId, sessionId };
  const message = messages[0] as UserMessage;
  yield {
    event: { ...base, type: "turn.started", time: startedAt, configuration, message },
    place: { number: 0, part: 0 },
  };
  yield* endedRun(turnId, host);
  const place = { number: TURN_END, part: 0 };
  const end = { ...base, time: endedAt, duration: endedAt - startedAt };
  const { usage, cost, knownCost } = record;
  const spent = {
    ...(usage && { usage }),
    ...(cost !== undefined && { cost }),
    ...(knownCost !== undefined && { knownCost }),
  };
  if (status === "completed")
    yield { event: { ...end, ...spent, type: "turn.completed", message: assistantMessageOf(record) }, place };
  else if (status === "failed") {
    const failure = keptFailure(record);
    yield { event: { ...end, ...spent, type: "turn.failed", error: failure }, place };
  } else {
    const reason = status === "dropped" ? "the turn was taken out" : "the turn was stopped";
    yield { event: { ...end, ...spent, type: "turn.cancelled", reason }, place };
  }
}

/** The kept events of the run of a turn; none where it is gone, goes on, or cannot be read as it was written. */
async function* endedRun(
  turnId: string,
  host: Pick<ServedHost, "get" | "run">,
): AsyncGenerator<PlacedEvent, void, undefined> {
  const stored = await host.get(turnId);
  if (stored === undefined || stored.status === "running" || stored.status === "waiting") return;
  try {
    for await (const event of host.run(turnId).events())
      yield { event, place: { number: event.seq, part: 0 } };
  } catch (error) {
    // The turn has its end all the same.
    if (!isOrchError(error)) throw error;
  }
}
