/** The body that `useChat` and `DefaultChatTransport` send: a new message, or the answers to what the last message asked. */
import type { Json } from "@orch/core";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { fieldsOf, listIn, textIn } from "../reply/fields.ts";
import { fileAt } from "../reply/given-file.ts";
import type { UiApproval } from "../reply/question-kind.ts";
import type { MessageWithFiles, PublicFile } from "../words/public-file.ts";
import { knownMessage } from "./known-message.ts";
import type { KnownMessage } from "./message-translation.ts";

/** An answer to one question: an approval, or the output of the call that the question was. */
export interface UiAnswer {
  readonly question: string;
  readonly approval?: UiApproval;
  readonly value?: Json;
}

/** What a client wants. `session` is the id of its chat. */
export type ChatRequest =
  | {
      readonly type: "message";
      readonly session: string;
      readonly text: string;
      readonly files: readonly PublicFile[];
      /** How many messages there are, this one included. */
      readonly count: number;
      /** The input of a run, where the page gives it (`body: { input }` of `sendMessage`). */
      readonly input?: Json;
    }
  | {
      readonly type: "answers";
      readonly session: string;
      readonly turn: string;
      readonly answers: readonly UiAnswer[];
      readonly known: KnownMessage;
    };

/**
 * Reads a body. Of the messages only the last one counts: the conversation itself is kept by the server, and what a client says that
 * was said before is not believed.
 *
 * @throws ServerRequestError (`ORCH_SERVER_REQUEST`).
 */
export function chatRequest(body: unknown): ChatRequest {
  const session = textIn(body, "id");
  if (session === undefined || session === "")
    throw new ServerRequestError({ problem: 'it has no "id" of a chat' });
  const messages = listIn(body, "messages");
  const id = textIn(body, "messageId");
  // An answer may belong to a message before the last one, and names it then.
  const named = messages.find(
    (one) => id !== undefined && textIn(one, "id") === id && textIn(one, "role") === "assistant",
  );
  const last = named ?? messages.at(-1);
  const parts = listIn(last, "parts");
  switch (textIn(last, "role")) {
    case "user":
      return {
        type: "message",
        session,
        ...messageOf(parts),
        count: countIn(body, messages),
        ...inputIn(body),
      };
    case "assistant":
      return { type: "answers", session, ...answersIn(last, parts) };
    default:
      throw new ServerRequestError({
        problem: 'the last of its "messages" is not one of a user or an assistant',
      });
  }
}

/** A transport that sends the last message only says how many there are. */
function countIn(body: unknown, messages: readonly unknown[]): number {
  const { count } = fieldsOf(body);
  return Math.max(messages.length, typeof count === "number" ? count : 0);
}

function inputIn(body: unknown): { readonly input?: Json } {
  const { input } = fieldsOf(body);
  return input === undefined ? {} : { input: input as Json };
}

function messageOf(parts: readonly unknown[]): MessageWithFiles {
  const texts: string[] = [];
  const files: PublicFile[] = [];
  for (const part of parts) {
    const type = textIn(part, "type") ?? "no type";
    const url = textIn(part, "url");
    if (type === "text") texts.push(textIn(part, "text") ?? "");
    else if (type === "file" && url !== undefined) files.push(fileAt(url, fileFields(part)));
    else
      throw new ServerRequestError({
        problem: `a message is made of text and files, and a part of it has the type "${type}"`,
      });
  }
  const text = texts.join("\n");
  if (text.trim() === "" && files.length === 0)
    throw new ServerRequestError({ problem: "the message has no text" });
  return { text, files };
}

function fileFields(part: unknown): { readonly mediaType?: string; readonly name?: string } {
  const [mediaType, name] = [textIn(part, "mediaType"), textIn(part, "filename")];
  return { ...(mediaType !== undefined && { mediaType }), ...(name !== undefined && { name }) };
}

function answersIn(
  message: unknown,
  parts: readonly unknown[],
): { readonly turn: string; readonly answers: readonly UiAnswer[]; readonly known: KnownMessage } {
  const metadata = fieldsOf(message)["metadata"];
  const turn = textIn(metadata, "turn") ?? textIn(message, "id");
  if (turn === undefined) throw new ServerRequestError({ problem: "the message with the answers has no id" });
  return { turn, answers: parts.flatMap(answerIn), known: knownMessage(metadata, parts) };
}

function answerIn(part: unknown): UiAnswer[] {
  const { type, state, toolCallId, approval, output, providerExecuted } = fieldsOf(part);
  if (type !== "dynamic-tool" || typeof toolCallId !== "string") return [];
  if (state === "approval-responded") {
    const reason = textIn(approval, "reason");
    const approved = fieldsOf(approval)["approved"] === true;
    return [{ question: toolCallId, approval: { approved, ...(reason !== undefined && { reason }) } }];
  }
  const isOurs = providerExecuted === true;
  return state === "output-available" && !isOurs ? [{ question: toolCallId, value: output as Json }] : [];
}
