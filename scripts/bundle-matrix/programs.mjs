/**
 * What is bundled: programs as users write them. Each exports `run({ url })` and gives what it saw as JSON; `expect`
 * complains of that in a sentence, or not at all. `has(name)` tells whether a package is installed.
 */

/** Doors that work with files and processes, and are for Node alone. */
const NODE_ONLY = new Set(["./files", "./extractive", "./mcp"]);

/** The programs for the doors of a package, and those that use them. */
export function programsFor(doors) {
  return [...doors.map(ofDoor), ...CALLS];
}

function ofDoor(door) {
  const name = `@orch/agents${door.slice(1)}`;
  return {
    name: door === "." ? "main-door" : `door-${door.slice(2)}`,
    nodeOnly: NODE_ONLY.has(door),
    source: `import * as door from ${JSON.stringify(name)};
export const run = () => Object.keys(door).filter((key) => door[key] === undefined);`,
    expect: (lost) => (lost.length === 0 ? undefined : `${name} has no ${lost.join(", ")}`),
  };
}

const OPENAI = ["openai", "openai/m"];
const ANTHROPIC = ["@anthropic-ai/sdk", "anthropic/m"];

/** An answer where the SDK is installed; the line that installs it where it is not. */
function answers(seen, has, pairs) {
  for (const [sdk, model] of pairs) {
    const wanted = has(sdk) ? "hello" : `ORCH_MISSING_SDK: Install it: npm install ${sdk}@`;
    if (!String(seen[model]).startsWith(wanted)) return `${model} gave "${seen[model]}" and not "${wanted}"`;
  }
  return undefined;
}

const CONFIG = `{ providers: { openai: { baseURL: url + "/v1", apiKey: "k", attempts: 1 }, anthropic: { baseURL: url, apiKey: "k", attempts: 1 } } }`;
const TOLD = '(error) => error.code + ": " + error.fix';

export const CALLS = [
  {
    name: "agent-by-name",
    source: `import { agent, resolveModel, runAgent } from "@orch/agents";
export async function run({ url }) {
  const seen = {};
  for (const name of ["openai/m", "anthropic/m"]) {
    const one = agent({ name: "a", model: resolveModel(name, ${CONFIG}, { env: {} }) });
    seen[name] = await runAgent(one, "hi").then(({ output, failure }) => output ?? failure?.message, ${TOLD});
  }
  return seen;
}`,
    expect: (seen, has) => answers(seen, has, [OPENAI, ANTHROPIC]),
  },
  {
    name: "agent-openai",
    source: `import { agent, runAgent } from "@orch/agents";
import { openai } from "@orch/agents/openai";
export async function run({ url }) {
  const one = agent({ name: "a", model: openai({ model: "m", apiKey: "k", baseURL: url + "/v1" }) });
  return { "openai/m": await runAgent(one, "hi").then(({ output, failure }) => output ?? failure?.message, ${TOLD}) };
}`,
    expect: (seen, has) => answers(seen, has, [OPENAI]),
  },
  {
    name: "agent-anthropic",
    source: `import { agent, runAgent } from "@orch/agents";
import { anthropic } from "@orch/agents/anthropic";
export async function run({ url }) {
  const one = agent({ name: "a", model: anthropic({ model: "m", apiKey: "k", baseURL: url }) });
  return { "anthropic/m": await runAgent(one, "hi").then(({ output, failure }) => output ?? failure?.message, ${TOLD}) };
}`,
    expect: (seen, has) => answers(seen, has, [ANTHROPIC]),
  },
  {
    name: "chat-runtime",
    source: `import { textOf } from "@orch/agents";
import { ChatRuntime, orchestrationRuntime } from "@orch/chat-runtime";
import { orchestration, runnable } from "@orch/core";
export async function run() {
  const shout = runnable("shout", (text) => text.toUpperCase());
  const loud = orchestration("loud", (o) => o.start(shout).finish(shout));
  const runtime = new ChatRuntime(orchestrationRuntime(loud, { toInput: ({ text }) => text, toMessage: (output) => output }));
  try {
    return textOf(await runtime.invoke("hello"));
  } finally {
    await runtime.close();
  }
}`,
    expect: (said) => (said === "HELLO" ? undefined : `ChatRuntime said "${said}"`),
  },
  {
    name: "agent-runtime",
    source: `import { agent, resolveModel, textOf } from "@orch/agents";
import { agentRuntime, ChatRuntime } from "@orch/chat-runtime";
export async function run({ url }) {
  const one = agent({ name: "a", model: resolveModel("openai/m", ${CONFIG}, { env: {} }) });
  const runtime = new ChatRuntime(agentRuntime(one));
  try {
    return { "openai/m": await runtime.invoke("hi").then(textOf, ${TOLD}) };
  } finally {
    await runtime.close();
  }
}`,
    expect: (seen, has) => answers(seen, has, [OPENAI]),
  },
  {
    name: "mcp-server",
    nodeOnly: true,
    source: `import { connectMcp } from "@orch/agents/mcp";
export async function run() {
  const nowhere = { name: "nowhere", url: "http://127.0.0.1:9/mcp" };
  return connectMcp(nowhere).then(() => "connected", (error) => error.code);
}`,
    expect: (code, has) => {
      const wanted = has("@modelcontextprotocol/client") ? "ORCH_MCP_SERVER" : "ORCH_MISSING_SDK";
      return code === wanted ? undefined : `connectMcp gave ${code} and not ${wanted}`;
    },
  },
  {
    name: "quotes",
    nodeOnly: true,
    source: `import { agent, resolveModel, runAgent } from "@orch/agents";
export async function run() {
  const model = resolveModel("local/extractive", {}, { env: {}, root: "." });
  return (await runAgent(agent({ name: "a", model }), "What is written here?")).stopReason;
}`,
    expect: (reason) => (reason === "done" ? undefined : `local/extractive stopped with ${reason}`),
  },
];
