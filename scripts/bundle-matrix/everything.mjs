/** What the matrix of platforms covers: the doors of all libraries, and small programs that use them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CALLS } from "./programs.mjs";

/** The libraries, by their folders. The chat and `create-orch` are programs; `@orch/testing` is for tests, on Node. */
export const PACKAGES = ["core", "agents", "chat-runtime", "server", "react", "sqlite", "restate"];

/** What is installed beside them. */
export const PEERS = [
  "zod",
  "minisearch",
  "ignore",
  "openai",
  "@anthropic-ai/sdk",
  "@modelcontextprotocol/client",
  "@opentelemetry/api",
  "react",
  "ai",
  "@restatedev/restate-sdk",
];

/** The columns of the table. */
export const COLUMNS = ["Node 22", "Node 24", "Node 26", "Bun", "Deno", "Workers", "Chromium"];

/** Doors that work with files, processes and ports: for Node, and what is like it. */
const NODE_ONLY = new Set([
  "@orch/agents/files",
  "@orch/agents/extractive",
  "@orch/agents/mcp",
  "@orch/server/node",
  "@orch/sqlite",
  "@orch/sqlite/sessions",
  "@orch/restate/worker",
]);

/** Runtimes that are like Node 24, each with the bundlers whose bundles it runs: another CommonJS and another ESM one. */
const LIKE_NODE = {
  "Node 22": ["esbuild for Node", "Vite for a server"],
  "Node 26": ["esbuild for Node", "rolldown for Node"],
  Bun: ["esbuild for Node", "webpack for Node"],
  Deno: ["esbuild for Node", "Vite for a server"],
};

/** Where a bundle runs. Node 24 runs those of all bundlers, the other runtimes those of two, or of all when `isWhole`. */
export function columnsOf({ name, node }, isWhole) {
  if (!node) return name.includes("worker") ? ["Workers"] : ["Chromium"];
  const others = Object.keys(LIKE_NODE).filter((column) => isWhole || LIKE_NODE[column].includes(name));
  return ["Node 24", ...others];
}

/** Every door of every library. */
export function doorsOf(root) {
  return PACKAGES.flatMap((owner) => {
    const manifest = readFileSync(join(root, "packages", owner, "package.json"), "utf8");
    return Object.keys(JSON.parse(manifest).exports)
      .filter((door) => door !== "./package.json")
      .map((door) => {
        const specifier = `@orch/${owner}${door.slice(1)}`;
        return { owner, door: door.slice(1), specifier, nodeOnly: NODE_ONLY.has(specifier) };
      });
  });
}

/** A program for each door, and those that use them. */
export function programsOf(doors) {
  const ofDoors = doors.map(({ owner, specifier, nodeOnly }) => ({
    name: specifier.slice(1).replaceAll("/", "-"),
    owner,
    nodeOnly,
    source: `import * as door from ${JSON.stringify(specifier)};
export const run = () => Object.keys(door).filter((key) => door[key] === undefined);`,
    expect: (lost) => (lost.length === 0 ? undefined : `${specifier} has no ${lost.join(", ")}`),
  }));
  const calls = CALLS.map((call) => ({
    owner: ownerOf(call.name),
    ...call,
    expect: (value, has, column) =>
      column === "Chromium" && asksProvider(call) ? refusedInPage(value) : call.expect(value, has),
  }));
  return [...ofDoors, ...calls, ...USES];
}

/** The SDKs refuse to work in a page, to keep keys out of it. That is a failure of the model, and no broken bundle. */
function refusedInPage(value) {
  const text = JSON.stringify(value);
  return /does not work in a page|ORCH_AGENT_STOPPED/.test(text) ? undefined : `in a page it gave ${text}`;
}

function asksProvider({ source }) {
  return source.includes("baseURL: url");
}

function ownerOf(name) {
  return name.endsWith("-runtime") ? "chat-runtime" : "agents";
}

const USES = [
  {
    name: "served-run",
    owner: "server",
    source: `import { orchestration, runnable } from "@orch/core";
import { createServer } from "@orch/server";
import { json } from "@orch/server/json";
import { sse } from "@orch/server/sse";
export async function run() {
  const shout = runnable("shout", (text) => text.toUpperCase());
  const loud = orchestration("loud", (o) => o.start(shout).finish(shout));
  const server = createServer({ orchestrations: { loud: { orchestration: loud } }, doors: [json(), sse()] });
  const body = JSON.stringify({ orchestration: "loud", input: "hello" });
  const started = await server.fetch(new Request("http://localhost/v1/runs", { method: "POST", body }));
  const { run } = await started.json();
  return (await server.fetch(new Request("http://localhost/sse/runs/" + run))).text();
}`,
    expect: (text) => (String(text).includes("HELLO") ? undefined : `the server told ${text}`),
  },
  {
    name: "kept-run",
    owner: "sqlite",
    nodeOnly: true,
    source: `import { orchestration, runnable } from "@orch/core";
import { sqliteHost } from "@orch/sqlite";
export async function run() {
  const shout = runnable("shout", (text) => text.toUpperCase());
  const loud = orchestration("loud", (o) => o.start(shout).finish(shout));
  const host = sqliteHost("kept-" + Date.now() + "-" + Math.random() + ".db");
  try {
    return await loud.run("hello", { host });
  } finally {
    await host.close();
  }
}`,
    expect: (said) => (said === "HELLO" ? undefined : `the run on SQLite gave ${said}`),
  },
];
