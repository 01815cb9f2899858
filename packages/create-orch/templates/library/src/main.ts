/** The program: `npm start`, or `npm start -- "When are the roses cut?"`. */
import { join } from "node:path";
import { resolveModel } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { research } from "./research.ts";

// What Orch throws is a sentence with the way out: a key that is missing, a package that is not installed.
process.on("uncaughtException", (error) => {
  console.error(isOrchError(error) ? error.message : error);
  process.exit(1);
});

const { env } = process;
const root = join(import.meta.dirname, "../notes");
// `local/extractive` needs no key and no network: it quotes the notes. README.md says how to use a language model.
const model = resolveModel(env["MODEL"] ?? "local/extractive", {}, { env, root });

const flow = research({ model, root });
flow.on("state.transition", (event) => console.error(`${event.from} -> ${event.to}`));

const question = process.argv[2] ?? "How long does the kettle take to boil a litre of water?";
console.log(await flow.run(question));
