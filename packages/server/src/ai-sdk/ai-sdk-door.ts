/**
 * The door for AI SDK UI: `useChat` and `DefaultChatTransport` reach a chat of the server as if it were made for them, or an
 * orchestration, which answers one message with one run.
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
import { ServerRequestError } from "../errors/server-request-error.ts";
import {
  kindOf,
  type Narration,
  openNarration,
  runNarration,
  runOf,
  turnNarration,
} from "../reply/narration.ts";
import { answerOf } from "../reply/question-kind.ts";
import { typedInput } from "../reply/typed-input.ts";
import { decoded } from "../web/decoded.ts";
import { jsonBody } from "../web/json-body.ts";
import { jsonResponse } from "../web/json-response.ts";
import { problemOf } from "../web/problem-response.ts";
import type { Door, DoorCall } from "../words/door.ts";
import { type ChatRequest, chatRequest } from "./chat-request.ts";
import { messageStream } from "./message-stream.ts";
import { uiHistory } from "./ui-history.ts";

/** Settings of the door. */
export interface AiSdkOptions {
  /** Where it is mounted. Default `/ai-sdk`. */
  readonly path?: string;
}

/** Answers of others that came first, or too late: the stream tells what counts. */
const SETTLED: readonly string[] = [
  "ORCH_ALREADY_ANSWERED",
  "ORCH_QUESTION_CLOSED",
  "ORCH_UNKNOWN_QUESTION",
  "ORCH_TURN_QUESTION",
];

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

type SentMessage = Extract<ChatRequest, { readonly type: "message" }>;

async function handle(call: DoorCall): Promise<Response | undefined> {
  const [chat = "", session, act, ...more] = call.path.slice(1).split("/").map(decoded);
  if (chat === "" || more.length > 0) return undefined;
  if (session === undefined) return only(call, "POST", () => post(call, chat));
  if (act === undefined) return only(call, "GET", () => messages(call, chat, session));
  if (act === "stream") return only(call, "GET", () => resume(call, chat, session));
  if (act === "stop") return only(call, "POST", () => stop(call, chat, session));
  return undefined;
}

async function post(call: DoorCall, name: string): Promise<Response> {
  const wanted = chatRequest(await jsonBody(call.request, call.limits.body));
  const kind = kindOf(call, name);
  if (wanted.type === "message") {
    const narration = kind === "chat" ? await sent(call, name, wanted) : await started(call, name, wanted);
    return messageStream(call, narration);
  }
  const { session, turn, known } = wanted;
  const narration =
    kind === "chat" ? turnNarration(call, name, session, turn) : await runOf(call, name, session);
  await answerAll(narration, wanted);
  return messageStream(call, narration, known);
}

async function sent(call: DoorCall, chat: string, { session, text, files }: SentMessage): Promise<Narration> {
  const { turn } = await call.conversations.send(chat, { text, files }, { session });
  return turnNarration(call, chat, session, turn);
}

/** Starts a run, whose id is that of the chat: the same message sent again finds it. */
async function started(call: DoorCall, name: string, message: SentMessage): Promise<Narration> {
  const { session, text, files, count, input } = message;
  if (count > 1) {
    const problem = `"${name}" is an orchestration, which answers one message; begin another chat, or let the server offer it as a chat`;
    throw new ServerRequestError({ problem });
  }
  const { input: schema } = call.runs.orchestrations.find((offered) => offered.name === name)!;
  const typed = input ?? typedInput(schema, [{ role: "user", text, files }]);
  return runNarration(call, await call.runs.start(name, typed, { id: session }));
}

async function answerAll(
  narration: Narration,
  { answers, known }: Extract<ChatRequest, { readonly type: "answers" }>,
): Promise<void> {
  for (const { question, approval, value } of answers) {
    const kind = known.questions.find((part) => part.question === question)?.kind ?? "form";
    try {
      await narration.answer(question, approval === undefined ? value : answerOf(kind, approval));
    } catch (error) {
      if (!isOrchError(error) || !SETTLED.includes(error.code)) throw error;
    }
  }
}

async function resume(call: DoorCall, name: string, id: string): Promise<Response> {
  const narration = await openNarration(call, name, id);
  return narration === undefined ? new Response(null, { status: 204 }) : messageStream(call, narration);
}

async function messages(call: DoorCall, name: string, id: string): Promise<Response> {
  // The message of a run comes from its stream, and what was typed is not kept.
  if (kindOf(call, name) !== "chat") return jsonResponse({ messages: [] });
  const { conversations } = call;
  const told = await uiHistory(await conversations.history(name, id), (turn) =>
    conversations.happened(name, id, turn, { limit: Number.MAX_SAFE_INTEGER }),
  );
  return jsonResponse({ messages: told });
}

async function stop(call: DoorCall, name: string, id: string): Promise<Response> {
  const reason = "The user stopped it.";
  if (kindOf(call, name) === "chat") await call.conversations.cancel(name, id, reason);
  else {
    await runOf(call, name, id);
    try {
      await call.runs.cancel(id, reason);
    } catch (error) {
      if (!isOrchError(error, "ORCH_RUN_ENDED")) throw error;
    }
  }
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
