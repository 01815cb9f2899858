import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { createMcpHandler, McpServer as NewServer } from "@modelcontextprotocol/server";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { connectMcp, type McpServer } from "../../src/tools/mcp/connect-mcp.ts";
import type { McpHttpConfig } from "../../src/tools/mcp/mcp-config.ts";
import { serve } from "./loopback.ts";

async function connect(url: string, more: Partial<McpHttpConfig> = {}): Promise<McpServer> {
  const server = await connectMcp({ name: "lab", url, approve: false, connectTimeout: 30_000, ...more });
  onTestFinished(() => server.close());
  return server;
}

async function call(server: McpServer, name: string, input: object = {}): Promise<unknown> {
  const tool = server.tools.find((one) => one.name === `lab__${name}`);
  const ctx = { signal: new AbortController().signal, callId: "c", emit: () => {} };
  return tool?.invoke(input as never, ctx);
}

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

/** A server of the transport from before 2025: a stream at `/sse`, messages at `/messages`. */
function olderServer(refuse = 405): RequestListener {
  const streams = new Map<string, SSEServerTransport>();
  return async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://lab");
    if (request.method === "GET" && pathname === "/sse") {
      const transport = new SSEServerTransport("/messages", response);
      streams.set(transport.sessionId, transport);
      const server = new OldServer({ name: "old", version: "1" });
      server.registerTool("hi", { description: "Greets." }, () => text("hi"));
      server.registerTool("cut", { description: "Cuts its stream." }, () => {
        response.destroy();
        return new Promise(() => {});
      });
      await server.connect(transport);
    } else if (request.method === "POST" && pathname === "/messages") {
      await streams.get(searchParams.get("sessionId") ?? "")?.handlePostMessage(request, response);
    } else response.writeHead(refuse).end();
  };
}

test.each([400, 404, 405])(
  "A20: a server of the older transport is used, after %d at the first POST",
  async (refuse) => {
    const { url, seen } = await serve(olderServer(refuse));
    const server = await connect(`${url}/sse`, { headers: { "x-key": "k" } });
    expect(server.tools.map(({ name }) => name)).toEqual(["lab__hi", "lab__cut"]);
    expect(await call(server, "hi")).toBe("hi");
    expect(seen.map(({ headers }) => headers["x-key"])).toEqual(seen.map(() => "k"));
  },
);

test("A20: a call fails at once when the older transport's stream is cut, and the next one connects again", async () => {
  const { url } = await serve(olderServer());
  const server = await connect(`${url}/sse`);
  await expect(call(server, "cut")).rejects.toMatchObject({ facts: { reason: "lost", tool: "cut" } });
  expect(await call(server, "hi")).toBe("hi");
});

test("A20: an address where nothing is says what the first request was answered", async () => {
  const { url } = await serve((_, response) => void response.writeHead(404).end("nothing here"));
  const failed = connectMcp({ name: "lab", url, connectTimeout: 30_000 });
  await expect(failed).rejects.toMatchObject({ facts: { reason: "refused", status: 404 } });
});

test.each([401, 403, 429, 500])(
  "A20: a refusal by %d is no reason to try the older transport",
  async (status) => {
    const { url, seen } = await serve((_, response) => void response.writeHead(status).end());
    await expect(connectMcp({ name: "lab", url, connectTimeout: 30_000 })).rejects.toMatchObject({
      facts: { reason: "refused", status },
    });
    expect(seen.map(({ method }) => method)).not.toContain("GET");
  },
);

test.each(["stateless", "reject"] as const)(
  "a server of the protocol of 2026 is spoken to in it (earlier ones: %s)",
  async (legacy) => {
    const handler = createMcpHandler(
      () => {
        const server = new NewServer({ name: "new", version: "1" });
        server.registerTool(
          "double",
          { description: "Doubles.", inputSchema: z.object({ n: z.number() }) },
          ({ n }) => ({
            ...text(String(n * 2)),
          }),
        );
        return server;
      },
      { legacy },
    );
    const { url, seen } = await serve(toNodeHandler(handler) as RequestListener);
    const server = await connect(`${url}/mcp`);
    expect(await call(server, "double", { n: 21 })).toBe("42");
    expect(seen.at(-1)?.headers["mcp-protocol-version"]).toBe("2026-07-28");
  },
);

test("a program that knows only the protocol of 2026 is started again and spoken to in it", async () => {
  const program = new URL("mcp-newest.ts", import.meta.url).pathname;
  const config = { name: "lab", command: process.execPath, args: [program], connectTimeout: 30_000 };
  const server = await connectMcp({ ...config, approve: false });
  onTestFinished(() => server.close());
  expect(await call(server, "hi")).toBe("hi");
});
