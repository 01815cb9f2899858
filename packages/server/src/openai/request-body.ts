import { ServerRequestError } from "../errors/server-request-error.ts";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import type { JsonObject } from "../reply/json-object.ts";
import type { DoorCall } from "../words/door.ts";
import { messagesOf, type RequestMessage } from "./message-text.ts";
import { type ServedModel, servedModels } from "./model-list.ts";

/** The model that a body names. */
export function modelOf(call: Pick<DoorCall, "runs" | "conversations">, { model }: JsonObject): ServedModel {
  if (typeof model !== "string" || model === "")
    throw new ServerRequestError({ problem: "model is no text" });
  return modelNamed(call, model);
}

/** The model of a name. @throws ServerUnknownError (`ORCH_SERVER_UNKNOWN`). */
export function modelNamed(call: Pick<DoorCall, "runs" | "conversations">, name: string): ServedModel {
  const model = servedModels(call).find(({ id }) => id === name);
  if (model === undefined) throw new ServerUnknownError({ what: "model", id: name });
  return model;
}

/** The messages in a field of a body. */
export function messagesIn(body: JsonObject, field: string): readonly RequestMessage[] {
  const messages = messagesOf(body[field]);
  if (messages === undefined || messages.length === 0)
    throw new ServerRequestError({ problem: `${field} is no list of messages` });
  return messages;
}

/** A field that is a text or is left out. */
export function textIn(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new ServerRequestError({ problem: `${field} is no text` });
  return value;
}

/** A field that is true or false, or is left out. */
export function flagIn(body: JsonObject, field: string): boolean {
  const value = body[field];
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean")
    throw new ServerRequestError({ problem: `${field} is neither true nor false` });
  return value;
}
