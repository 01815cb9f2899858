/** The body of a request of AG-UI: the thread, its messages, and the answers to interrupts. */
import type { Json } from "@orch/core";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { fieldsOf, listIn, textIn } from "../reply/fields.ts";
import type { TypedMessage } from "../reply/typed-input.ts";
import type { AgUiMessage } from "./ag-ui-event.ts";

/** An answer to an interrupt: a value, or that nobody gives one. */
export interface Resume {
  readonly question: string;
  readonly answer?: { readonly value: Json };
}

/** What a client sends. */
export interface RunInput {
  readonly thread: string;
  readonly run: string;
  readonly messages: readonly AgUiMessage[];
  readonly state: unknown;
  readonly resume: readonly Resume[];
}

/** Reads a body. @throws ServerRequestError (`ORCH_SERVER_REQUEST`). */
export function runInput(body: unknown): RunInput {
  const [thread, run] = [textIn(body, "threadId"), textIn(body, "runId")];
  if (thread === undefined || thread === "") throw refused('it has no "threadId"');
  if (run === undefined || run === "") throw refused('it has no "runId"');
  const messages = listIn(body, "messages");
  if (!Array.isArray(fieldsOf(body)["messages"]) || !messages.every(isMessage))
    throw refused('its "messages" are no list of messages with an id and a role');
  return {
    thread,
    run,
    messages,
    state: fieldsOf(body)["state"],
    resume: listIn(body, "resume").map(resumeOf),
  };
}

/** The messages of the conversation, as text. @throws ServerRequestError when the last one is no text of a user. */
export function typedMessages({ messages }: RunInput): readonly TypedMessage[] {
  const last = messages.at(-1);
  if (last?.role !== "user") throw refused('the last of its "messages" is not one of a user');
  if (textOf(last).trim() === "") throw refused("the message has no text");
  const spoken = messages.filter(({ role }) => role === "user" || role === "assistant");
  return spoken.map((message) => ({ role: message.role, text: textOf(message) }));
}

function textOf({ content = "" }: AgUiMessage): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content))
    throw refused("the content of a message is neither a text nor a list of parts");
  const parts = content as readonly unknown[];
  const other = parts.find((part) => textIn(part, "type") !== "text");
  if (other !== undefined)
    throw refused(
      `a message is made of text, and a part of it has the type "${textIn(other, "type") ?? "no type"}"`,
    );
  return parts.map((part) => textIn(part, "text") ?? "").join("\n");
}

function isMessage(message: unknown): message is AgUiMessage {
  return textIn(message, "id") !== undefined && textIn(message, "role") !== undefined;
}

function resumeOf(entry: unknown): Resume {
  const question = textIn(entry, "interruptId");
  if (question === undefined) throw refused('an entry of its "resume" has no "interruptId"');
  const status = textIn(entry, "status");
  if (status === "cancelled") return { question };
  if (status !== "resolved")
    throw refused(`the "status" of the answer to "${question}" is neither "resolved" nor "cancelled"`);
  const { payload } = fieldsOf(entry);
  if (payload === undefined) throw refused(`the answer to "${question}" has no "payload"`);
  return { question, answer: { value: payload as Json } };
}

function refused(problem: string): ServerRequestError {
  return new ServerRequestError({ problem });
}
