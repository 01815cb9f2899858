import { answerReadings } from "@orch/chat-runtime";
import { isOrchError, parseJson } from "@orch/core";
import { ServerFileError } from "../errors/server-file-error.ts";
import { ServerRequestError } from "../errors/server-request-error.ts";
import type { DoorCall } from "../words/door.ts";
import type { MessageWithFiles } from "../words/public-file.ts";
import { answeredAt } from "./answered-at.ts";
import { followReply } from "./follow-reply.ts";
import { isObject, type JsonObject } from "./json-object.ts";
import { readReply } from "./read-reply.ts";
import type { OpenPublicQuestion, ReplyEnd } from "./reply-piece.ts";
import type { ReplyPlace } from "./reply-place.ts";
import { replySoFar } from "./reply-so-far.ts";

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
 * Takes a message as the answer to what the reply at a place asked: only what that reply showed is answered, and not what the
 * run asks by now. One question is answered by the text. Where several are open, an object with their ids as keys answers them;
 * any other text answers the oldest.
 *
 * @throws ServerRequestError (`ORCH_SERVER_REQUEST`) while the reply goes on.
 */
export async function answerReply(
  call: DoorCall,
  place: ReplyPlace,
  { text, files }: MessageWithFiles,
): Promise<AnsweredReply> {
  const { isOpen, isAsking, open, give } = await standing(call, place);
  if (!isOpen) return { type: "over" };
  const end = isAsking ? await endOf(call, place) : await endSoFar(call, place);
  if (end === undefined)
    throw new ServerRequestError({ problem: "the reply before goes on: wait for its end, or stop it" });
  if (end.status !== "asked") return { type: "over" };
  if (files.length > 0) throw new ServerFileError({ problem: "an answer to a question is a text" });
  const now = await open();
  const questions = end.questions.filter(({ question }) => now.includes(question));
  let answered = end.questions.map(({ question }) => question);
  try {
    // Without an open question somebody else has answered meanwhile.
    if (questions.length > 0) answered = await giveText(give, questions, text);
  } catch (error) {
    if (isOrchError(error, "ORCH_INVALID_ANSWER")) {
      return { type: "refused", place: { ...place, again: place.again + 1 }, reason: error.message };
    }
    if (!isOrchError(error, "ORCH_ALREADY_ANSWERED") && !isOrchError(error, "ORCH_QUESTION_CLOSED"))
      throw error;
  }
  return { type: "goes on", place: { ...place, from: await answeredAt(call, place, answered), again: 0 } };
}

interface Standing {
  readonly isOpen: boolean;
  /** It waits for a person, so its end is there to read. */
  readonly isAsking: boolean;
  /** The ids of the questions that are open now. */
  readonly open: () => Promise<readonly string[]>;
  readonly give: Give;
}

async function standing(call: DoorCall, place: ReplyPlace): Promise<Standing> {
  const idsOf = (questions: readonly { readonly question: string }[]): string[] =>
    questions.map(({ question }) => question);
  if (place.kind === "run") {
    const { status, questions } = await call.runs.describe(place.run);
    const isOpen = status !== "completed" && status !== "failed" && status !== "cancelled";
    const give: Give = (id, value) => call.runs.answer(place.run, id, value);
    const isAsking = status === "waiting" && questions.length > 0;
    return { isOpen, isAsking, open: async () => idsOf(questions), give };
  }
  const { chat, session, turn } = place;
  const { answering, history } = await call.conversations.history(chat, session);
  // What its process left in the middle goes on when it is read, and asks again what it asked.
  const isLeft = history.some((one) => one.turn === turn && one.status === "unfinished");
  const give: Give = (id, value) => call.conversations.answer(chat, session, id, value);
  const open = async (): Promise<readonly string[]> =>
    idsOf((await call.conversations.history(chat, session)).questions);
  return { isOpen: isLeft || answering === turn, isAsking: false, open, give };
}

async function endSoFar(call: DoorCall, place: ReplyPlace): Promise<ReplyEnd | undefined> {
  const told = await replySoFar(call, place);
  return told.find((piece) => piece.type === "end");
}

/** How the reply at a place ends. */
async function endOf(call: DoorCall, place: ReplyPlace): Promise<ReplyEnd | undefined> {
  const reading = new AbortController();
  const events = await followReply(call, place, AbortSignal.any([reading.signal, call.signal]));
  try {
    for await (const piece of readReply(events, place.from)) if (piece.type === "end") return piece;
  } finally {
    reading.abort();
  }
  return undefined;
}

/** Gives the answers that a text holds, and tells which questions it answered. */
async function giveText(
  give: Give,
  questions: readonly OpenPublicQuestion[],
  text: string,
): Promise<string[]> {
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
