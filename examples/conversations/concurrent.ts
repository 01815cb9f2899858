/**
 * Two agents answer at once, and a third makes one answer of theirs.
 *
 *   node --conditions=@orch/source examples/conversations/concurrent.ts
 */
import { agent } from "@orch/agents";
import { ChatRuntime, concurrentRuntime } from "@orch/chat-runtime";
import { model } from "./model.ts";

const keeper = agent({ name: "keeper", instructions: "Say what is kept of a run, and where.", model });
const doubter = agent({ name: "doubter", instructions: "Say what is lost of a run, and when.", model });
const judge = agent({ name: "judge", instructions: "Weigh both, and answer in two sentences.", model });

const configuration = concurrentRuntime([keeper, doubter], { synthesize: judge });
await using runtime = new ChatRuntime(configuration);

let open = 0;
for await (const event of runtime.send("What happens to a run after a crash?")) {
  if (event.type === "state.started" && event.path.includes("[")) open += 1;
  if (event.type === "message.delta") process.stdout.write(event.text);
}
console.log(`\n${open} answered at once.`);
