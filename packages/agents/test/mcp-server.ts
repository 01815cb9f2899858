/**
 * An MCP server made with the official SDK, for tests: over stdio, or over HTTP on a free port of the
 * loopback, which it then prints.
 *
 *     node mcp-server.ts stdio
 *     node mcp-server.ts http [port]
 *     node mcp-server.ts numbered [port]     over HTTP, with streams that can be taken up again
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { InMemoryEventStore } from "@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function build(): McpServer {
  const server = new McpServer({ name: "lab", version: "1.0.0" }, { instructions: "Ask the lab." });
  const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  const reads = { annotations: { readOnlyHint: true } };
  server.registerTool(
    "add",
    { description: "Adds two numbers.", inputSchema: { a: z.number(), b: z.number() }, ...reads },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool("pid", { description: "The server's process.", ...reads }, () =>
    text(String(process.pid)),
  );
  server.registerTool("env", { inputSchema: { name: z.string() }, ...reads }, ({ name }) =>
    text(process.env[name] ?? "nothing"),
  );
  server.registerTool("show", { description: "Several kinds at once.", ...reads }, () => ({
    content: [
      { type: "text", text: "one" },
      { type: "image", data: PIXEL, mimeType: "image/png" },
      { type: "resource", resource: { uri: "lab://notes", text: "two", mimeType: "text/plain" } },
      { type: "resource_link", uri: "lab://more", name: "more", description: "three" },
    ],
  }));
  server.registerTool("fail", { description: "Reports an error.", ...reads }, () => ({
    ...text("the lab is closed"),
    isError: true,
  }));
  server.registerTool(
    "count",
    {
      description: "A structured answer.",
      inputSchema: {},
      outputSchema: { count: z.number() },
      ...reads,
    },
    () => ({ content: [], structuredContent: { count: 3 } }),
  );
  server.registerTool(
    "hang",
    { description: "Never answers; tells of its progress once.", ...reads },
    async (extra) => {
      const progressToken = extra._meta?.progressToken;
      if (progressToken !== undefined) {
        await extra.sendNotification({
          method: "notifications/progress",
          params: { progressToken, progress: 1, total: 3, message: "begun" },
        });
      }
      console.error("the lab hangs");
      return new Promise(() => {});
    },
  );
  server.registerTool("exit", { description: "Ends the server while it is called." }, () => {
    console.error("the lab exits, its key is sekret-lab-key");
    process.exit(3);
  });
  server.registerTool("grow", { description: "Adds a tool.", ...reads }, () => {
    server.registerTool("new", { description: "A new one.", ...reads }, () => text("new"));
    return text("grown");
  });
  server.registerResource("notes", "lab://notes", { description: "What was seen." }, (uri) => ({
    contents: [{ uri: uri.href, text: "Seven ships." }],
  }));
  const argsSchema = { file: z.string() };
  server.registerPrompt("review", { description: "Reviews a file.", argsSchema }, ({ file }) => ({
    messages: [{ role: "user", content: { type: "text", text: `Review ${file}.` } }],
  }));
  server.registerTool("dotted.name", { description: "Named badly.", ...reads }, () => text("fine"));
  return server;
}

/** The server over HTTP. */
export interface LabServer {
  readonly listener: RequestListener;
  /** Ends every session, and tells nobody. */
  readonly forget: () => void;
}

/** Serves over HTTP; with `numbered` by streams that can be taken up again. `closed` is told of sessions that their clients end. */
export function labServer(closed: (session: string) => void, numbered = false): LabServer {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const listener: RequestListener = async (request, response) => {
    if (request.headers.authorization === "Bearer wrong")
      return void response.writeHead(401).end("Bearer wrong opens nothing");
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    if (known !== undefined) return known.handleRequest(request, response, await bodyOf(request));
    if (request.headers["mcp-session-id"] !== undefined)
      return void response.writeHead(404).end("No such session");
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      ...(numbered && { eventStore: new InMemoryEventStore() }),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => {
        sessions.delete(id);
        closed(id);
      },
    });
    await build().connect(transport);
    await transport.handleRequest(request, response, await bodyOf(request));
  };
  return { listener, forget: () => sessions.clear() };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return pieces.length === 0 ? undefined : JSON.parse(Buffer.concat(pieces).toString());
}

/** What the program is asked to be. */
async function start(mode: string | undefined, port: number): Promise<void> {
  if (mode === "stdio") return build().connect(new StdioServerTransport());
  // Says nothing; `deaf` does not end with its input either.
  if (mode === "mute") return void process.stdin.resume();
  if (mode === "deaf") return void setInterval(() => {}, 1_000);
  if (mode === "crash") {
    console.error("no database at db://lab");
    process.exit(1);
  }
  const { listener } = labServer((id) => console.log(`closed ${id}`), mode === "numbered");
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

if (import.meta.main) {
  const [mode, port = "0"] = process.argv.slice(2);
  await start(mode, Number(port));
}
