import { ServerRequestError } from "../errors/server-request-error.ts";
import { answerReply } from "../reply/answer-reply.ts";
import type { ReplyPlace } from "../reply/reply-place.ts";
import { typedInput } from "../reply/typed-input.ts";
import type { DoorCall } from "../words/door.ts";
import type { RequestMessage } from "./message-text.ts";
import type { ServedModel } from "./model-list.ts";
import { withoutMark } from "./question-mark.ts";

/** What is answered, and after what. */
export interface AskedReply {
  readonly model: ServedModel;
  readonly messages: readonly RequestMessage[];
  /** The reply that the last message follows. */
  readonly previous?: ReplyPlace;
  /** The session of a chat that goes on. */
  readonly session?: string;
}

/** A reply that began. */
export interface BegunReply {
  readonly place: ReplyPlace;
  /** Why the message was not taken as an answer: the question is asked again. */
  readonly refused?: string;
}

/** Answers what the reply before asks, or starts a run, or sends a message of a conversation. */
export async function beginReply(call: DoorCall, asked: AskedReply): Promise<BegunReply> {
  const { previous, messages, model } = asked;
  const last = messages.at(-1);
  if (last === undefined || last.role !== "user") {
    throw new ServerRequestError({ problem: "the last message has to be one of the user" });
  }
  if (previous !== undefined) {
    const answered = await answerReply(call, previous, last);
    if (answered.type === "goes on") return { place: answered.place };
    if (answered.type === "refused") return { place: answered.place, refused: answered.reason };
  }
  if (model.kind === "chat") return { place: await sent(call, asked) };
  const key = call.request.headers.get("idempotency-key");
  const input = typedInput(model.input, messages);
  const run = await call.runs.start(model.id, input, key === null ? {} : { id: key });
  return { place: { kind: "run", run, from: 0, again: 0 } };
}

/** A conversation that the server keeps goes on with the last message. Any other one is told whole, as the client knows it. */
async function sent(call: DoorCall, { model, messages, previous, session }: AskedReply): Promise<ReplyPlace> {
  const kept = previous?.kind === "turn" && previous.chat === model.id ? previous.session : session;
  const isWhole = kept === undefined;
  const text = isWhole ? transcript(messages) : (messages.at(-1)?.text ?? "");
  const files = (isWhole ? messages : messages.slice(-1)).flatMap((message) => message.files);
  const options = kept === undefined ? {} : { session: kept };
  const where = await call.conversations.send(model.id, { text, files }, options);
  return { kind: "turn", chat: model.id, ...where, from: 0, again: 0 };
}

/** The last message, after what was said before. */
function transcript(messages: readonly RequestMessage[]): string {
  const last = messages.at(-1)?.text ?? "";
  const before = messages.slice(0, -1).map(({ role, text }) => `${role}: ${withoutMark(text)}`);
  return before.length === 0 ? last : `The conversation until now:\n\n${before.join("\n\n")}\n\n${last}`;
}
