/**
 * What a stranger does with the published packages: small programs, each in an empty folder of its own.
 *
 * `packages` are installed, and `installs` is everything that may then be there. `source` is type-checked
 * and run; `command` is run in its place where there is one, and `after` behind it. A `check` complains in a sentence, or not at all.
 */
const files = {
  "notes.md": `# Kitchen

The kettle boils a litre of water in three minutes.

# Garden

The roses are cut in early spring. The hedge is cut twice a year.

# Cellar

The boiler is serviced every autumn by the company that built it.
`,
};

const core = `import { orchestration, runnable } from "@orch/core";

const name = runnable("name", (input: string) => input.trim());
const greeting = runnable("greeting", async (who: string) => ({ text: \`Hello, \${who}!\` }));
const greet = orchestration("greet", (o) => o.start(name).advance(name, greeting).finish(greeting));

const answer: { text: string } = await greet.run("  Ada ");
console.log(answer.text);
`;

const agents = `import { agent, agentRunnable, runAgent, tool } from "@orch/agents";
import { extractive } from "@orch/agents/extractive";
import { openai } from "@orch/agents/openai";
import { orchestration } from "@orch/core";
import { z } from "zod";

const clock = tool({ name: "clock", description: "The time.", input: z.object({}), invoke: () => "noon" });
const helper = agent({ name: "helper", model: extractive({ root: ".", paths: ["notes.md"] }), tools: [clock] });
const state = agentRunnable(helper);
const flow = orchestration("ask", (o) => o.start(state).finish(state));
const answer: string = await flow.run("How long does the kettle take to boil a litre of water?");

// Nothing listens there: the SDK is loaded, and a failure of the provider is a result and not an error.
const nobody = openai({ model: "gpt-5-mini", apiKey: "sk-none", baseURL: "http://127.0.0.1:9/v1" });
const { stopReason, failure } = await runAgent(helper, "Hello", { model: nobody });
console.log(JSON.stringify({ answer, stopReason, kind: failure?.kind }));
`;

const conversations = `import { ChatRuntime, orchestrationRuntime } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";

const shout = runnable("shout", (text: string) => text.toUpperCase());
const flow = orchestration("shouting", (o) => o.start(shout).finish(shout));
const configuration = orchestrationRuntime(flow, { toInput: ({ text }) => text, toMessage: (output) => output });
const runtime = new ChatRuntime(configuration);
for await (const event of runtime.send("hello")) console.log(event.type);
await runtime.close();
`;

export const programs = [
  {
    packages: ["@orch/core"],
    // The core has no dependencies, and this is where that is proven.
    installs: ["@orch/core"],
    source: core,
    check: (output) => (output.trim() === "Hello, Ada!" ? undefined : "The core did not greet Ada."),
  },
  {
    packages: ["@orch/agents", "openai"],
    installs: ["@orch/agents", "@orch/core", "ignore", "minisearch", "openai", "zod"],
    source: agents,
    files,
    check: (output) => {
      const { answer, stopReason, kind } = JSON.parse(output);
      if (!answer.includes("three minutes")) return "The model that quotes did not quote the notes.";
      if (stopReason !== "error" || kind !== "network") return "An unreachable provider was not told as one.";
      return undefined;
    },
  },
  {
    packages: ["@orch/chat-runtime"],
    source: conversations,
    check: (output) => (output.includes("turn.completed") ? undefined : "The turn did not complete."),
  },
  {
    packages: ["@orch/chat"],
    // Published as a bundle, so that one package is fetched.
    installs: ["@orch/chat"],
    files,
    command: [
      "npx",
      "--no-install",
      "orch",
      "-p",
      "How long does the kettle take to boil a litre of water?",
      "--output",
      "json",
    ],
    check: (output) => {
      const result = JSON.parse(output);
      return JSON.stringify(result).includes("three minutes")
        ? undefined
        : "The chat did not quote the notes.";
    },
    // Here no shell finds `orch`: what is said to be typed next has to work.
    after: {
      command: ["npx", "--no-install", "orch", "init"],
      check: (output) =>
        output.includes('Try: npx orch -p --orc hello "Ada"')
          ? undefined
          : "orch init named no way to start the chat here.",
    },
  },
];
