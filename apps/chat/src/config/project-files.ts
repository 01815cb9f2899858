/** What `orch init` and `orch new` write: files in which the editor and the compiler find nothing to complain about. */
import { DEFAULT_MODELS } from "./default-models.ts";

const [FIRST_MODEL, ...OTHER_MODELS] = DEFAULT_MODELS.map(({ model }) => model);

/** `orch.config.json`, with a comment for each setting. */
export const CONFIG_FILE = `{
  // Which model answers, as provider/model. Other names: ${OTHER_MODELS.join(", ")}, ollama/llama3.2.
  // Keys come from the environment: ${DEFAULT_MODELS.map(({ key }) => key).join(", ")} and so on.
  // "model": "${FIRST_MODEL}",

  // Which orchestration answers: research, chat, triage, review, or one of yours below.
  // "orchestration": "research",

  // Orchestrations of your own, and models for bundled ones.
  "orchestrations": {
    // "research": { "model": "${OTHER_MODELS[0] ?? FIRST_MODEL}" }
  },

  // Your own servers. One that is not on this machine counts after you start once with --trust.
  // "providers": {
  //   "house": { "kind": "openai-compatible", "baseURL": "http://127.0.0.1:8000/v1", "preset": "vllm" }
  // },

  "limits": {
    "maxTurns": 10, // model calls that an agent may make for one message
    "concurrency": 4 // branches that run side by side
  }
}
`;

/** `tsconfig.json` for files that Node runs as they are. */
export const COMPILER_FILE = `{
  "compilerOptions": {
    "target": "es2024",
    "lib": ["es2024", "esnext.disposable"],
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "allowImportingTsExtensions": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["orc", "orch.config.ts"]
}
`;

/** An orchestration with its test. */
export interface OrchestrationFiles {
  readonly code: string;
  readonly test: string;
  /** Files that it imports, by their paths in `orc/`. */
  readonly beside?: ReadonlyMap<string, string>;
}

/** The orchestration of `orch init`. `orch` is what the user types to start the program. */
export function hello(orch: string): OrchestrationFiles {
  return { code: helloCode(orch), test: HELLO_TEST };
}

const helloCode = (
  orch: string,
): string => `// An orchestration of your own: a state machine whose states may be code, agents, or other machines.
// Try it: ${orch} -p --orc hello "Ada"       In the chat: /orc hello
import type { OrchestrationFactory } from "@orch/chat";
import { orchestration, runnable } from "@orch/core";

// A state is a named function from an input to an output.
const clean = runnable("clean", (text: string) => ({ name: text.trim() }));
const greet = runnable("greet", (who: { name: string }) => \`Hello, \${who.name}!\`);
const ask = runnable("ask", () => "Hello! What is your name?");

// Edges say where the machine goes next. They are asked in order; the first that holds is taken.
export const hello = orchestration("hello", (o) =>
  o
    .start(clean)
    .advance(clean, greet, { label: "has a name", when: ({ name }) => name !== "" })
    .advance(clean, ask, { label: "has none", convert: () => undefined })
    .finish(greet, ask),
);

// The chat calls this with { model, root, clock, limits } and sends each message to what it gives.
const make: OrchestrationFactory = () => hello;
export default make;
`;

const HELLO_TEST = `import { edgeCoverage } from "@orch/testing";
import { afterAll, expect, it } from "vitest";
import { hello } from "./hello.ts";

const coverage = edgeCoverage(hello);
hello.on("state.transition", coverage.hear);

it("greets by name", async () => {
  expect(await hello.run(" Ada ")).toBe("Hello, Ada!");
});

it("asks for a name that is not there", async () => {
  expect(await hello.run("")).toBe("Hello! What is your name?");
});

// Every way of the machine was taken by some test above.
afterAll(() => expect(coverage.missing(), coverage.text()).toEqual([]));
`;

/** The orchestration of `orch new`: code, and an agent with the model that the user chose. */
export function newOrchestration(name: string, orch: string): OrchestrationFiles {
  const camel = name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    code: `// Try it: ${orch} -p --orc ${name} "What is this folder about?"       In the chat: /orc ${name}
import { agent, agentRunnable } from "@orch/agents";
import { fileTools } from "@orch/agents/files";
import type { OrchestrationContext, OrchestrationFactory } from "@orch/chat";
import { orchestration, runnable } from "@orch/core";

export const ${camel} = ({ model, root, find, limits }: OrchestrationContext) => {
  const question = runnable("question", (text: string) => text.trim());
  const answer = agentRunnable(
    agent({
      name: "answer",
      instructions: "Answer from the files of the folder. Look before you claim anything, and cite path:line.",
      model,
      tools: fileTools({ root, ...(find && { find }) }),
      maxTurns: limits.maxTurns,
    }),
  );
  return orchestration("${name}", (o) => o.start(question).advance(question, answer).finish(answer));
};

export default ${camel} satisfies OrchestrationFactory;
`,
    test: `import { manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import { ${camel} } from "./${name}.ts";

it("answers with what the model says", async () => {
  const model = scriptedModel(["It is about lighthouses."]);
  const limits = { maxTurns: 3, concurrency: 1 };
  const flow = ${camel}({ model, root: import.meta.dirname, clock: manualClock(), limits });
  expect(await flow.run("What is this folder about?")).toBe("It is about lighthouses.");
});
`,
  };
}

/** The test of a copy of a bundled orchestration. */
export function copyTest(name: string): string {
  return `import { ChatRuntime } from "@orch/chat-runtime";
import { manualClock, scriptedModel } from "@orch/testing";
import { expect, it } from "vitest";
import make from "./${name}.ts";

it("can hold a conversation", async () => {
  const model = scriptedModel([]);
  const limits = { maxTurns: 3, concurrency: 1 };
  const runtime = new ChatRuntime(make({ model, root: import.meta.dirname, clock: manualClock(), limits }));
  // Give the model what it shall say, send a message, and expect what comes of it.
  expect(runtime.history).toEqual([]);
  await runtime.close();
});
`;
}
