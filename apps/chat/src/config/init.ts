/** `orch init`: a configuration and an orchestration of the user's own to begin with. */
import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileExistsError } from "../errors/file-exists-error.ts";
import { DEFAULT_MODELS } from "./default-models.ts";
import type { Trust } from "./trust.ts";

const [FIRST_MODEL, ...OTHER_MODELS] = DEFAULT_MODELS.map(({ model }) => model);

const CONFIG = `{
  // Which model answers, as provider/model. Other names: ${OTHER_MODELS.join(", ")}, ollama/llama3.2.
  // Keys come from the environment: ${DEFAULT_MODELS.map(({ key }) => key).join(", ")} and so on.
  // "model": "${FIRST_MODEL}",

  // Which orchestration answers: research, chat, or one of yours below.
  // "orchestration": "research",

  // Orchestrations of your own, and models for bundled ones.
  "orchestrations": {
    "hello": { "file": "./orc/hello.ts" }
    // "research": { "model": "${OTHER_MODELS[0] ?? FIRST_MODEL}" }
  },

  // Your own servers. They count after you start once with --trust; in ~/.config/orch/config.json, always.
  // "providers": {
  //   "house": { "kind": "openai-compatible", "baseURL": "http://127.0.0.1:8000/v1", "preset": "vllm" }
  // },

  "limits": {
    "maxTurns": 10, // model calls that an agent may make for one message
    "concurrency": 4 // branches that run side by side
  }
}
`;

const HELLO = `// An orchestration of your own: a state machine whose states may be code, agents, or other machines.
// Try it: orch -p --orc hello "Ada"       In the chat: /orc hello
import { orchestration, runnable } from "@orch/core";

// A state is a named function from an input to an output.
const clean = runnable("clean", (text: string) => ({ name: text.trim() }));
const greet = runnable("greet", (who: { name: string }) => \`Hello, \${who.name}!\`);
const ask = runnable("ask", () => "Hello! What is your name?");

// Edges say where the machine goes next. They are asked in order; the first that holds is taken.
export default () =>
  orchestration("hello", (o) =>
    o
      .start(clean)
      .advance(clean, greet, { label: "has a name", when: ({ name }) => name !== "" })
      .advance(clean, ask, { label: "has none", convert: () => undefined })
      .finish(greet, ask),
  );
`;

/**
 * Writes both files into `folder` and gives their names.
 *
 * @throws FileExistsError (`ORCH_FILE_EXISTS`) before anything is written, when one of them is there.
 */
export async function init(folder: string, trust: Trust): Promise<readonly string[]> {
  const files: readonly (readonly [string, string])[] = [
    ["orch.config.json", CONFIG],
    ["orc/hello.ts", HELLO],
  ];
  for (const [name] of files) {
    if (await exists(join(folder, name))) throw new FileExistsError({ file: name });
  }
  for (const [name, text] of files) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    // We wrote it, so we know what it does.
    if (name.endsWith(".ts")) await trust.remember(file, text);
  }
  return files.map(([name]) => name);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
