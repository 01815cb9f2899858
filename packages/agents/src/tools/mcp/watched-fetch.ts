/**
 * Sees a server die behind streamable HTTP. The SDK's transport waits for its time-out when an answer's
 * stream is cut, so the streams are watched here, on their way to it.
 */
import type { FetchLike } from "@modelcontextprotocol/client";
import { parseJson } from "@orch/core";
import { isObject } from "../../platform/json-object.ts";

/** What is told about requests. */
export interface FetchWatcher {
  /** The server cannot be reached, or refuses to go on with a stream that was cut. */
  readonly lost: (reason: unknown) => void;
  /** The words with which the server refused a request, and what that said about who asks (`authorization`). */
  readonly refused: (words: string, response: Response, authorization: string | null) => void;
  /** The stream that should have answered the request of this id has ended. */
  readonly ended: (id: string | number) => void;
  /** Set where one stream carries all answers, as the older transport has it: that stream has ended. */
  readonly allEnded?: () => void;
}

/** Wraps a `fetch`. */
export function watchedFetch(inner: FetchLike, watcher: FetchWatcher): FetchLike {
  return async (url, init) => {
    let response: Response;
    try {
      response = await inner(url, init);
    } catch (error) {
      if (!init?.signal?.aborted) watcher.lost(error);
      throw error;
    }
    const resumes = new Headers(init?.headers).has("last-event-id");
    if (resumes && (!response.ok || response.body === null)) watcher.lost(`answered ${response.status}`);
    if (!response.ok) {
      const authorization = new Headers(init?.headers).get("authorization");
      return told(response, (words, refusal) => watcher.refused(words, refusal, authorization));
    }
    const id = init?.method === "POST" ? idOf(init.body) : undefined;
    const ended = id === undefined ? watcher.allEnded : () => watcher.ended(id);
    const streams = response.headers.get("content-type")?.includes("text/event-stream") === true;
    if (ended === undefined || !streams || response.body === null) return response;
    const body = watched(response.body, ended);
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

/** A refusal, whose words are told before the transport reads them. */
async function told(
  response: Response,
  refused: (words: string, refusal: Response) => void,
): Promise<Response> {
  const { status, statusText, headers } = response;
  const words = await response.text().catch(() => "");
  const refusal = new Response(status === 304 ? null : words, { status, statusText, headers });
  refused(words, refusal);
  return refusal;
}

function idOf(body: unknown): string | number | undefined {
  if (typeof body !== "string") return undefined;
  const message = parseJson(body, { maxDepth: 256 });
  if (!isObject(message) || !("method" in message)) return undefined;
  // What tells of changes tells until it is closed, and owes no answer.
  if (message["method"] === "subscriptions/listen") return undefined;
  const { id } = message;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}

/** Passes a stream on and tells of its end, unless the server numbered its events: such a stream can be taken up again. */
function watched(stream: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let tail = "\n";
  let numbered = false;
  const end = (): void => {
    if (!numbered) ended();
  };
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return end();
        }
        if (!numbered) {
          const text = tail + decoder.decode(value, { stream: true });
          numbered = /[\r\n]id:/.test(text);
          tail = text.slice(-4);
        }
        controller.enqueue(value);
      } catch (error) {
        controller.error(error);
        end();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
