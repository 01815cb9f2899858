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

/** A run that waits for two signals, one after the other. */
export const SALE: Readonly<Record<string, string>> = {
  "orch.config.json": '{ "orchestrations": { "sale": { "file": "./sale.js" } } }',
  "sale.js": `import { orchestration, runnable, sharedState, signal, until } from "@orch/core";
import { orchestrationRuntime } from "@orch/chat-runtime";

const of = (type, message) => ({ "~standard": { version: 1, vendor: "mine", validate: (value) =>
  typeof value === type ? { value } : { issues: [{ message }] } } });
const order = sharedState("order", { text: { start: "" } });
const take = runnable("take", (text, ctx) => ctx.state(order).set("text", text));
const payment = until("payment", { signal: signal("paid", of("number", "say a number")) });
const note = runnable("note", ({ value }, ctx) => ctx.state(order).set("text", ctx.state(order).get("text") + ": " + value));
const delivery = until("delivery", { signal: signal("sent", of("string", "say how")) });
const done = runnable("done", ({ value }, ctx) => ctx.state(order).get("text") + ", " + value);
const flow = orchestration("sale", (o) =>
  o.start(take).advance(take, payment).advance(payment, note).advance(note, delivery).advance(delivery, done).finish(done));
export default orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: (text) => text });
`,
};
