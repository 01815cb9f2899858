import { answerReadings } from "@orch/chat-runtime";
import { isOrchError, parseJson } from "@orch/core";
import type { DoorCall } from "../words/door.ts";
import { answeredAt } from "./answered-at.ts";
import { followReply } from "./follow-reply.ts";
import { isObject, type JsonObject } from "./json-object.ts";
import { readReply } from "./read-reply.ts";
import type { OpenPublicQuestion } from "./reply-piece.ts";
import type { ReplyPlace } from "./reply-place.ts";

/** What became of a message that may be an answer. */
export type AnsweredReply =
  /** The run goes on; what it tells is at this place. */
  | { readonly type: "goes on"; readonly place: ReplyPlace }
  /** The message does not fit the question, which is asked again. */
  | { readonly type: "refused"; readonly place: ReplyPlace; readonly reason: string }
  /** The run or the turn has ended: the message is a new one. */
  | { readonly type: "over" };

type Give = (question: string, value: unknown) => Promise<void>;

/**
 * Takes a message as the answer to what the run at a place asks. One question is answered by the text. Where several are
 * open, an object with their ids as keys answers them; any other text answers the oldest.
 */
export async function answerReply(call: DoorCall, place: ReplyPlace, text: string): Promise<AnsweredReply> {
  const { open, questions, give } = await standing(call, place);
  if (!open) return { type: "over" };
  let answered: readonly string[] = [];
  try {
    answered = await giveText(give, questions, text);
  } catch (error) {
    if (isOrchError(error, "ORCH_INVALID_ANSWER")) {
      return { type: "refused", place: { ...place, again: place.again + 1 }, reason: error.message };
    }
    // Somebody else has answered it meanwhile.
    if (!isOrchError(error, "ORCH_ALREADY_ANSWERED") && !isOrchError(error, "ORCH_QUESTION_CLOSED"))
      throw error;
  }
  return { type: "goes on", place: { ...place, from: await answeredAt(call, place, answered), again: 0 } };
}

interface Standing {
  readonly open: boolean;
  readonly questions: readonly OpenPublicQuestion[];
  readonly give: Give;
}

async function standing(call: DoorCall, place: ReplyPlace): Promise<Standing> {
  if (place.kind === "run") {
    const { status, questions } = await call.runs.describe(place.run);
    const open = status !== "completed" && status !== "failed" && status !== "cancelled";
    return { open, questions, give: (id, value) => call.runs.answer(place.run, id, value) };
  }
  const { chat, session, turn } = place;
  const { answering, questions, history } = await call.conversations.history(chat, session);
  const give: Give = (id, value) => call.conversations.answer(chat, session, id, value);
  if (answering === turn) return { open: true, questions, give };
  const isLeft = history.some((one) => one.turn === turn && one.status === "unfinished");
  return isLeft
    ? { open: true, questions: await askedAgain(call, place), give }
    : { open: false, questions, give };
}

/** What a turn asks that its process left in the middle. It goes on when it is followed. */
async function askedAgain(call: DoorCall, place: ReplyPlace): Promise<readonly OpenPublicQuestion[]> {
  const reading = new AbortController();
  const events = await followReply(call, place, AbortSignal.any([reading.signal, call.signal]));
  try {
    for await (const piece of readReply(events, place.from)) if (piece.type === "end") return piece.questions;
  } finally {
    reading.abort();
  }
  return [];
}

/** Gives the answers that a text holds, and tells which questions it answered. */
async function giveText(
  give: Give,
  questions: readonly OpenPublicQuestion[],
  text: string,
): Promise<readonly string[]> {
  const several = answersById(text, questions);
  if (several !== undefined) {
    for (const [id, value] of Object.entries(several)) await give(id, value);
    return Object.keys(several);
  }
  const [oldest] = questions;
  if (oldest === undefined) return [];
  let refusal: unknown;
  for (const reading of answerReadings(text)) {
    try {
      await give(oldest.question, reading);
      return [oldest.question];
    } catch (error) {
      if (!isOrchError(error, "ORCH_INVALID_ANSWER")) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

function answersById(text: string, questions: readonly OpenPublicQuestion[]): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value = parseJson(text) as unknown;
    const ids = questions.map(({ question }) => question);
    const isAnswers = isObject(value) && Object.keys(value).length > 0;
    return isAnswers && Object.keys(value).every((id) => ids.includes(id)) ? value : undefined;
  } catch {
    return undefined;
  }
}
