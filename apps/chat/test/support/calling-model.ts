/** A model on this machine that calls one tool. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Serves a model that calls the tool `name` once, and then says what came of it. */
export async function caller(
  name: string,
  args: object,
): Promise<{ readonly url: string; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const http = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    const { messages } = JSON.parse(body) as { messages: { role: string; content: unknown }[] };
    const last = messages.at(-1);
    const call = {
      index: 0,
      id: "c1",
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    };
    const [delta, reason] =
      last?.role === "tool"
        ? [{ content: `It says ${String(last.content)}.` }, "stop"]
        : [{ tool_calls: [call] }, "tool_calls"];
    const event = { id: "1", model: "m", choices: [{ index: 0, delta, finish_reason: reason }] };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`, bodies };
}

/** The configuration of a project whose chat asks the model at `url` and has these MCP servers, by file name. */
export const config = (url: string, mcp: object): Record<string, string> => ({
  "orch.config.json": JSON.stringify({
    model: "slow/m",
    orchestration: "chat",
    providers: { slow: { kind: "openai-compatible", baseURL: url } },
    mcp,
  }),
});
