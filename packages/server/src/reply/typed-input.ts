import { type Json, type JsonSchema, parseJson } from "@orch/core";
import { ServerFileError } from "../errors/server-file-error.ts";
import type { PublicFile } from "../words/public-file.ts";
import { isObject } from "./json-object.ts";

/** A message, as far as an input is made of it. */
export interface TypedMessage {
  readonly role: string;
  readonly text: string;
  readonly files?: readonly PublicFile[];
}

/**
 * The input of a run, made from the messages of a request. An orchestration that takes `messages` gets all of them. One that
 * takes a text gets the last message of the user. One that takes an object gets that message read as JSON, or as its only
 * required text.
 *
 * @throws ServerFileError (`ORCH_SERVER_FILE`) when a message has files.
 */
export function typedInput(schema: JsonSchema | undefined, messages: readonly TypedMessage[]): Json {
  const text = messages.findLast(({ role }) => role === "user")?.text ?? "";
  if (messages.some(({ files = [] }) => files.length > 0))
    throw new ServerFileError({ problem: "an orchestration takes an input and no files" });
  const { properties, required, type } = schema ?? {};
  if (schema === undefined || type === "string") return text;
  const fields = isObject(properties) ? properties : {};
  const list = fields["messages"];
  if (isObject(list) && list["type"] === "array") {
    return { messages: messages.map(({ role, text: content }) => ({ role, content })) };
  }
  const value = jsonIn(text);
  if (value !== undefined && (type !== "object" || isObject(value))) return value;
  const [only, ...others] = Array.isArray(required) ? (required as string[]) : [];
  if (only === undefined || others.length > 0) return text;
  const field = fields[only];
  return isObject(field) && field["type"] === "string" ? { [only]: text } : text;
}

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text) as Json;
  } catch {
    return undefined;
  }
}
