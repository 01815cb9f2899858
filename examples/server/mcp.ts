/**
 * Clients of MCP: a tool, a prompt that a run writes, a resource, and a run that is watched while it goes on.
 *
 *     node --conditions=@orch/source examples/server/mcp.ts
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { orchestration, question, runnable } from "@orch/core";
import { createServer, guard } from "@orch/server";
import { mcp } from "@orch/server/mcp";
import { listen } from "@orch/server/node";
import { z } from "zod";

const approve = question("approve", { ask: (topic: string) => `Write about ${topic}?`, answer: z.boolean() });
const write = runnable("write", (yes: boolean) => (yes ? "The moon pulls the sea." : "Kept back."));
const article = orchestration("article", (o) => o.start(approve).advance(approve, write).finish(write));
const brief = runnable("brief", ({ to }: { to: string }) => `Write a letter to ${to}.`);
const letter = orchestration("letter", (o) => o.start(brief).finish(brief));

const server = createServer({
  orchestrations: {
    article: { orchestration: article, input: z.string() },
    letter: { orchestration: letter, input: z.object({ to: z.enum(["ada", "bob"]) }) },
  },
  doors: [
    mcp({
      prompts: { letter: { orchestration: "letter" } },
      resources: { "notes://{topic}": { read: ({ topic }) => `Notes on ${topic}.` } },
    }),
  ],
});
const { url, stop } = await listen(server, { around: guard(server) });

const client = new Client({ name: "example", version: "1" }, { capabilities: { elicitation: {} } });
client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { answer: true } }));
const completed = Promise.withResolvers<undefined>();
client.setNotificationHandler(ResourceUpdatedNotificationSchema, async ({ params: { uri } }) => {
  const [content] = (await client.readResource({ uri })).contents;
  if (content !== undefined && "text" in content && content.text.includes('"completed"'))
    completed.resolve(undefined);
});
await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));

const run = await server.runs().start("article", "tides");
await client.subscribeResource({ uri: `orch://runs/${run}` });
const { content } = await client.callTool({ name: "article", arguments: { input: "tides" } });
console.log("tool:", content);
const choice = { ref: { type: "ref/prompt" as const, name: "letter" }, argument: { name: "to", value: "a" } };
const [to = ""] = (await client.complete(choice)).completion.values;
console.log("prompt:", (await client.getPrompt({ name: "letter", arguments: { to } })).messages[0]?.content);
console.log("resource:", (await client.readResource({ uri: "notes://tides" })).contents[0]);

// Somebody answers the other run; its watcher hears that it went on.
for (;;) {
  const [asked] = (await server.runs().describe(run)).questions;
  if (asked === undefined) continue;
  await server.runs().answer(run, asked.question, true);
  break;
}
await completed.promise;
console.log("the run that was watched is done");
await client.close();
await stop();
