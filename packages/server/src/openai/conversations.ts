import { isOrchError, type Random } from "@orch/core";
import { newId } from "@orch/core/doors";
import { ServerUnknownError } from "../errors/server-unknown-error.ts";
import { jsonResponse } from "../web/json-response.ts";
import type { DoorCall } from "../words/door.ts";

/** What the id of a conversation begins with; the id of its session follows. */
export const CONVERSATION = "conv_";

/** Answers `POST /v1/conversations`: a fresh id. There is a conversation when its first message came. */
export function createConversation({ clock }: DoorCall, random: Random): Response {
  const id = CONVERSATION + newId("session", clock.now(), random);
  return jsonResponse(conversationObject(id, clock.now()));
}

/** Answers `GET /v1/conversations/{id}`. */
export async function retrieveConversation({ conversations }: DoorCall, id: string): Promise<Response> {
  const session = id.startsWith(CONVERSATION) ? id.slice(CONVERSATION.length) : undefined;
  for (const { name } of session === undefined ? [] : conversations.chats) {
    try {
      const { createdAt } = await conversations.history(name, session!);
      return jsonResponse(conversationObject(id, createdAt));
    } catch (error) {
      if (!isOrchError(error, "ORCH_SERVER_UNKNOWN")) throw error;
    }
  }
  throw new ServerUnknownError({ what: "conversation", id });
}

function conversationObject(id: string, createdAt: number): object {
  return { id, object: "conversation", created_at: Math.floor(createdAt / 1000), metadata: {} };
}
