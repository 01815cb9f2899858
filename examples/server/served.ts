/** What the mounts beside this file serve: one orchestration, through the plain door and the door of events. */
import { orchestration, runnable, speech } from "@orch/core";
import { createServer, type Server } from "@orch/server";
import { json } from "@orch/server/json";
import { sse } from "@orch/server/sse";
import { z } from "zod";

const write = runnable("write", (topic: string, ctx) => {
  for (const word of ["All ", "about ", topic]) ctx.emit(speech, word);
  return `All about ${topic}`;
});
const article = orchestration<string, string>("article", (o) => o.start(write).finish(write));

export const server: Server = createServer({
  orchestrations: { article: { orchestration: article, input: z.string() } },
  doors: [json(), sse()],
});
