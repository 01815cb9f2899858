/** The door of MCP passes the common suite, in both ways of speaking. */
import { doorSuite } from "../door-suite.ts";
import type { DoorPlace } from "../door-under-test.ts";
import { servedDoors } from "../served-doors.ts";
import { sessionClient } from "./session-client.ts";

const SLOW = "text is no part of this protocol's streams: only states are, and they are few";
const POLLED = "a task of 2026 is asked for again and again, and has no stream; mcp-tasks.test.ts shows it";

const isProtocolError = (response: Response, body: string): boolean => {
  if (response.headers.get("content-type") !== "application/json" || response.status >= 500) return false;
  const { jsonrpc, error } = JSON.parse(body) as {
    jsonrpc?: string;
    error?: { code?: unknown; message?: unknown };
  };
  return jsonrpc === "2.0" && Number.isInteger(error?.code) && typeof error?.message === "string";
};

function startRequest(
  { url, headers }: DoorPlace,
  params: object,
  more: { readonly [name: string]: string },
): Request {
  return new Request(`${url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...more,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
}

doorSuite({
  name: "mcp",
  doors: servedDoors["mcp"]!,
  client: sessionClient,
  shows: "answer",
  startRequest: (place, topic) => startRequest(place, { name: "article", arguments: { topic } }, {}),
  isProtocolError,
  without: { slow: SLOW },
});

doorSuite({
  name: "mcp of 2026",
  doors: servedDoors["mcp"]!,
  client: sessionClient,
  shows: "answer",
  startRequest: (place, topic) => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const more = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "article" };
    return startRequest(place, { name: "article", arguments: { topic }, _meta }, more);
  },
  isProtocolError,
  without: {
    ...{ stream: POLLED, question: POLLED, refusal: POLLED, failure: POLLED, cancel: POLLED, attach: POLLED },
    ...{ kill: POLLED, parallel: POLLED, tenant: POLLED, slow: SLOW },
  },
});
