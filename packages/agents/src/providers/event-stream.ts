/** The body of an HTTP answer as server-sent events: checked to be one, and watched byte by byte. */
import type { Opening } from "../model/model-stream.ts";
import { eagerBody } from "./eager-body.ts";

/** An answer that is not a stream of events, though its status says success. */
export type NotEvents = { readonly notEvents: string };

/** Content types that are never a stream of events. */
const WRONG_TYPES = /^(?:text\/html|application\/(?:xhtml\+xml|json|problem\+json))\b/i;

/**
 * Gives the response with every piece of its body reported to `opening.alive`, or says why its body
 * cannot be events. A missing or odd content type passes, because some servers send none.
 */
export function watchedEvents(response: Response, opening: Opening): Response | NotEvents {
  const type = response.headers.get("content-type") ?? "";
  if (WRONG_TYPES.test(type)) return { notEvents: type };
  if (response.body === null) return { notEvents: "an empty body" };
  return new Response(eagerBody(response.body, opening.alive), { headers: response.headers });
}

/** What `failureOf` reads as a breach of the protocol. */
export function notEvents({ notEvents: what }: NotEvents, provider: string): SyntaxError {
  return new SyntaxError(
    `${provider} answered with ${what} instead of a stream of events; is the base URL right?`,
  );
}
