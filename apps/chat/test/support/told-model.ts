/** A model on this machine that does what the last message says: it speaks, calls a tool, or fails. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { slowConfig } from "./slow-model.ts";

/** A server and how the program reaches it. */
export interface ToldModel extends AsyncDisposable {
  readonly args: readonly string[];
  /** The project's configuration, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/**
 * Serves what it is told: `call NAME JSON` says "Let me look.", calls that tool, and says "I have looked. END" after it;
 * `fail401` answers with that status; anything else is answered with "hello".
 */
export async function toldModel(): Promise<ToldModel> {
  const server = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request) raw += chunk;
    answer(JSON.parse(raw) as Asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    args: ["--trust", "--orc", "chat", "--model", "slow/mock"],
    files: slowConfig(`http://127.0.0.1:${port}/v1`),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer({ messages }: Asked, response: ServerResponse): void {
  const text = textOf(messages.findLast(({ role }) => role === "user")?.content);
  const [, status] = /^fail(\d+)/.exec(text) ?? [];
  if (status !== undefined) {
    response.writeHead(Number(status), { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { message: "bad key" } }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (delta: object, finish: string | null = null): void => {
    const chunk = { id: "1", model: "mock", choices: [{ index: 0, delta, finish_reason: finish }] };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const [, name, input] = /^call (\S+) ?(.*)$/.exec(text) ?? [];
  if (name === undefined) send({ content: "hello" });
  else if (messages.at(-1)?.role === "tool") send({ content: "I have looked. END" });
  else {
    send({ content: "Let me look." });
    // The same id in every turn, as some servers give it.
    send({
      tool_calls: [{ index: 0, id: "c1", type: "function", function: { name, arguments: input || "{}" } }],
    });
    send({}, "tool_calls");
    response.end("data: [DONE]\n\n");
    return;
  }
  send({}, "stop");
  response.end("data: [DONE]\n\n");
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}
