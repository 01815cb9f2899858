/** `orch serve` whose runs live on workers: conversations and typed runs over HTTP, over kill -9 of the server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { freePorts } from "../../../scripts/free-ports.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { type Serving, serving } from "./support/serving.ts";

const MODULES = join(import.meta.dirname, "../../../node_modules/.cache");
const QUESTION = "lamp/approve#1";
const lamp = join(MODULES, `served-lamp-${process.pid}.mjs`);

// Beside it stand workers.test.ts and, with SQLite, serve-runs.test.ts.
describe.skipIf(restateServerPath === undefined || !thorough)("orch serve with workers", () => {
  let cli: BuiltCli;
  let server: RestateServer;
  let worker: ChildProcess;
  let port = 0;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    [cli, server, [port = 0]] = await Promise.all([buildCli(), RestateServer.start(), freePorts(1)]);
    await mkdir(MODULES, { recursive: true });
    await writeFile(lamp, ASKING["lamp.js"]!);
    worker = await startWorker();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    worker?.kill("SIGKILL");
    await server?.stop();
    await rm(lamp, { force: true });
    await cli?.[Symbol.asyncDispose]();
  });

  const startWorker = async (): Promise<ChildProcess> => {
    const argv = ["--conditions=@orch/source", join(import.meta.dirname, "support/lamp-worker.ts")];
    const child = spawn(process.execPath, [...argv, lamp, server.admin, String(port)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: childEnvironment({ RESTATE_LOGGING: "ERROR" }),
    });
    await once(child.stdout!, "data");
    return child;
  };
  const folder = async (): Promise<Sandbox> => {
    const box = await sandbox(cli.file, ASKING);
    const settings = join(box.home, ".config/orch");
    await mkdir(settings, { recursive: true });
    const host = { kind: "restate", ingress: server.ingress, admin: server.admin };
    await writeFile(join(settings, "config.json"), JSON.stringify({ host }));
    return box;
  };
  const serve = async (box: Sandbox, args: readonly string[] = []): Promise<Serving> => {
    const served = await serving(cli.file, box, ["--trust", ...args]);
    closing.push(async () => {
      served.child.kill("SIGKILL");
      await served.ended;
    });
    return served;
  };
  const kill = async ({ child, ended }: Serving): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };

  test("a typed run is driven by the worker, outlives kill -9 of the server, and is answered through the next one", async () => {
    await using box = await folder();
    const first = await serve(box);
    const { run } = await call(first.url, "/v1/runs", { orchestration: "lamp", input: "the night" });
    await until(`${first.url}/sse/runs/${run}`, "run.waiting");
    await kill(first);
    const second = await serve(box);
    expect(await call(second.url, `/v1/runs/${run}`)).toMatchObject({
      status: "waiting",
      questions: [{ question: QUESTION }],
    });
    const told = whole(`${second.url}/sse/runs/${run}`);
    await call(second.url, `/v1/runs/${run}/answers`, { question: QUESTION, answer: true });
    expect((await told).match(/"output":"It burns\."/g)).toHaveLength(1);
    expect(await call(second.url, `/v1/runs/${run}`)).toMatchObject({ status: "completed" });
    expect(await call(second.url, "/v1/runs")).toMatchObject({ runs: [{ run }] });
  });

  test("a run goes on where no server is, and a server that is stopped by Ctrl-C leaves it to the workers", async () => {
    await using box = await folder();
    const first = await serve(box);
    const start = { orchestration: "lamp", input: "the night" };
    const { run: gone } = await call(first.url, "/v1/runs", start);
    await until(`${first.url}/sse/runs/${gone}`, "run.waiting");
    await call(first.url, `/v1/runs/${gone}/answers`, { question: QUESTION, answer: false });
    await kill(first);

    const second = await serve(box, ["--drain", "0"]);
    expect((await whole(`${second.url}/sse/runs/${gone}`)).match(/event: run\.completed/g)).toHaveLength(1);
    const { run: left } = await call(second.url, "/v1/runs", start);
    await until(`${second.url}/sse/runs/${left}`, "run.waiting");
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);

    const third = await serve(box);
    await call(third.url, `/v1/runs/${left}/cancel`, { reason: "enough" });
    expect(await whole(`${third.url}/sse/runs/${left}`)).toContain("event: run.cancelled");
    expect(third.told()).not.toContain("ORCH_");
  });

  test("a turn of a conversation is driven by the worker, outlives kill -9 of the server and of the worker, and ends once", async () => {
    await using box = await folder();
    const first = await serve(box);
    const { session, turn } = await call(first.url, "/v1/chats/lamp/messages", { text: "the night" });
    const path = `/sse/chats/lamp/sessions/${session}/turns/${turn}`;
    await until(first.url + path, "run.waiting");
    await kill(first);
    worker.kill("SIGKILL");
    worker = await startWorker();
    const second = await serve(box);
    const told = whole(second.url + path);
    await call(second.url, `/v1/chats/lamp/sessions/${session}/answers`, {
      question: QUESTION,
      answer: true,
    });
    expect((await told).match(/event: turn\.completed/g)).toHaveLength(1);
    const picture = JSON.stringify(await call(second.url, `/v1/chats/lamp/sessions/${session}`));
    expect(picture.match(/It burns\./g)).toHaveLength(1);
    const next = await call(second.url, "/v1/chats/lamp/messages", { text: "tomorrow", session });
    await until(`${second.url}/sse/chats/lamp/sessions/${session}/turns/${next["turn"]}`, "run.waiting");
  });
});

async function call(url: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  const text = await response.text();
  expect([response.ok, text]).toEqual([true, text]);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

const whole = async (url: string): Promise<string> => (await fetch(url)).text();

/** Reads events until one of this type came. */
async function until(url: string, type: string): Promise<void> {
  let text = "";
  for await (const piece of (await fetch(url)).body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes(`event: ${type}\n`)) return;
  }
  throw new TypeError(`there was no ${type}: ${text}`);
}
