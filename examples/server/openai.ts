/**
 * A client of the OpenAI APIs talks to an orchestration: the question ends the turn, the next message answers it, and the text streams.
 * Run: `node --conditions=@orch/source examples/server/openai.ts`. With `--serve` it stays, for any chat program: the base URL is printed.
 */
import { orchestration, question, runnable, speech } from "@orch/core";
import { createServer } from "@orch/server";
import { listen } from "@orch/server/node";
import { openai } from "@orch/server/openai";
import OpenAI from "openai";
import { z } from "zod";

const approve = question("approve", {
  ask: (topic: string) => `Publish what I know of ${topic}?`,
  answer: z.boolean(),
});
const publish = runnable("publish", (yes: boolean, ctx) => {
  const pieces = yes ? ["Published: ", "the moon ", "pulls."] : ["Kept back."];
  for (const piece of pieces) ctx.emit(speech, piece);
  return pieces.join("");
});
const article = orchestration("article", (o) => o.start(approve).advance(approve, publish).finish(publish));

const server = createServer({
  orchestrations: { article: { orchestration: article, input: z.string() } },
  doors: [openai()],
});
const { url, stop } = await listen(server);
const baseURL = `${url}/openai/v1`;

if (process.argv.includes("--serve")) console.log(`base URL ${baseURL}, any key, model article`);
else {
  const client = new OpenAI({ apiKey: "unused", baseURL });
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  for (const said of ["tides", "yes"]) {
    messages.push({ role: "user", content: said });
    let answer = "";
    for await (const chunk of await client.chat.completions.create({
      model: "article",
      messages,
      stream: true,
    }))
      answer += chunk.choices[0]?.delta.content ?? "";
    console.log(`> ${said}\n${answer}`);
    messages.push({ role: "assistant", content: answer });
  }
  await stop();
}
