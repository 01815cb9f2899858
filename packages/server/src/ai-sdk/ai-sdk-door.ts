/**
 * The door for AI SDK UI: `useChat` and `DefaultChatTransport` reach a chat of the server as if it were made for them.
 *
 *     POST {path}/{chat}               a message, or the answers to questions; the answer is the message as a stream
 *     GET  {path}/{chat}/{id}/stream   the message that is being answered, from its beginning; 204 when there is none
 *     GET  {path}/{chat}/{id}          the messages of the conversation, for a page that begins
 *     POST {path}/{chat}/{id}/stop     stops the answer
 *
 * A client that goes away stops nothing.
 */
import { isOrchError } from "@orch/core";
import { ServerMethodError } from "../errors/server-method-error.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { problemOf } from "../web/problem-response.ts";
import type { Door, DoorCall } from "../words/door.ts";
import { type ChatRequest, chatRequest } from "./chat-request.ts";
import { messageStream } from "./message-stream.ts";
import { answerOf } from "./question-kind.ts";
import { uiHistory } from "./ui-history.ts";

/** Settings of the door. */
export interface AiSdkOptions {
  /** Where it is mounted. Default `/ai-sdk`. */
  readonly path?: string;
}

/** Answers of others that came first, or too late: the stream tells what counts. */
const SETTLED = [
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_TURN_QUESTION",
] as const;

/**
 * Makes the door for AI SDK UI.
 *
 * @example
 * ```ts
 * const server = createServer({ chats: { research }, doors: [aiSdk()] });
 * // In the page: useChat({ transport: new DefaultChatTransport({ api: "/ai-sdk/research" }) })
 * ```
 */
export function aiSdk({ path = "/ai-sdk" }: AiSdkOptions = {}): Door {
  return {
    name: "ai-sdk",
    path,
    handle,
    // The client shows the body of a failure to its user as it is.
    failed: (error) => {
      const { status, title, detail } = problemOf(error);
      const text = detail === undefined ? title : `${title} ${detail}`;
      return new Response(text, {
        status,
        headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
      });
    },
  };
}

async function handle(call: DoorCall): Promise<Response | undefined> {
  const [chat = "", session, act, ...more] = call.path.slice(1).split("/").map(decoded);
  if (chat === "" || more.length > 0) return undefined;
  if (session === undefined) return only(call, "POST", () => post(call, chat));
  if (act === undefined) return only(call, "GET", () => messages(call, chat, session));
  if (act === "stream") return only(call, "GET", () => resume(call, chat, session));
  if (act === "stop") return only(call, "POST", () => stop(call, chat, session));
  return undefined;
}

async function post(call: DoorCall, chat: string): Promise<Response> {
  const wanted = chatRequest(await jsonBody(call.request, call.limits.body));
  const { session } = wanted;
  if (wanted.type === "answers") {
    const { turn, known } = wanted;
    await answerAll(call, chat, wanted);
    return messageStream(call, { chat, session, turn, known });
  }
  const { turn } = await call.conversations.send(chat, wanted.text, { session });
  return messageStream(call, { chat, session, turn });
}

async function answerAll(
  { conversations }: DoorCall,
  chat: string,
  { session, answers, known }: Extract<ChatRequest, { readonly type: "answers" }>,
): Promise<void> {
  for (const { question, approval, value } of answers) {
    const kind = known.questions.find((part) => part.question === question)?.kind ?? "form";
    try {
      const answer = approval === undefined ? value : answerOf(kind, approval);
      await conversations.answer(chat, session, question, answer);
    } catch (error) {
      if (!SETTLED.some((code) => isOrchError(error, code))) throw error;
    }
  }
}

async function resume(call: DoorCall, chat: string, session: string): Promise<Response> {
  const turn = await openTurn(call, chat, session);
  return turn === undefined
    ? new Response(null, { status: 204 })
    : messageStream(call, { chat, session, turn });
}

/** The turn that is being answered, or was left in the middle. A chat that has not begun has none. */
async function openTurn(
  { conversations }: DoorCall,
  chat: string,
  session: string,
): Promise<string | undefined> {
  try {
    const { answering, history } = await conversations.history(chat, session);
    const last = history.at(-1);
    return answering ?? (last?.status === "unfinished" ? last.turn : undefined);
  } catch (error) {
    if (isOrchError(error, "ORCH_SERVER_UNKNOWN") && error.facts.what === "session") return undefined;
    throw error;
  }
}

async function messages({ conversations }: DoorCall, chat: string, session: string): Promise<Response> {
  return jsonResponse({ messages: uiHistory(await conversations.history(chat, session)) });
}

async function stop({ conversations }: DoorCall, chat: string, session: string): Promise<Response> {
  await conversations.cancel(chat, session, "The user stopped it.");
  return new Response(null, { status: 204 });
}

async function only(
  { request }: DoorCall,
  method: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  if (request.method !== method) throw new ServerMethodError({ method: request.method, allowed: [method] });
  return answer();
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
