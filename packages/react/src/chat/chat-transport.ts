/** A transport for `useChat`: the door for AI SDK UI, with what its protocol leaves out. */
import type { ChatTransport, UIMessage, UIMessageChunk } from "ai";
import { readEvents } from "../wire/read-events.ts";
import { granted, post, request, type ServerPlace } from "../wire/server-place.ts";

/** Which chat is reached, and where. */
export interface ChatPlace extends ServerPlace {
  /** The path of the chat, like `/ai-sdk/research`. */
  readonly api: string;
}

/** A transport, and the calls that `useChat` has no words for. */
export interface OrchChatTransport<TMessage extends UIMessage = UIMessage> extends ChatTransport<TMessage> {
  /** Stops the answer on the server. `stop` of `useChat` only stops reading, so that a closed page stops nothing: call both. */
  readonly stop: (chatId: string) => Promise<void>;
  /** The messages of a conversation, for a page that is opened again; none where it has not begun. */
  readonly history: (chatId: string) => Promise<TMessage[]>;
}

/** Makes a transport. It sends the newest message only: the server keeps the conversation. */
export function chatTransport<TMessage extends UIMessage = UIMessage>(
  place: ChatPlace,
): OrchChatTransport<TMessage> {
  const pathOf = (chatId: string): string => `${place.api}/${encodeURIComponent(chatId)}`;
  return {
    resumeStreamIsReplay: true,
    sendMessages: async ({ chatId, messages, trigger, messageId, abortSignal, headers, body }) => {
      const named = messages.find(({ id, role }) => id === messageId && role === "assistant");
      const sent = {
        ...body,
        id: chatId,
        trigger,
        messageId,
        count: messages.length,
        messages: [named ?? messages.at(-1)],
      };
      return chunksOf(await granted(request(place, place.api, initOf(headers, abortSignal), sent)));
    },
    reconnectToStream: async ({ chatId, headers, abortSignal }) => {
      const asked = request(place, `${pathOf(chatId)}/stream`, initOf(headers, abortSignal));
      const response = await granted(asked);
      return response.status === 204 ? null : chunksOf(response);
    },
    stop: (chatId) => post(place, `${pathOf(chatId)}/stop`, {}),
    history: async (chatId) => {
      const response = await request(place, pathOf(chatId));
      // It has not begun.
      if (response.status === 404) return [];
      const { messages } = await (await granted(response)).json();
      return messages as TMessage[];
    },
  };
}

function initOf(headers: HeadersInit | undefined, signal: AbortSignal | undefined): RequestInit {
  return { ...(headers && { headers }), ...(signal && { signal }) };
}

function chunksOf({ body }: Response): ReadableStream<UIMessageChunk> {
  const events = readEvents<UIMessageChunk>(body!);
  return new ReadableStream<UIMessageChunk>({
    pull: async (controller) => {
      const { done, value = [] } = await events.next();
      for (const chunk of value) controller.enqueue(chunk);
      if (done) controller.close();
    },
    cancel: async () => {
      await events.return();
    },
  });
}
