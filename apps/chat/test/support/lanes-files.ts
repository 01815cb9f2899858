/** Three lanes, of which "c" hangs while there is no file `go`; then a question; each lane notes in `ran` that it ran. */
export const LANES: Readonly<Record<string, string>> = {
  "orch.config.json": '{ "orchestrations": { "lanes": { "file": "./lanes.js" } } }',
  "lanes.js": `import { appendFileSync, existsSync } from "node:fs";
import { each, orchestration, question, runnable, speech } from "@orch/core";
import { orchestrationRuntime } from "@orch/chat-runtime";

const answer = { "~standard": { version: 1, vendor: "mine", validate: (value) =>
  typeof value === "boolean" ? { value } : { issues: [{ message: "say yes or no" }] } } };
const note = (text) => appendFileSync(new URL("ran", import.meta.url), text + "\\n");
const plan = runnable("plan", (text) => { note("plan"); return text.split(" "); });
const work = runnable("work", async (lane, ctx) => {
  note(lane);
  if (lane === "c" && !existsSync(new URL("go", import.meta.url))) {
    ctx.emit(speech, "What c found so far.");
    await new Promise((_, reject) => ctx.signal.addEventListener("abort", reject));
  }
  return lane.toUpperCase();
});
const workAll = each("workAll", work);
const approve = question("approve", { ask: (done) => "Publish " + done.join("") + "?", answer });
const flow = orchestration("lanes", (o) =>
  o.start(plan).advance(plan, workAll).advance(workAll, approve).finish(approve));
export default orchestrationRuntime(flow, {
  toInput: ({ text }) => text,
  toMessage: (yes) => (yes ? "It is published." : "It stays here."),
  speaks: (_path, state) => state === "work",
});
`,
};
