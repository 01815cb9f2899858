import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { orchestration } from "@orch/core";
import { DurableHost, memoryStore } from "@orch/core/host";
import { manualClock, scriptedModel, toolOutputs } from "@orch/testing";
import { expect, onTestFinished, test } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { agentRunnable } from "../../src/run/agent-runnable.ts";
import { runAgent } from "../../src/run/runner.ts";
import { connectMcp, type McpServer } from "../../src/tools/mcp/connect-mcp.ts";
import { fileLogins } from "../../src/tools/mcp/file-logins.ts";
import type { McpHttpConfig, McpOptions } from "../../src/tools/mcp/mcp-config.ts";
import type { McpLogin } from "../../src/tools/mcp/mcp-login.ts";
import { browse, guardedServer } from "./oauth-server.ts";

async function lab() {
  const folder = await mkdtemp(join(tmpdir(), "orch-login-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const guarded = await guardedServer();
  const store = fileLogins(join(folder, "logins"));
  const connect = async (
    login: Partial<McpLogin> = {},
    more: Partial<McpHttpConfig> = {},
    options: McpOptions = {},
  ): Promise<McpServer> => {
    const config = { name: "lab", url: guarded.url, approve: false, connectTimeout: 30_000, ...more };
    const server = await connectMcp(config, { ...options, login: { store, ...login } });
    onTestFinished(() => server.close());
    return server;
  };
  return { ...guarded, folder: join(folder, "logins"), store, connect };
}

const ctx = { signal: new AbortController().signal, callId: "c", emit: () => {} };
const call = async (server: McpServer, name: string): Promise<unknown> =>
  server.tools.find((tool) => tool.name === `lab__${name}`)!.invoke({} as never, ctx);
const acting = { open: async ({ url }: { readonly url: string }) => void (await browse(url)) };

test("A20: a server that wants a login gets one from a person, and the login is kept for the next start", async () => {
  const { connect, folder, log } = await lab();
  await expect(connect()).rejects.toMatchObject({ facts: { reason: "login" } });
  const shown: string[] = [];
  const server = await connect({
    open: ({ url }) => {
      shown.push(url);
      return acting.open({ url });
    },
  });
  expect(await call(server, "hi")).toBe("hi");
  const asked = new URL(shown[0]!).searchParams;
  expect(asked.get("code_challenge_method")).toBe("S256");
  expect(asked.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  expect(asked.get("state")).toMatch(/^[0-9a-f]{64}$/);
  const [file] = await readdir(folder);
  expect((await stat(join(folder, file!))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await call(await connect(), "hi")).toBe("hi");
  expect(log.filter((line) => line.startsWith("POST /register"))).toHaveLength(1);
});

test("A20: tokens that are too old are renewed once, however many calls are refused at the same time", async () => {
  const { connect, expire, log } = await lab();
  const server = await connect(acting);
  expire();
  expect(await Promise.all([call(server, "hi"), call(server, "hi"), call(server, "hi")])).toEqual([
    "hi",
    "hi",
    "hi",
  ]);
  expect(log.filter((line) => line === "refresh_token")).toHaveLength(1);
  expect(await call(await connect(), "hi")).toBe("hi");
});

test("A20: a call that is refused late, after the tokens were renewed, uses the new ones", async () => {
  const { url, expire, log, store, connect } = await lab();
  await connect(acting);
  const answered = Promise.withResolvers<void>();
  let refusals = 0;
  const late: typeof fetch = async (address, init) => {
    const response = await fetch(address, init);
    // Either call may be the one that is refused first. The other one is told when that one has its answer, by new tokens.
    if (response.status === 401 && ++refusals === 2) await answered.promise;
    else if (response.ok && refusals > 0 && init?.method === "POST" && String(address) === url)
      answered.resolve();
    return response;
  };
  const config = { name: "lab", url, approve: false, connectTimeout: 30_000 };
  const server = await connectMcp(config, { login: { store }, fetch: late });
  onTestFinished(() => server.close());
  expire();
  expect(await Promise.all([call(server, "hi"), call(server, "hi")])).toEqual(["hi", "hi"]);
  expect([refusals, log.filter((line) => line === "refresh_token")]).toEqual([2, ["refresh_token"]]);
});

test("A20: a login is for one address only, headers of the server are not sent where logins are made, and no token stands in an error", async () => {
  const { connect, store, url, log, folder } = await lab();
  await connect(acting, { headers: { "x-key": "mine" } });
  expect(log.join()).not.toContain("mine");
  const other = await guardedServer();
  await expect(connect({}, { url: other.url })).rejects.toMatchObject({ facts: { reason: "login" } });
  expect(await store.load("lab", other.url)).toBeUndefined();
  const kept = await store.list();
  expect(kept.map((one) => [one.server, one.url])).toEqual([["lab", url]]);
  const [file] = await readdir(folder);
  const token = /at-[-0-9a-f]+/.exec(await readFile(join(folder, file!), "utf8"))?.[0];
  expect(token).toBeDefined();
  const failed = await connect({}, { url: `${url}?away` }).catch((error: Error) => error);
  expect(String(failed)).not.toContain(token);
  await store.remove("lab", url);
  expect(await store.list()).toEqual([]);
});

test("A20: a browser that brings another state is no answer, and a login that nobody makes ends", async () => {
  const { connect } = await lab();
  const statuses: number[] = [];
  const open = async ({ url }: { readonly url: string }): Promise<void> => {
    const back = new URL(new URL(url).searchParams.get("redirect_uri")!);
    statuses.push((await fetch(`${back}?code=stolen&state=other`)).status);
  };
  await expect(connect({ open, patience: 50 })).rejects.toMatchObject({
    facts: { reason: "login", detail: expect.stringContaining("in time") },
  });
  expect(statuses).toEqual([400]);
});

test("A20: a login in the middle of a run is a question of the run; what may do too little asks for more", async () => {
  const { connect, expire } = await lab();
  const server = await connect(acting);
  for (const [name, told] of [
    ["hi", "hi"],
    ["erase", "erased"],
  ] as const) {
    expire(true);
    const prompts: { question: string; url: string }[] = [];
    const model = scriptedModel([{ calls: [{ name: `lab__${name}`, input: {} }] }, "end"]);
    const result = await runAgent(agent({ name: "a", model, tools: server.tools }), "go", {
      onQuestion: async ({ prompt }) => {
        const asked = prompt as (typeof prompts)[number];
        prompts.push(asked);
        await browse(asked.url);
        return { action: "accept", content: {} };
      },
    });
    expect(toolOutputs(result.messages)).toEqual([told]);
    expect(prompts[0]?.question).toContain('The MCP server "lab" wants a login');
    expect(prompts).toHaveLength(name === "hi" ? 1 : 2);
    expect(prompts.at(-1)?.url.includes("write")).toBe(name === "erase");
  }
  expire(true);
  const model = scriptedModel([{ calls: [{ name: "lab__hi", input: {} }] }, "end"]);
  const declined = await runAgent(agent({ name: "a", model, tools: server.tools }), "go", {
    onQuestion: () => ({ action: "decline" }),
  });
  expect(toolOutputs(declined.messages)[0]).toMatch(/wants a login.*decline/);
});

test("A20: calls that want a login at the same time ask for one, and for another where that was declined", async () => {
  const { connect, expire } = await lab();
  const server = await connect(acting);
  const calls = [1, 2, 3].map(() => ({ name: "lab__hi", input: {} }));
  for (const declined of [0, 1]) {
    expire(true);
    let asked = 0;
    const result = await runAgent(
      agent({ name: "a", model: scriptedModel([{ calls }, "end"]), tools: server.tools }),
      "go",
      {
        onQuestion: async ({ prompt }) => {
          if (++asked <= declined) return { action: "decline" };
          await browse((prompt as { readonly url: string }).url);
          return { action: "accept", content: {} };
        },
      },
    );
    expect(toolOutputs(result.messages).filter((output) => output === "hi")).toHaveLength(3 - declined);
    expect(asked).toBe(1 + declined);
  }
});

test("A20: the question about a login outlives the process, with an address that works then; it may be copied by hand", async () => {
  const { connect, expire } = await lab();
  const server = await connect(acting);
  expire(true);
  const model = scriptedModel([{ calls: [{ name: "lab__hi", input: {} }] }, "Done."]);
  const act = agentRunnable(agent({ name: "a", model, tools: server.tools }));
  const flow = orchestration("flow", (o) => o.start(act).finish(act));
  const store = memoryStore();
  const until = async (test: () => boolean): Promise<void> => {
    while (!test()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const run = flow.start("go", { host: new DurableHost(store), runId: "r" });
  await until(() => run.questions.length === 1);
  const first = (run.questions[0]!.prompt as { url: string }).url;
  await run.suspend();
  const again = await new DurableHost(store).resume(flow, "r");
  const urlOf = (): string => (again.questions[0]?.prompt as { url: string } | undefined)?.url ?? first;
  await until(() => urlOf() !== first);
  const led = await fetch(urlOf(), { redirect: "manual" });
  await again.answer(again.questions[0]!.id, {
    action: "accept",
    content: { address: led.headers.get("location") },
  });
  expect(await again.result).toBe("Done.");
  expect(toolOutputs(model.requests[1]!.messages)).toEqual(["hi"]);
});

test("A20: a login ends with the connection, and with its time where the server of logins is silent", async () => {
  const { connect, expire, oauth, store } = await lab();
  const clock = manualClock();
  const server = await connect(acting, {}, { clock });
  expire();
  oauth.silent = true;
  // A renewal that is never answered.
  const renewing = call(server, "hi").catch((error: unknown) => error);
  await oauth.asked();
  await clock.advance(30_000);
  expect(String(await renewing)).toMatch(/wants a login/);
  // A person who never comes, and a program that ends.
  oauth.silent = false;
  const controller = new AbortController();
  const open = (): Promise<void> => {
    controller.abort();
    return new Promise(() => {});
  };
  const { url: other } = await guardedServer();
  const config = { name: "lab", url: other, approve: false, connectTimeout: 30_000 };
  const login = { store, open };
  await expect(connectMcp(config, { login, signal: controller.signal })).rejects.toMatchObject({
    facts: { reason: "closed" },
  });
  // One that is silent from the start.
  const mute = await guardedServer();
  mute.oauth.silent = true;
  const late = connectMcp({ ...config, url: mute.url }, { login, clock }).catch((error: unknown) => error);
  await mute.oauth.asked();
  await clock.advance(30_000);
  expect(await late).toMatchObject({ facts: { reason: "login", detail: expect.stringContaining("30 s") } });
});
