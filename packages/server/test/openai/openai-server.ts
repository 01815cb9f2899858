/** A server with a chat and orchestrations, and the official client of OpenAI before it. */
import { orchestrationRuntime } from "@orch/chat-runtime";
import { all, orchestration, question, runnable, speech } from "@orch/core";
import { memoryHost } from "@orch/core/host";
import OpenAI from "openai";
import { z } from "zod";
import { createServer, type Server, type ServerOptions } from "../../src/index.ts";
import { listen } from "../../src/node/listen.ts";
import { openai } from "../../src/openai.ts";

const write = runnable("write", (topic: string, ctx) => {
  ctx.spend({ inputTokens: 3, outputTokens: 2, cost: 0.01 });
  for (const piece of ["About ", topic, "."]) ctx.emit(speech, piece);
  return `About ${topic}.`;
});
const approve = question("approve", { ask: (text: string) => `Publish "${text}"?`, answer: z.boolean() });
const publish = runnable("publish", (yes: boolean) => (yes ? "Published." : "Kept."));

/** Writes about a topic, asks, and publishes. */
export const article = orchestration("article", (o) =>
  o.start(write).advance(write, approve).advance(approve, publish).finish(publish),
);

/** Says its text in pieces. */
export const essay = orchestration("essay", (o) => o.start(write).finish(write));

/** Takes an object, and gives one. */
const add = runnable("add", ({ a, b }: { a: number; b: number }) => ({ sum: a + b }));
export const sum = orchestration("sum", (o) => o.start(add).finish(add));

const first = question("first", { ask: "Keep it?", answer: z.boolean() });
const second = question("second", { ask: "And delete it?", answer: z.boolean() });

/** Asks twice. */
export const twice = orchestration("twice", (o) => o.start(first).advance(first, second).finish(second));

const both = all("both", {
  colour: question("colour", { ask: "Which colour?", answer: z.enum(["red", "blue"]) }),
  count: question("count", { ask: "How many?", answer: z.int() }),
});

/** Asks two questions at once. */
export const order = orchestration("order", (o) => o.start(both).finish(both));

const fail = runnable("fail", () => {
  throw new TypeError("cannot read /etc/passwd with sk-0123456789abcdef");
});
export const broken = orchestration("broken", (o) => o.start(fail).finish(fail));

/** Goes on until it is stopped. */
const hang = runnable("hang", (_: string, ctx) => {
  ctx.emit(speech, "Working");
  return new Promise<string>((_resolve, reject) => {
    ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason), { once: true });
  });
});
export const endless = orchestration("endless", (o) => o.start(hang).finish(hang));

const count = runnable("count", (said: readonly string[]) => `${said.length}: ${said.at(-1)}`);

/** Counts the messages of its conversation. */
export const counter = orchestrationRuntime(
  orchestration("counter", (o) => o.start(count).finish(count)),
  {
    toInput: ({ text, history }) => [...history.filter(({ role }) => role === "user").map(() => ""), text],
    toMessage: (output) => output,
  },
);

/** A server that listens, with a client of it. */
export interface ServedModels {
  readonly url: string;
  readonly server: Server;
  readonly client: OpenAI;
  readonly clientOf: (principal: string) => OpenAI;
  readonly stop: () => Promise<void>;
}

/** Serves the models. Who calls is said by the key of the client. */
export async function serveModels(options: Partial<ServerOptions> = {}): Promise<ServedModels> {
  const server = createServer({
    host: memoryHost(),
    orchestrations: {
      article: { orchestration: article, description: "Writes an article.", input: z.string() },
      essay: { orchestration: essay, input: z.string() },
      sum: { orchestration: sum, input: z.object({ a: z.number(), b: z.number() }) },
      twice: { orchestration: twice, input: z.string() },
      order: { orchestration: order },
      broken: { orchestration: broken },
      endless: { orchestration: endless, input: z.string() },
    },
    chats: { counter: { configuration: counter, description: "Counts messages." } },
    principal: (request) => ({ id: request.headers.get("authorization") ?? "nobody" }),
    doors: [openai()],
    ...options,
  });
  const { url, stop } = await listen(server);
  const clientOf = (apiKey: string): OpenAI => new OpenAI({ apiKey, baseURL: `${url}/openai/v1` });
  return { url, server, client: clientOf("ada"), clientOf, stop };
}
