/** Tools of MCP servers in the program: one as a process, one over HTTP, and some that do not work. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";

const SERVER = new URL("../../../packages/agents/test/mcp-server.ts", import.meta.url).pathname;
const STDIO = { command: process.execPath, args: ["--conditions=@orch/source", SERVER, "stdio"] };

/** A model that calls the tool `name` once, and then says what came of it. */
async function caller(
  name: string,
  args: object,
): Promise<{ readonly url: string; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const http = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    const { messages } = JSON.parse(body) as { messages: { role: string; content: unknown }[] };
    const last = messages.at(-1);
    const call = {
      index: 0,
      id: "c1",
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    };
    const [delta, reason] =
      last?.role === "tool"
        ? [{ content: `It says ${String(last.content)}.` }, "stop"]
        : [{ tool_calls: [call] }, "tool_calls"];
    const event = { id: "1", model: "m", choices: [{ index: 0, delta, finish_reason: reason }] };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`, bodies };
}

const config = (url: string, mcp: object): Record<string, string> => ({
  "orch.config.json": JSON.stringify({
    model: "slow/m",
    orchestration: "chat",
    providers: { slow: { kind: "openai-compatible", baseURL: url } },
    mcp,
  }),
});

it("a server's tools answer in the chat; one that fails is a line with what it wrote last; /tools lists them", async () => {
  const { url, bodies } = await caller("lab__add", { a: 20, b: 22 });
  const broken = {
    command: process.execPath,
    args: ["-e", "console.error('first'); console.error('no such table: ships'); process.exit(3)"],
  };
  await using cli = await buildCli();
  await using box = await sandbox(cli.file, config(url, { lab: STDIO, broken }));
  {
    // Not trusted: nothing is started, and the tools are not there.
    const { stderr } = await box.run(["-p", "add", "--model", "local/extractive"]);
    expect(stderr).toContain("mcp.lab.command");
    expect(bodies).toEqual([]);
  }
  await using app = box.start(["--trust"], { columns: 100 });
  await app.until("Ask, or / for commands");
  await app.until(/The MCP server "broken".*no such table: ships/s);
  app.type("what is 20 and 22\r");
  await app.until("It says 42.");
  app.type("/tools\r");
  await app.until("lab ready");
  const shown = app.unbroken();
  expect(shown).toContain("files built in");
  expect(shown).toMatch(/lab__add runs without asking {2}Adds two numbers/);
  expect(shown).toContain("broken failed: ");
  app.type("/prompt\r");
  await app.until("lab/review file=");
  app.type("/prompt lab/review file=my notes.md\r");
  await app.until("Review my notes.md.");
  app.type("\u0015");
  app.type("\u0004");
  expect(await app.ended).toMatchObject({ code: 0 });
});

it("a server at an address answers orch -p with its tools, and ends with the program", async () => {
  const child = spawn(process.execPath, ["--conditions=@orch/source", SERVER, "http", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [address] = (await once(child.stdout, "data")) as [Buffer];
  const { url } = await caller("lab__add", { a: 1, b: 2 });
  await using cli = await buildCli();
  await using box = await sandbox(cli.file, config(url, { lab: { url: String(address).trim() } }));
  const { stdout, stderr } = await box.run(["-p", "--trust", "add"]);
  expect({ stdout, stderr }).toEqual({ stdout: "It says 3.\n", stderr: expect.any(String) });
});
