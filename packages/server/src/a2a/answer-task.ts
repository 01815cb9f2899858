import { answerReadings } from "@orch/chat-runtime";
import { isOrchError } from "@orch/core";
import { answeredAt } from "../reply/answered-at.ts";
import { isObject } from "../reply/json-object.ts";
import type { DoorCall } from "../words/door.ts";
import type { PublicQuestion, PublicRunPicture } from "../words/public-run.ts";
import { type A2aOutcome, a2aFault, unfitParams } from "./a2a-fault.ts";
import type { MessageValue, TaskMessage } from "./task-message.ts";
import { isEnded, taskState } from "./task-object.ts";

/** What became of an answer. */
export type AnsweredTask =
  /** The run goes on; what it tells comes after this number. */
  | { readonly type: "goes on"; readonly from: number }
  /** The answer does not fit: the question is asked again. */
  | { readonly type: "refused"; readonly reason: string };

/**
 * Takes a message as the answer to what a run asks. A message that names its question answers that one; data with the ids of
 * open questions as keys answers all of them; any other message answers the oldest.
 */
export async function answerTask(
  call: DoorCall,
  picture: PublicRunPicture,
  { value, question }: TaskMessage,
): Promise<AnsweredTask | Extract<A2aOutcome, { fault: unknown }>> {
  const state = taskState(picture);
  if (isEnded(state))
    return a2aFault("UNSUPPORTED_OPERATION", "The task has ended. Send a message without its taskId.");
  if (state !== "TASK_STATE_INPUT_REQUIRED")
    return a2aFault("UNSUPPORTED_OPERATION", "The task asks nothing now. Wait until its input is required.");
  const open = picture.questions.toSorted((one, other) => one.askedAt - other.askedAt);
  const named = open.filter((asked) => question === undefined || asked.question === question);
  const [oldest] = named;
  if (oldest === undefined) return unfitParams(`The task does not ask "${question}" now.`);
  const given = question === undefined ? answersIn(value, open) : undefined;
  const answers = given ?? [[oldest.question, readingsOf(value)] as const];
  try {
    for (const [id, readings] of answers) await give(call, picture.run, id, readings);
  } catch (error) {
    if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
    return { type: "refused", reason: error.message };
  }
  const place = { kind: "run", run: picture.run, from: 0, again: 0 } as const;
  const from = await answeredAt(
    call,
    place,
    answers.map(([id]) => id),
  );
  return { type: "goes on", from };
}

type Answers = readonly (readonly [question: string, readings: Iterable<unknown>])[];

/** Answers by the ids of open questions. */
function answersIn(value: MessageValue, open: readonly PublicQuestion[]): Answers | undefined {
  if (value.type === "text" || !isObject(value.value)) return undefined;
  const entries = Object.entries(value.value);
  const isAnswers = entries.every(([id]) => open.some(({ question }) => question === id));
  return isAnswers && entries.length > 0 ? entries.map(([id, value]) => [id, [value]]) : undefined;
}

function readingsOf(value: MessageValue): Iterable<unknown> {
  return value.type === "data" ? [value.value] : answerReadings(value.text);
}

/** Gives the first reading that fits. A question that somebody else has answered meanwhile stays answered. */
async function give(call: DoorCall, run: string, id: string, readings: Iterable<unknown>): Promise<void> {
  let refusal: unknown;
  for (const reading of readings) {
    try {
      return await call.runs.answer(run, id, reading);
    } catch (error) {
      if (isOrchError(error, "ORCH_ALREADY_ANSWERED") || isOrchError(error, "ORCH_QUESTION_CLOSED")) return;
      if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
