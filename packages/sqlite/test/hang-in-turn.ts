/** A process that answers one message, and is killed while it answers the second: `hang-in-turn.ts <file>`. */
import { writeSync } from "node:fs";
import { ChatRuntime } from "@orch/chat-runtime";
import { sqliteSessions } from "../src/sessions.ts";

const [file = ""] = process.argv.slice(2);
const origin = { provider: "test", api: "test", model: "test" };
const store = sqliteSessions({ file });
const runtime = new ChatRuntime(
  {
    name: "child",
    invoke: async ({ history }, { say }) => {
      if (history.length > 0) {
        say("half an ans", "child");
        writeSync(1, "hanging\n");
        await new Promise(() => setInterval(() => {}, 1000));
      }
      return {
        message: {
          role: "assistant",
          content: [{ type: "text", text: "one" }],
          origin,
          finish: { reason: "stop" },
        },
      };
    },
  },
  { store, sessionId: "s" },
);
await runtime.invoke("first");
await runtime.invoke("second");
