/** A server as a listener of `node:http`: for `createServer` of Node, and for Express. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { requestOf } from "./request-of.ts";
import { writeResponse } from "./write-response.ts";

/** What is mounted: anything that answers a request. */
export interface FetchServer {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** What Node calls for each request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Makes a listener. A client that goes aborts the signal of its request; a slow one makes the server wait, so that no more
 * than a socket's buffer lies in memory.
 */
export function nodeListener(server: FetchServer): NodeListener {
  return (incoming, outgoing) => {
    void answer(server, incoming, outgoing);
  };
}

async function answer(
  server: FetchServer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort("the client has gone");
  });
  // A socket that breaks off is seen by its close.
  outgoing.on("error", () => {});
  try {
    const request = requestOf(incoming, gone.signal);
    const response =
      request === undefined ? new Response(null, { status: 400 }) : await server.fetch(request);
    await writeResponse(response, outgoing, incoming.method === "HEAD");
  } catch {
    if (!outgoing.headersSent) outgoing.statusCode = 500;
    outgoing.destroy();
  }
}
