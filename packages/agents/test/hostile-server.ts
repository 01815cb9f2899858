/** A server that misbehaves on purpose: it sends raw bytes as the test says, over a real socket. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly [key: string]: unknown };
}

/** A running server; the test owns it and closes it. */
export interface HostileServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Connections that are open now. */
  readonly connections: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Answers each request by `answer`, which may end the response or leave it hanging. */
export async function hostileServer(
  answer: (response: ServerResponse, request: SeenRequest) => void,
): Promise<HostileServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      const body = JSON.parse(Buffer.concat(pieces).toString() || "{}");
      const request = { path: incoming.url ?? "", headers: incoming.headers, body };
      seen.push(request);
      answer(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    connections: () => new Promise((resolve) => server.getConnections((_error, count) => resolve(count))),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Begins a stream of events. */
export function beginEvents(response: ServerResponse, type = "text/event-stream"): ServerResponse {
  return response.writeHead(200, { "content-type": type, "x-request-id": "req_1", "request-id": "req_1" });
}

/** The events of Anthropic and of the Responses API name themselves. */
export function named(...events: readonly { readonly type: string }[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

/** The chunks of Chat Completions do not. */
export function unnamed(...chunks: readonly unknown[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
}

export const DONE = "data: [DONE]\n\n";
