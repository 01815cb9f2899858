import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { agent, runAgent, type Tool } from "@orch/agents";
import { isOrchError } from "@orch/core";
import { manualClock, scriptedModel } from "@orch/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { thorough } from "../../../../../scripts/lanes.ts";
import { bundledServer } from "../../../test/bundled-server.ts";
import { labServer } from "../../../test/mcp-server.ts";
import { connectMcp, type McpServer, withMcp } from "./connect-mcp.ts";
import type { McpHttpConfig, McpServerConfig, McpStdioConfig } from "./mcp-config.ts";

/** In milliseconds: below the SDK's time-out of a minute, and far above what a slow machine needs. */
const AT_ONCE = 45_000;

const SERVER = bundledServer();
/** Where a server finds itself compiled: what it is given is all of its environment. */
const compiled = { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "" };
const stdio = (more: Partial<McpStdioConfig> = {}): McpStdioConfig => ({
  name: "lab",
  command: process.execPath,
  args: [SERVER, "stdio"],
  ...more,
  env: { ...compiled, ...more.env },
});

const running: ChildProcess[] = [];
const open: McpServer[] = [];
const listening: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  for (const http of listening.splice(0)) {
    http.closeAllConnections();
    http.close();
  }
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

async function connect(config: McpServerConfig, options: Parameters<typeof connectMcp>[1] = {}) {
  const server = await connectMcp(config, options);
  open.push(server);
  return server;
}

/** Starts the server on HTTP, and gives its address. */
async function serve(port = 0, mode = "http"): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [SERVER, mode, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [said] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, url: String(said).trim() };
}

/** Serves in this process, for what no end of a process has a part in. */
async function inside(): Promise<{ url: string; closed: readonly string[]; forget: () => void }> {
  const closed: string[] = [];
  const { listener, forget } = labServer((session) => closed.push(session));
  const http = createHttpServer(listener);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  listening.push(http);
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, closed, forget };
}

const noSignal = new AbortController().signal;
function call(
  server: McpServer,
  name: string,
  input: object = {},
  signal = noSignal,
  emit = (_: unknown) => {},
) {
  const tool = server.tools.find((one) => one.name === `lab__${name}`) as Tool;
  return tool.invoke(input as never, { signal, callId: "c1", emit }) as Promise<unknown>;
}
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable("it did not fail"),
    (error: unknown) => error,
  );
function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
/** Waits for something outside to be so; the test's own time limit ends it. */
async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe.each(["stdio", "http"] as const)("over %s", (way) => {
  const reach = async (more: Partial<McpHttpConfig & McpStdioConfig> = {}): Promise<McpServerConfig> =>
    way === "stdio" ? stdio(more) : ({ name: "lab", url: (await inside()).url, ...more } as McpHttpConfig);

  // One server for the tests that leave it as it was.
  let server: McpServer;
  let http: HttpServer | undefined;
  beforeAll(async () => {
    const config = await reach();
    http = listening.pop();
    server = await connectMcp(config);
  });
  afterAll(async () => {
    await server.close();
    http?.close();
  });

  it("lists the tools under prefixed names that providers accept", async () => {
    expect(server.tools.map((tool) => tool.name)).toEqual([
      ...["add", "pid", "env", "show", "fail", "count", "hang", "exit", "grow"].map((name) => `lab__${name}`),
      expect.stringMatching(/^lab__dotted_name_[a-z0-9]+$/),
    ]);
    expect(server.instructions).toBe("Ask the lab.");
  });

  it("gives an agent without other tools the server's, and the model reads what they answer (S31)", async () => {
    const { tools } = server;
    const model = scriptedModel([
      {
        calls: [
          { name: "lab__add", input: { a: 2, b: 3 } },
          { name: "lab__add", input: { a: "x" } },
        ],
      },
      "Five.",
    ]);
    const { messages, output } = await runAgent(agent({ name: "helper", model, tools }), "2 + 3?");
    expect(output).toBe("Five.");
    const [five, wrong] = messages[2]!.content;
    expect(five).toMatchObject({ output: "5" });
    expect(wrong).toMatchObject({ isError: true, output: expect.stringContaining("nvalid arguments") });
    expect(model.requests[0]?.tools?.[0]).toMatchObject({
      description: "Adds two numbers.",
      schema: { properties: { a: { type: "number" }, b: { type: "number" } } },
    });
  });

  it("keeps blocks apart and in order, pictures too", async () => {
    expect(await call(server, "show")).toEqual([
      { type: "text", text: "one" },
      { type: "file", mediaType: "image/png", data: expect.stringMatching(/^iVBOR/) },
      { type: "text", text: "lab://notes:\ntwo" },
      { type: "text", text: "more (lab://more): three" },
    ]);
    expect(await call(server, "count")).toBe('{"count":3}');
  });

  it("tells the model what a tool that failed said, and nothing else", async () => {
    const error = await thrown(call(server, "fail"));
    expect(isOrchError(error, "ORCH_MCP_TOOL")).toBe(true);
    expect((error as Error).message).toBe("the lab is closed");
  });

  it("asks the server again only after it said that its tools changed", async () => {
    const growing = await connect(await reach());
    const before = growing.tools;
    expect(await growing.list()).toBe(before);
    await call(growing, "grow");
    await until(() => false || serverChanged(growing, before));
    expect((await growing.list()).map((tool) => tool.name)).toContain("lab__new");
    expect(await call(growing, "new")).toBe("new");
  });

  it("passes progress on, and a cancelled call ends at once and leaves the server usable", async () => {
    const controller = new AbortController();
    const progress: unknown[] = [];
    const hanging = thrown(call(server, "hang", {}, controller.signal, (data) => progress.push(data)));
    await until(() => progress.length > 0);
    expect(progress).toEqual([{ progress: 1, total: 3, message: "begun" }]);
    controller.abort();
    await hanging;
    expect(await call(server, "add", { a: 1, b: 1 })).toBe("2");
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The list is new once the server's notice has arrived. */
function serverChanged(server: McpServer, before: readonly Tool[]): boolean {
  void server.list();
  return server.tools !== before;
}

describe("an allow-list", () => {
  it("keeps what it names, by the server's own names or by a pattern", async () => {
    const { tools } = await connect({
      ...{ name: "lab", url: (await inside()).url },
      ...{ allow: ["p*", "*a*d*", "fail", "d*m*"], prefix: false as const },
    });
    expect(tools.map((tool) => tool.name)).toEqual([
      "add",
      "pid",
      "fail",
      expect.stringMatching(/^dotted_name/),
    ]);
  });

  it("names the tools there are when it names another, and leaves no process behind", async () => {
    const error = await thrown(connectMcp(stdio({ allow: ["ad"] })));
    expect(error).toMatchObject({ code: "ORCH_MCP_ALLOW", facts: { tool: "ad", nearest: "add" } });
    expect((error as Error).message).toContain("It has: add, pid");
  });
});

describe("approval", () => {
  it("is asked for by default, save for tools that say they only read", async () => {
    const { tools } = await connect({ name: "lab", url: (await inside()).url });
    const asks = (name: string): boolean => {
      const { approve } = tools.find((tool) => tool.name === `lab__${name}`)!;
      return typeof approve === "function" ? approve({} as never) : approve === true;
    };
    expect(asks("add")).toBe(false);
    expect(asks("exit")).toBe(true);
  });

  it("is as the configuration says", async () => {
    const { url } = await inside();
    const { tools } = await connect({ name: "lab", url, approve: ({ name }) => name === "add" });
    const model = scriptedModel([{ calls: [{ name: "lab__add", input: { a: 1, b: 1 } }] }]);
    const { stopReason, pending } = await runAgent(agent({ name: "helper", model, tools }), "1 + 1?");
    expect([stopReason, pending.map(({ name }) => name)]).toEqual(["needs-approval", ["lab__add"]]);
  });
});

describe("a server that dies", () => {
  it("fails the calls that wait at once when it is killed in the middle, then is started once more", async () => {
    const server = await connect(stdio());
    const pid = Number(await call(server, "pid"));
    const began: unknown[] = [];
    const waiting = [1, 2, 3].map(() =>
      thrown(call(server, "hang", {}, noSignal, (data) => began.push(data))),
    );
    await until(() => began.length === 3);
    const killed = performance.now();
    process.kill(pid, "SIGKILL");
    for (const error of await Promise.all(waiting)) {
      expect(isOrchError(error, "ORCH_MCP_SERVER")).toBe(true);
      expect(error).toMatchObject({ facts: { server: "lab", reason: "lost", tool: "hang" } });
      expect((error as Error).message).toContain('The MCP server "lab" is gone while "hang" was called');
      expect((error as Error).message).toContain("may or may not have been carried out");
    }
    expect(performance.now() - killed).toBeLessThan(AT_ONCE);
    const [again, beside] = await Promise.all([call(server, "pid"), call(server, "pid")]);
    expect(again).not.toBe(String(pid));
    expect(beside).toBe(again);
  });

  it("says what it wrote last, without the keys it was given", async () => {
    const server = await connect(stdio({ env: { LAB_KEY: "sekret-lab-key" } }));
    expect(await call(server, "env", { name: "LAB_KEY" })).toBe("sekret-lab-key");
    const error = await thrown(call(server, "exit"));
    expect((error as Error).message).toContain('it last wrote "the lab exits, its key is [redacted]"');
    expect(inspect(error, { depth: 9 })).not.toContain("sekret");
  });

  it("is given up when it is gone again before it answered", async () => {
    const server = await connect(stdio());
    expect(await thrown(call(server, "exit"))).toMatchObject({ facts: { reason: "lost" } });
    expect(await thrown(call(server, "exit"))).toMatchObject({ facts: { reason: "lost" } });
    expect(await thrown(call(server, "add"))).toMatchObject({ facts: { reason: "given-up" } });
    expect(server.givenUp).toBe(true);
  });

  it("may die as often as it likes when it answers in between", async () => {
    const server = await connect(stdio());
    for (let round = 0; round < (thorough ? 3 : 2); round++) {
      await thrown(call(server, "exit"));
      expect(await call(server, "add", { a: 1, b: round })).toBe(String(1 + round));
    }
  });

  it("is noticed at once over HTTP too, and is found again when it is back", async () => {
    const { child, url } = await serve();
    const server = await connect({ name: "lab", url });
    const began: unknown[] = [];
    const waiting = thrown(call(server, "hang", {}, noSignal, (data) => began.push(data)));
    await until(() => began.length === 1);
    const killed = performance.now();
    child.kill("SIGKILL");
    expect(await waiting).toMatchObject({ code: "ORCH_MCP_SERVER", facts: { reason: "lost", tool: "hang" } });
    expect(performance.now() - killed).toBeLessThan(AT_ONCE);
    await serve(Number(new URL(url).port));
    expect(await call(server, "add", { a: 1, b: 1 })).toBe("2");
  });

  // Beside it stands the test before.
  it.runIf(thorough)(
    "is noticed also when its streams could be taken up again, as soon as that fails",
    async () => {
      const { child, url } = await serve(0, "numbered");
      const server = await connect({ name: "lab", url });
      expect(await call(server, "add", { a: 1, b: 1 })).toBe("2");
      const began: unknown[] = [];
      const waiting = thrown(call(server, "hang", {}, noSignal, (data) => began.push(data)));
      await until(() => began.length === 1);
      const killed = performance.now();
      child.kill("SIGKILL");
      expect(await waiting).toMatchObject({
        code: "ORCH_MCP_SERVER",
        facts: { reason: "lost", tool: "hang" },
      });
      expect(performance.now() - killed).toBeLessThan(AT_ONCE);
    },
  );

  // Beside it stands the one over stdio that is given up.
  it.runIf(thorough)("is given up over HTTP when it does not come back", async () => {
    const { child, url } = await serve();
    const server = await connect({ name: "lab", url });
    child.kill("SIGKILL");
    await once(child, "exit");
    // The stream for notices may be cut before or after the first call notices.
    const errors = [];
    for (let attempt = 0; attempt < 4; attempt++) errors.push(await thrown(call(server, "add")));
    expect(errors.at(-1)).toMatchObject({ code: "ORCH_MCP_SERVER", facts: { reason: "given-up" } });
    for (const error of errors) expect((error as Error).message).toMatch(/ECONNREFUSED|gone/);
  });

  it("that forgot the session gets a new one, and the call is made", async () => {
    const { url, forget } = await inside();
    const server = await connect({ name: "lab", url });
    forget();
    expect(await call(server, "add", { a: 2, b: 2 })).toBe("4");
  });
});

describe("a server that cannot be reached", () => {
  it.each([
    [
      stdio({ command: "orch-no-such-command" }),
      /could not be reached: there is no program "orch-no-such-command" \(ENOENT\)/,
    ],
    [stdio({ args: [SERVER, "crash"] }), /could not be reached: it last wrote "no database at db:\/\/lab"/],
    [{ name: "lab", url: "http://127.0.0.1:{port}/mcp" }, /could not be reached: .*ECONNREFUSED/],
    [{ name: "lab", url: "not an address" }, /could not be reached: Invalid URL/],
  ] as const)("says why: %#", async (given, message) => {
    const config =
      "url" in given ? { ...given, url: given.url.replace("{port}", String(await closedPort())) } : given;
    const began = performance.now();
    const error = await thrown(connectMcp(config));
    expect(error).toMatchObject({ code: "ORCH_MCP_SERVER", facts: { reason: "not-started" } });
    expect((error as Error).message).toMatch(message);
    expect(performance.now() - began).toBeLessThan(AT_ONCE);
  });

  it("says that its key is wrong, and does not say the key", async () => {
    const { url } = await inside();
    const error = await thrown(connectMcp({ name: "lab", url, headers: { authorization: "Bearer wrong" } }));
    expect(error).toMatchObject({ facts: { reason: "refused", status: 401 } });
    expect((error as Error).message).toContain("[redacted] opens nothing");
    expect((error as Error).message).toContain("in `headers`");
    expect(inspect(error, { depth: 9 })).not.toContain("Bearer wrong");
  });

  // One that does not end with its input is killed by the SDK after two seconds of real time.
  it.each(thorough ? ["mute", "deaf"] : ["mute"])(
    "is waited for as long as is set, and its process is gone after that: %s",
    async (mode) => {
      const clock = manualClock();
      const config = stdio({ args: [SERVER, mode], connectTimeout: 5_000 });
      const connecting = thrown(connectMcp(config, { clock }));
      await until(() => clock.pending() > 0);
      await clock.advance(4_999);
      await clock.advance(1);
      expect(await connecting).toMatchObject({ facts: { reason: "timeout", limit: 5_000 } });
    },
  );

  it("that is silent over HTTP is given up after the limit as well", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const clock = manualClock();
    const connecting = thrown(connectMcp({ name: "lab", url: `http://127.0.0.1:${port}/mcp` }, { clock }));
    await until(() => clock.pending() > 0);
    await clock.advance(15_000);
    expect(await connecting).toMatchObject({ facts: { reason: "timeout", limit: 15_000 } });
    silent.close();
    for (const socket of sockets) socket.destroy();
  });
});

describe("the end", () => {
  it("of the work closes the servers: the process is gone, and no handle is left", async () => {
    const before = process.getActiveResourcesInfo().filter((name) => /Process|Pipe/.test(name)).length;
    let pid = 0;
    let kept: readonly Tool[] = [];
    await withMcp([stdio()], async (tools) => {
      kept = tools;
      const [tool] = tools.filter(({ name }) => name === "lab__pid");
      pid = Number(await tool!.invoke({} as never, { signal: noSignal, callId: "c", emit: () => {} }));
      expect(alive(pid)).toBe(true);
    });
    expect(alive(pid)).toBe(false);
    await until(
      () => process.getActiveResourcesInfo().filter((name) => /Process|Pipe/.test(name)).length <= before,
    );
    const late = kept[0]!.invoke({ a: 1, b: 1 } as never, { signal: noSignal, callId: "c", emit: () => {} });
    expect(await thrown(Promise.resolve(late))).toMatchObject({ facts: { reason: "closed" } });
  });

  it("comes with the run's signal, also for calls that wait", async () => {
    const controller = new AbortController();
    const server = await connect(stdio(), { signal: controller.signal });
    const pid = Number(await call(server, "pid"));
    const began: unknown[] = [];
    const waiting = thrown(call(server, "hang", {}, noSignal, (data) => began.push(data)));
    await until(() => began.length === 1);
    controller.abort();
    expect(await waiting).toMatchObject({ code: "ORCH_MCP_SERVER" });
    await server.close();
    expect(alive(pid)).toBe(false);
  });

  it("does not wait for a server that is being started once more", async () => {
    const clock = manualClock();
    const flag = join(tmpdir(), `orch-mcp-${process.pid}`);
    // The first time it is a server, and after that it is mute.
    const script = `[ -e ${flag} ] && exec ${process.execPath} ${SERVER} mute; touch ${flag}; exec ${process.execPath} ${SERVER} stdio`;
    const server = await connect(stdio({ command: "sh", args: ["-c", script] }), { clock });
    await thrown(call(server, "exit"));
    const waiting = thrown(call(server, "add"));
    await until(() => clock.pending() > 0);
    const closing = server.close();
    expect(await waiting).toMatchObject({ facts: { reason: "closed" } });
    await closing;
    await rm(flag);
  });

  it("of one that could not be connected closes the others", async () => {
    const { url, closed } = await inside();
    const failing = withMcp([{ name: "lab", url }, stdio({ name: "two", args: [SERVER, "crash"] })], () => 1);
    expect(await thrown(failing)).toMatchObject({ facts: { server: "two" } });
    await until(() => closed.length === 1);
  });

  it("lets a process end that used servers of both kinds, one of which was killed in the middle", async () => {
    const { child, url } = await serve();
    const script = `
      import { connectMcp, withMcp } from "@orch/agents/mcp";
      const at = { signal: new AbortController().signal, callId: "c", emit: () => {} };
      const find = (tools, name) => tools.find((tool) => tool.name === "lab__" + name);
      await withMcp([${JSON.stringify(stdio())}], (tools) => find(tools, "add").invoke({ a: 1, b: 2 }, at));
      const server = await connectMcp({ name: "lab", url: ${JSON.stringify(url)} });
      const lost = find(server.tools, "hang").invoke({}, { ...at, emit: () => process.kill(${child.pid}, "SIGKILL") });
      console.log(await lost.catch((error) => error.facts.reason));
      await server.close();
      console.log("closed");
    `;
    const args = [
      "--conditions=@orch/source",
      "--unhandled-rejections=strict",
      "--input-type=module",
      "-e",
      script,
    ];
    const user = spawn(process.execPath, args, { cwd: new URL("../../..", import.meta.url).pathname });
    running.push(user);
    let said = "";
    user.stdout.on("data", (bytes) => {
      said += bytes;
    });
    const [code] = await once(user, "exit");
    expect([code, said]).toEqual([0, "lost\nclosed\n"]);
  });

  it("of an HTTP session is told to the server", async () => {
    const { url, closed } = await inside();
    await withMcp([{ name: "lab", url }], () => {});
    await until(() => closed.length === 1);
  });

  it("is not waited for by a connection that was cancelled before it stood", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(await thrown(connectMcp(stdio(), { signal: controller.signal }))).toMatchObject({
      facts: { reason: "closed" },
    });
  });
});
