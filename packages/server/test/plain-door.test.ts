/** The plain door and the door of events pass the common suite. */
import { doorSuite } from "./door-suite.ts";
import type { DoorPlace, DoorUnderTest } from "./door-under-test.ts";
import { plainChatClient, plainClient } from "./plain-client.ts";
import { servedDoors } from "./served-doors.ts";

const plain: DoorUnderTest = {
  name: "plain",
  doors: servedDoors["plain"]!,
  client: plainClient,
  shows: "all",
  startRequest: ({ url, headers }: DoorPlace, topic) =>
    new Request(`${url}/v1/runs`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ orchestration: "article", input: { topic } }),
    }),
  readRequest: ({ url, headers }, bookmark) =>
    new Request(`${url}/sse/${(bookmark as { stream: string }).stream}`, { headers }),
  isProtocolError: (response, body) =>
    response.headers.get("content-type") === "application/problem+json" &&
    response.status < 500 &&
    typeof (JSON.parse(body) as { code?: unknown }).code === "string",
};

doorSuite(plain);
doorSuite({ ...plain, as: "chat", client: plainChatClient });
