/** `orch serve` as a process: a message is answered over HTTP, strangers are kept out, and Ctrl-C ends it. */
import { spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { serving } from "./support/serving.ts";

test("a message is answered over HTTP, and the log has nothing of it", async () => {
  const { file } = await buildCli();
  await using box = await sandbox(file);
  const { url, child, ended, told } = await serving(file, box);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(url)).json()).toMatchObject({
    doors: { json: "/v1", sse: "/sse", openai: "/openai", mcp: "/mcp", a2a: "/a2a" },
    openapi: "/v1/openapi.json",
  });
  const { chats } = (await (await fetch(`${url}/v1/chats`)).json()) as { chats: { name: string }[] };
  expect(chats.map(({ name }) => name)).toEqual(["research", "chat", "triage", "review"]);
  const sent = await fetch(`${url}/v1/chats/chat/messages`, {
    method: "POST",
    body: JSON.stringify({ text: "platypus please" }),
  });
  const { session, turn } = (await sent.json()) as { session: string; turn: string };
  const stream = await (
    await fetch(`${url}/sse/chats/chat/sessions/${session}/turns/${turn}?x=secret`)
  ).text();
  expect(stream).toContain("event: turn.completed");
  const page = {
    ...{ threadId: "t", runId: "r", messages: [{ id: "m", role: "user", content: "platypus" }] },
    ...{ tools: [], context: [], state: {}, forwardedProps: {} },
  };
  const shown = await fetch(`${url}/ag-ui/chat`, { method: "POST", body: JSON.stringify(page) });
  expect(await shown.text()).toContain("RUN_FINISHED");
  expect((await fetch(`${url}/v1/chats`, { headers: { origin: "https://evil.example" } })).status).toBe(403);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(told()).toMatch(/orch: POST \/v1\/chats\/chat\/messages 202 \d+ ms/);
  expect(told()).not.toMatch(/platypus|secret/);
});

test("off this machine's own address a token is asked for, which the user alone can read", async () => {
  const { file } = await buildCli();
  await using box = await sandbox(file);
  const first = await serving(file, box, ["--host", "0.0.0.0", "--drain", "0"]);
  const url = first.url.replace("0.0.0.0", "127.0.0.1");
  expect((await fetch(`${url}/v1/chats`)).status).toBe(401);
  const place =
    /the token in (\S+)\./.exec(first.told())?.[1] ?? join(box.home, ".local/state/orch/serve-token");
  expect((await stat(place)).mode & 0o777).toBe(0o600);
  const token = (await readFile(place, "utf8")).trim();
  expect(first.told()).not.toContain(token);
  const asked = await fetch(`${url}/v1/chats`, { headers: { authorization: `Bearer ${token}` } });
  expect(asked.status).toBe(200);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(143);
  const second = await serving(file, box, ["--host", "0.0.0.0"]);
  expect((await readFile(place, "utf8")).trim()).toBe(token);
  second.child.kill("SIGINT");
  expect(await second.ended).toBe(0);
});

test("a port that is taken and a foreign address are named, with the way out", async () => {
  const { file } = await buildCli();
  await using box = await sandbox(file);
  const { url, child, ended } = await serving(file, box);
  const { port } = new URL(url);
  await expect(serving(file, box, ["--port", port])).rejects.toThrow(
    `ended with 2: orch: Port ${port} is taken. Give another by --port`,
  );
  await expect(serving(file, box, ["--host", "192.0.2.1"])).rejects.toThrow(
    'ended with 2: orch: "192.0.2.1" is no address of this machine.',
  );
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test.each([["--port", "x"], ["--port", "70000"], ["--drain", "-1"], ["more"]])(
  "orch serve %s %s is refused",
  async (...args) => {
    const { file } = await buildCli();
    await using box = await sandbox(file);
    const child = spawn(process.execPath, [file, "serve", ...args], {
      cwd: box.folder,
      env: childEnvironment({ HOME: box.home }),
      stdio: "ignore",
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(2);
  },
);
