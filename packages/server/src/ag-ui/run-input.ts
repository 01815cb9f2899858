/** The body of a request of AG-UI: the thread, its messages, and the answers to interrupts. */
import type { Json } from "@orch/core";
import { ServerRequestError } from "../errors/server-request-error.ts";
import { fieldsOf, listIn, textIn } from "../reply/fields.ts";
import { fileAt, fileOf, keptElsewhere } from "../reply/given-file.ts";
import type { TypedMessage } from "../reply/typed-input.ts";
import type { MessageWithFiles, PublicFile } from "../words/public-file.ts";
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

/**
 * The messages of the conversation, as text, and the files of the last one.
 *
 * @throws ServerRequestError when the last one has neither a text nor a file of a user; ServerFileError.
 */
export function typedMessages({ messages }: RunInput): readonly TypedMessage[] {
  const last = messages.at(-1);
  if (last?.role !== "user") throw refused('the last of its "messages" is not one of a user');
  const { files } = contentOf(last);
  if (textOf(last).trim() === "" && files.length === 0) throw refused("the message has no text");
  const spoken = messages.filter(({ role }) => role === "user" || role === "assistant");
  return spoken.map((message) => ({
    role: message.role,
    text: textOf(message),
    ...(message === last && { files }),
  }));
}

function textOf(message: AgUiMessage): string {
  return contentOf(message).text;
}

function contentOf({ content = "" }: AgUiMessage): MessageWithFiles {
  if (typeof content === "string") return { text: content, files: [] };
  if (!Array.isArray(content))
    throw refused("the content of a message is neither a text nor a list of parts");
  const texts: string[] = [];
  const files: PublicFile[] = [];
  for (const part of content as readonly unknown[]) {
    const type = textIn(part, "type") ?? "no type";
    if (type === "text") texts.push(textIn(part, "text") ?? "");
    else if (MEDIA.includes(type)) files.push(fileIn(part));
    else throw refused(`a message is made of text and files, and a part of it has the type "${type}"`);
  }
  return { text: texts.join("\n"), files };
}

/** Parts with a `source`, and `binary`, which they were before 1.0. */
const MEDIA: readonly string[] = ["image", "audio", "video", "document", "binary"];

function fileIn(part: unknown): PublicFile {
  const source = fieldsOf(part)["source"] ?? part;
  const mediaType = textIn(source, "mimeType") ?? textIn(part, "mimeType");
  const name = textIn(part, "filename") ?? textIn(source, "filename");
  const given = { ...(mediaType !== undefined && { mediaType }), ...(name !== undefined && { name }) };
  const value = textIn(source, "value");
  const isAddress = textIn(source, "type") === "url";
  const data = textIn(part, "data") ?? (isAddress ? undefined : value);
  const url = textIn(part, "url") ?? (isAddress ? value : undefined);
  if (url !== undefined) return fileAt(url, given);
  if (data !== undefined) return fileOf(data, given);
  const id = textIn(source, "id") ?? textIn(source, "fileId");
  throw id === undefined ? refused("a file of the message has no source") : keptElsewhere(id);
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
