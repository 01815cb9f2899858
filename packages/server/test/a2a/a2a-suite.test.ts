/** The door of A2A passes the common suite. */
import { doorSuite } from "../door-suite.ts";
import { servedDoors } from "../served-doors.ts";
import { a2aClient } from "./a2a-client.ts";

doorSuite({
  name: "a2a",
  doors: servedDoors["a2a"]!,
  client: a2aClient,
  shows: "answer",
  startRequest: ({ url, headers }, topic) =>
    new Request(`${url}/a2a/article`, {
      method: "POST",
      headers: { "content-type": "application/json", "a2a-version": "1.0", ...headers },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "SendStreamingMessage",
        params: { message: { messageId: "m1", role: "ROLE_USER", parts: [{ text: topic }] } },
      }),
    }),
  isProtocolError: (response, body) => {
    if (response.headers.get("content-type") !== "application/json" || response.status >= 500) return false;
    const { jsonrpc, error } = JSON.parse(body) as {
      jsonrpc?: unknown;
      error?: { code?: unknown; message?: unknown };
    };
    return jsonrpc === "2.0" && typeof error?.code === "number" && typeof error.message === "string";
  },
});
