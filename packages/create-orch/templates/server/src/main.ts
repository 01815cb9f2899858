/** The program: `npm start`. Ctrl-C waits ten seconds for what goes on; the rest goes on at the next start. */
import { join } from "node:path";
import { resolveModel } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { guard } from "@orch/server";
import { listen } from "@orch/server/node";
import { served } from "./served.ts";

// What Orch throws is a sentence with the way out: a port that is taken, a model that is unknown.
process.on("uncaughtException", (error) => {
  console.error(isOrchError(error) ? error.message : error);
  process.exit(1);
});

const { env } = process;
const root = join(import.meta.dirname, "../notes");
const file = env["DATABASE"] ?? join(import.meta.dirname, "../data/runs.db");
// `local/extractive` needs no key and no network: it quotes the notes. README.md says how to use a language model.
const model = resolveModel(env["MODEL"] ?? "local/extractive", {}, { env, root });

const { server, close } = served({ model, root, file });
// What an earlier process left in the middle goes on.
await server.resume();
const { url, stop } = await listen(server, {
  port: Number(env["PORT"] ?? 4100),
  drain: 10_000,
  // Lets in this machine alone. To be reached from elsewhere: `hostname` above, and `hosts` and `tokens` here.
  around: guard(server),
});

// A second Ctrl-C waits no longer.
const end = async (): Promise<void> => {
  await stop();
  await close();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end());
console.log(`listens on ${url}

Try in another terminal:
  curl ${url}/v1/runs -d '{"orchestration":"research","input":"When are the roses cut?"}'`);
