/** Tools of MCP servers in the program: one as a process, one over HTTP, and some that do not work. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { buildCli } from "./support/built-cli.ts";
import { caller, config } from "./support/calling-model.ts";
import { sandbox } from "./support/sandbox.ts";

const SERVER = new URL("../../../packages/agents/test/mcp-server.ts", import.meta.url).pathname;
const STDIO = { command: process.execPath, args: ["--conditions=@orch/source", SERVER, "stdio"] };

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
  expect(shown).toMatch(/broken failed: [\s\S]*ships"; tried again in \d+ s/);
  app.type("/tools retry broken\r");
  await app.until("↻ Trying broken again.");
  await app.until((it) => it.unbroken().split("it is tried again in 5 s.").length === 3);
  app.type("/tools retry lab\r");
  await app.until("lab has not failed.");
  app.type("/tools retry ship\r");
  await app.until("! There is no server ship: /tools lists them.");
  app.type("/prompt\r");
  await app.until("lab/review file=");
  app.type("/prompt lab/review file=my notes.md\r");
  await app.until("Review my notes.md.");
  app.type("\u0015");
  app.type("\u0004");
  expect(await app.ended).toMatchObject({ code: 0 });
});

/** A server with one tool, which starts only where there is a file `go`. */
const LATER = `
if (!require("node:fs").existsSync("go")) process.exit(3);
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const results = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "l", version: "1" } },
    "tools/list": { tools: [{ name: "sail", inputSchema: { type: "object" } }] },
  };
  const told = method in results ? { result: results[method] } : { error: { code: -32601, message: "unknown" } };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, ...told }));
});`;

it("an orchestration of one's own has the tools of a server that came later, with its next message", async () => {
  await using cli = await buildCli();
  await using box = await sandbox(cli.file, {
    "orch.config.json": JSON.stringify({
      orchestrations: { mine: { file: "./mine.js" } },
      mcp: { later: { command: process.execPath, args: ["-e", LATER] } },
    }),
    "mine.js": `import { orchestration, runnable } from "@orch/core";
export default async ({ mcpTools }) => {
  const names = (await mcpTools()).map(({ name }) => name);
  const say = runnable("say", () => "tools: " + (names.join() || "none"));
  return orchestration("mine", (o) => o.start(say).finish(say));
};
`,
  });
  await using app = box.start(["--trust", "--orc", "mine"], { columns: 100 });
  await app.until(/The MCP server "later" could not be reached/);
  app.type("first\r");
  await app.until("tools: none");
  await writeFile(join(box.folder, "go"), "");
  app.type("/tools retry\r");
  await app.until('● The MCP server "later" is connected now, with 1 tool.');
  app.type("second\r");
  await app.until("mine is loaded again with the tools that there are now.");
  await app.until("tools: later__sail");
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

it("T19: what a server offers is completed behind an @, read for a message, and said; so is what cannot be read", async () => {
  const { url, bodies } = await caller("lab__add", { a: 1, b: 2 });
  await using cli = await buildCli();
  await using box = await sandbox(cli.file, config(url, { lab: STDIO }));
  await using app = box.start(["--trust"], { columns: 100 });
  await app.until("Ask, or / for commands");
  app.type("go\r");
  await app.until("It says 3.");
  app.type("read @notes");
  await app.until((it) => it.screen().includes("lab:lab://notes"));
  app.type("\t");
  await app.until((it) => /read @lab:lab:\/\/notes$/m.test(it.screen()));
  app.type("and @lab:lab://gone\r");
  await app.until("attached lab:lab://notes (12 bytes)");
  await app.until(/not attached: lab:lab:\/\/gone \(/);
  await app.until((it) => it.count("It says 3.") === 2);
  expect(bodies.at(-1)).toContain("Seven ships.");
  expect(bodies.at(-1)).toContain('<resource server=\\"lab\\" uri=\\"lab://notes\\">');
  app.type("\u0004");
  expect(await app.ended).toMatchObject({ code: 0 });
});
