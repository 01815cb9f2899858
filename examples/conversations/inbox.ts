/**
 * Messages that do not wait: one is queued, changed and sent in its turn, and one answers what the run asks.
 *
 *   node --conditions=@orch/source examples/conversations/inbox.ts
 */
import { textOf } from "@orch/agents";
import { ChatRuntime, Inbox, orchestrationRuntime } from "@orch/chat-runtime";
import { orchestration, question, runnable } from "@orch/core";
import { z } from "zod";

const draft = runnable("draft", (text: string) => `Dear reader, ${text}.`);
const approve = question("approve", { ask: (text: string) => `Send "${text}"?`, answer: z.boolean() });
const flow = orchestration<string, boolean>("letters", (o) =>
  o.start(draft).advance(draft, approve).finish(approve),
);
const fit = {
  toInput: ({ text }: { text: string }) => text,
  toMessage: (sent: boolean) => (sent ? "sent" : "kept"),
};

await using runtime = new ChatRuntime(orchestrationRuntime(flow, fit));
const ended = Promise.withResolvers<void>();
using inbox = new Inbox(runtime, {
  onTurn: (turn) => void turn.reply.then(() => ended.resolve(), ended.reject),
});
runtime.on("question.asked", async ({ prompt }) => {
  console.log(prompt);
  const posted = await inbox.post("yes");
  console.log(`${posted.type}: ${posted.type === "answered" ? posted.value : ""}`);
});

console.log((await inbox.post("it is summer")).type);
const waits = await inbox.post("it is winter");
if (waits.type === "queued") inbox.edit(waits.item.id, "it is autumn");
console.log(`waits: ${inbox.items.map(({ message }) => textOf(message)).join(", ")}`);
await ended.promise;
