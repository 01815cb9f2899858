/** A model on this machine: it calls the tool `read_file` once, and then says a text in pieces. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A server that is up. */
export interface ModelServer {
  readonly baseURL: string;
  readonly close: () => void;
}

/** Starts it; between two pieces it waits for `pause` milliseconds. */
export async function modelServer(pieces: readonly string[], pause: number): Promise<ModelServer> {
  const server = createServer((request, response) => void answer(request, response, pieces, pause));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Answers as a server of the chat completions API: first a tool call, then a text in pieces. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pieces: readonly string[],
  pause: number,
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: object, finish: string | null = null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ id: "1", model: "mock", choices })}\n\n`);
  };
  if (!body.includes('"role":"tool"')) {
    const call = { name: "read_file", arguments: '{"path":"README.md"}' };
    send({ role: "assistant", tool_calls: [{ index: 0, id: "call_1", type: "function", function: call }] });
    send({}, "tool_calls");
  } else {
    for (const content of pieces) {
      send({ content });
      if (pause > 0) await wait(pause);
    }
    send({}, "stop");
  }
  response.end("data: [DONE]\n\n");
}
