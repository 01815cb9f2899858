/** A provider on this machine that speaks OpenAI's Chat Completions, so that the examples need no network. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Starts a server; `answer` is given each request and its number, from 1. */
export async function localServer(
  answer: (response: ServerResponse, request: IncomingMessage, count: number) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response, request, ++count));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with one text, as a stream. */
export function say(response: ServerResponse, text: string): void {
  const chunk = (delta: object, finish_reason: string | null): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(`${chunk({ content: text }, null)}${chunk({}, "stop")}data: [DONE]\n\n`);
}

/** Refuses. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: object = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ error: { message } }));
}
