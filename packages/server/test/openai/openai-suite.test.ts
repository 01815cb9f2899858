/** The door of the OpenAI APIs passes the common suite. */
import { doorSuite } from "../door-suite.ts";
import type { DoorUnderTest } from "../door-under-test.ts";
import { servedDoors } from "../served-doors.ts";
import { openaiClient } from "./openai-client.ts";

const openai: DoorUnderTest = {
  name: "openai",
  doors: servedDoors["openai"]!,
  client: openaiClient,
  shows: "answer",
  startRequest: ({ url, headers }, topic) =>
    new Request(`${url}/openai/v1/responses`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ model: "article", input: topic, stream: true }),
    }),
  isProtocolError: (response, body) => {
    if (response.headers.get("content-type") !== "application/json" || response.status >= 500) return false;
    const { error } = JSON.parse(body) as { error?: { message?: unknown; type?: unknown } };
    return typeof error?.message === "string" && typeof error.type === "string";
  },
};

doorSuite(openai);
doorSuite({ ...openai, as: "chat" });
