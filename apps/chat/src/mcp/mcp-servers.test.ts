import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tool } from "@orch/agents";
import { manualClock } from "@orch/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { McpServers } from "./mcp-servers.ts";

/** A server that starts only while there is a file `go`, and whose tool ends it. */
const LAB = `
const { existsSync } = require("node:fs");
if (!existsSync("go")) { console.error("no ship yet"); process.exit(3); }
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "tools/call") process.exit(4);
  const results = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "lab", version: "1" } },
    "tools/list": { tools: [{ name: "sink", inputSchema: { type: "object" } }] },
  };
  const told = method in results ? { result: results[method] } : { error: { code: -32601, message: "unknown" } };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, ...told }));
});`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "orch-servers-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function lab(entry: object = { command: process.execPath, args: ["-e", LAB], cwd: "." }) {
  const clock = manualClock();
  const lines: string[] = [];
  let heard = (): void => undefined;
  const says = (line: string): void => {
    lines.push(line);
    heard();
  };
  const servers = new McpServers({ lab: entry }, { clock, fetch, folder, failed: says, back: says });
  /** Waits for the next line. */
  const line = async (): Promise<string> => {
    if (lines.length === 0)
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    return lines.shift()!;
  };
  /** Waits until a try has ended, of which nothing is said. */
  const failed = async (): Promise<void> => {
    while (servers.states[0]!.state !== "failed") await new Promise<void>((resolve) => setImmediate(resolve));
  };
  return { servers, clock, lines, line, failed };
}

/** What a call of the tool that ends the server fails with. */
async function sunk({ invoke }: Tool): Promise<unknown> {
  const call = invoke as unknown as (input: object, ctx: object) => Promise<unknown>;
  return call({}, { signal: new AbortController().signal }).catch((error: unknown) => error);
}

it("a server that failed is tried again after growing delays, says when it is there, and its tools go along", async () => {
  const { servers, clock, line, lines, failed } = lab();
  await using _ = { [Symbol.asyncDispose]: () => servers.close() };
  await servers.connect();
  expect(await line()).toMatch(
    /^The MCP server "lab" could not be reached: .*no ship yet.*\. Its tools are missing; it is tried again in 5 s\.$/,
  );
  expect(await servers.tools()).toEqual([]);
  await clock.advance(4_999);
  expect(servers.states[0]).toMatchObject({ state: "failed", retryAt: clock.now() + 1 });
  await clock.advance(1);
  expect(servers.states[0]!.state).toBe("connecting");
  await failed();
  // The same failure is not said again.
  expect(lines).toEqual([]);
  expect(servers.states[0]!.retryAt).toBe(clock.now() + 15_000);
  await writeFile(join(folder, "go"), "");
  await clock.advance(15_000);
  expect(await line()).toBe('The MCP server "lab" is connected now, with 1 tool.');
  expect((await servers.tools()).map(({ name }) => name)).toEqual(["lab__sink"]);
  expect(clock.pending()).toBe(0);
});

it("by itself it is tried six times, and then only by hand", async () => {
  const { servers, clock, line, lines, failed } = lab({ url: "http://127.0.0.1:1/mcp" });
  await using _ = { [Symbol.asyncDispose]: () => servers.close() };
  expect(servers.retry("ship")).toBeUndefined();
  expect(servers.retry()).toEqual([]);
  await servers.connect();
  await line();
  for (const delay of [5_000, 15_000, 45_000, 120_000, 300_000]) {
    await clock.advance(delay);
    await failed();
  }
  expect(await line()).toMatch(/It was tried 6 times\. Its tools are missing; \/tools retry in the chat/);
  expect(clock.pending()).toBe(0);
  expect(servers.retry("lab")).toEqual(["lab"]);
  // A person who asked is told, also the same.
  expect(await line()).toMatch(/it is tried again in 5 s\.$/);
  expect(servers.retry()).toEqual(["lab"]);
  expect(servers.retry("lab")).toEqual([]);
  expect(await line()).toMatch(/it is tried again in 5 s\.$/);
  expect(lines).toEqual([]);
});

it("what a server refuses is not tried again by itself, and no timer is left at the end", async () => {
  const refused = lab({ url: "no address" });
  await using _ = { [Symbol.asyncDispose]: () => refused.servers.close() };
  await refused.servers.connect();
  await refused.line();
  const allowed = lab({ command: process.execPath, args: ["-e", LAB], allow: ["nothing"] });
  await writeFile(join(folder, "go"), "");
  await allowed.servers.connect();
  expect(await allowed.line()).toMatch(/Its tools are missing; \/tools retry in the chat tries it again\.$/);
  await allowed.servers.close();
  expect(allowed.clock.pending()).toBe(0);
  await refused.servers.close();
  expect(refused.clock.pending()).toBe(0);
});

it("one that died for good is connected anew for the next message", async () => {
  await writeFile(join(folder, "go"), "");
  const { servers, line } = lab();
  await using _ = { [Symbol.asyncDispose]: () => servers.close() };
  const tools = await servers.tools();
  await sunk(tools[0]!);
  await sunk(tools[0]!);
  expect(await sunk(tools[0]!)).toMatchObject({ facts: { reason: "given-up" } });
  expect(servers.has(tools)).toBe(false);
  const anew = await servers.tools();
  expect(await line()).toContain("is connected now, with 1 tool.");
  expect(anew.map(({ name }) => name)).toEqual(["lab__sink"]);
  expect(servers.has(anew)).toBe(true);
  expect(await sunk(anew[0]!)).toMatchObject({ facts: { reason: "lost" } });
});
