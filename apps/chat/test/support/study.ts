/**
 * A study for kills: five lanes that take different times, a question, and an agent that calls a tool and then says 120
 * numbered words. Its own orchestration, with the model that it needs; each state notes in `ran` that it began.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { slowConfig } from "./slow-model.ts";

/** How many words the agent says after its tool. */
export const WORDS = 120;
/** How often it says one, in milliseconds. */
const WORD_EVERY = 20;

/** A server that plays the agent's model, and how the program reaches it. */
export interface Study extends AsyncDisposable {
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** How many requests came in whose conversation ended with the result of the tool. */
  readonly toolResults: () => number;
}

/** Starts the server of one study. */
export async function study(): Promise<Study> {
  let toolResults = 0;
  const server = createServer(async (request, response) => {
    let raw = "";
    for await (const chunk of request) raw += chunk;
    const { messages } = JSON.parse(raw) as { messages: readonly { readonly role: string }[] };
    const counted = messages.at(-1)?.role === "tool";
    if (counted) toolResults += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (counted) sayWords(response);
    else callTool(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = JSON.parse(slowConfig(`http://127.0.0.1:${port}/v1`)["orch.config.json"]!) as object;
  return {
    args: ["--trust", "--orc", "study", "--model", "slow/mock"],
    files: {
      "orch.config.json": JSON.stringify({ ...config, orchestrations: { study: { file: "./study.js" } } }),
      "study.js": STUDY,
    },
    toolResults: () => toolResults,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Says the words one by one, and the end. */
function sayWords(response: ServerResponse): void {
  let next = 1;
  const timer = setInterval(() => {
    if (next <= WORDS) send(response, { content: `w${next} ` });
    else {
      send(response, { content: "END" });
      send(response, {}, "stop");
      response.end("data: [DONE]\n\n");
      clearInterval(timer);
    }
    next += 1;
  }, WORD_EVERY);
  response.once("close", () => clearInterval(timer));
}

function callTool(response: ServerResponse): void {
  send(response, { content: "Let me count." });
  const call = { index: 0, id: "c1", type: "function", function: { name: "count", arguments: "{}" } };
  send(response, { tool_calls: [call] });
  send(response, {}, "tool_calls");
  response.end("data: [DONE]\n\n");
}

function send(response: ServerResponse, delta: object, finish: string | null = null): void {
  const chunk = { id: "1", model: "mock", choices: [{ index: 0, delta, finish_reason: finish }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

const STUDY = `import { appendFileSync } from "node:fs";
import { agent, agentRunnable, tool } from "@orch/agents";
import { orchestrationRuntime } from "@orch/chat-runtime";
import { each, orchestration, question, runnable } from "@orch/core";
import { z } from "zod";

const note = (text) => appendFileSync(new URL("ran", import.meta.url), text + "\\n");

const plan = runnable("plan", (text) => { note("plan"); return text.split(" "); });
const search = runnable("search", async (lane, ctx) => {
  note("search[" + lane + "]");
  await new Promise((resolve) => setTimeout(resolve, 150 * Number(lane)));
  return "found " + lane;
});
const searchAll = each("searchAll", search, { concurrency: 5 });
const approve = question("approve", { ask: (found) => "Write about " + found.length + " findings?", answer: z.boolean() });

export default ({ model, clock }) => {
  const count = tool({ name: "count", description: "Counts.", input: z.object({}),
    invoke: () => { note("count"); return "five"; } });
  const writer = agent({ name: "write", model, instructions: "Write.", tools: [count] });
  const write = agentRunnable(writer, { clock, toInput: () => "Write it." });
  const flow = orchestration("study", (o) => o.start(plan).advance(plan, searchAll)
    .advance(searchAll, approve).advance(approve, write).finish(write));
  return orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: (said) => String(said) });
};
`;
