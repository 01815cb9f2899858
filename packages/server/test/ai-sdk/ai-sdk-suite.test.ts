/** The door for AI SDK UI passes the common suite, by the AI SDK's own transport and reader. */
import { doorSuite } from "../door-suite.ts";
import type { DoorPlace, DoorUnderTest } from "../door-under-test.ts";
import { servedDoors } from "../served-doors.ts";
import { aiSdkClient } from "./ai-sdk-client.ts";

let started = 0;

const aiSdk: DoorUnderTest = {
  name: "ai-sdk",
  doors: servedDoors["ai-sdk"]!,
  client: aiSdkClient,
  // What states say on the way is reasoning, and a text that was told in pieces to others only is not repeated there.
  shows: "answer",
  startRequest: ({ url, headers }: DoorPlace, topic) => {
    started += 1;
    const parts = [{ type: "text", text: topic }];
    const messages = [{ id: "m1", role: "user", parts }];
    return new Request(`${url}/ai-sdk/article`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ id: `chat-${started}`, messages, trigger: "submit-message" }),
    });
  },
  isProtocolError: (response, body) =>
    response.status >= 400 &&
    response.status < 500 &&
    response.headers.get("content-type") === "text/plain; charset=utf-8" &&
    /^[A-Z"].*\.$/s.test(body),
};

doorSuite(aiSdk);
doorSuite({ ...aiSdk, as: "chat" });
