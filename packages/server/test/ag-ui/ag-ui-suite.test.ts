/** The door for AG-UI passes the common suite, by the protocol's own client. */
import { doorSuite } from "../door-suite.ts";
import type { DoorPlace, DoorUnderTest } from "../door-under-test.ts";
import { servedDoors } from "../served-doors.ts";
import { agUiClient } from "./ag-ui-client.ts";

let started = 0;

const agUi: DoorUnderTest = {
  name: "ag-ui",
  doors: servedDoors["ag-ui"]!,
  client: agUiClient,
  // What states say on the way is reasoning, and a text that was told in pieces to others only is not repeated there.
  shows: "answer",
  startRequest: ({ url, headers }: DoorPlace, topic) => {
    started += 1;
    const messages = [{ id: "m1", role: "user", content: topic }];
    const body = { threadId: `thread-${started}`, runId: "run-1", messages, tools: [], context: [] };
    return new Request(`${url}/ag-ui/article`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  },
  isProtocolError: (response, body) =>
    response.status >= 400 &&
    response.status < 500 &&
    /^\{"type":"RUN_ERROR","code":"ORCH_[A-Z_]+","message":"[A-Z"\\].*\."\}$/s.test(body),
};

doorSuite(agUi);
doorSuite({ ...agUi, as: "chat" });
