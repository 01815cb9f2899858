/** Runs on workers, by the setting `host`: the real program on a pseudo-terminal, a real server, and a worker that is a process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childEnvironment } from "../../../scripts/child-environment.ts";
import { freePorts } from "../../../scripts/free-ports.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

const MODULES = join(import.meta.dirname, "../../../node_modules/.cache");
const QUESTION = "Light the lamp for the night?";

let cli: BuiltCli;
let server: RestateServer;
let worker: ChildProcess;
/** A run that is being driven looks for its workers at the address where it was begun. */
let port = 0;
// The worker finds its packages from here.
const lamp = join(MODULES, `lamp-${process.pid}.mjs`);

// Lane `test` has the runs themselves in packages/restate, and the settings of strangers in foreign-folder.test.ts.
describe.skipIf(restateServerPath === undefined || !thorough)("with workers in the configuration", () => {
  beforeAll(async () => {
    [cli, server, [port = 0]] = await Promise.all([buildCli(), RestateServer.start(), freePorts(1)]);
    await mkdir(MODULES, { recursive: true });
    await writeFile(lamp, ASKING["lamp.js"]!);
    worker = await startWorker();
  });
  afterAll(async () => {
    worker?.kill("SIGKILL");
    await server?.stop();
    await rm(lamp, { force: true });
    await cli?.[Symbol.asyncDispose]();
  });

  /** A folder whose user has workers. */
  const withWorkers = async (ingress = server.ingress): Promise<Sandbox> => {
    const box = await sandbox(cli.file, ASKING);
    const settings = join(box.home, ".config/orch");
    await mkdir(settings, { recursive: true });
    const host = { kind: "restate", ingress, admin: server.admin };
    await writeFile(join(settings, "config.json"), JSON.stringify({ host }));
    return box;
  };

  test("the chat shows a run that lives on workers, is closed, and finds it where it is after an answer from elsewhere", async () => {
    await using box = await withWorkers();
    {
      await using app = box.start(["--orc", "lamp", "--trust"]);
      await app.until("Ask, or / for commands");
      app.type("the night\r");
      await app.until(QUESTION);
      app.signal("SIGKILL");
      await app.ended;
    }
    // The worker dies too, and another one takes its place.
    worker.kill("SIGKILL");
    worker = await startWorker();

    expect((await box.run(["runs"])).stdout).toMatch(/waits for you in approve/);
    expect((await box.run(["inbox"])).stdout).toContain(QUESTION);
    const { code, stdout } = await box.run(["answer", "1", "yes"]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`workers of ${server.ingress} goes on with it`),
    ]);

    await using again = box.start(["--orc", "lamp", "-c"]);
    await again.until("Enter");
    again.type("\r");
    await again.until("It burns.");
    expect((await box.run(["runs", "--all"])).stdout).toMatch(/ended/);
  });

  test("an answer on the screen goes to the worker", async () => {
    await using box = await withWorkers();
    await using app = box.start(["--orc", "lamp", "--trust"]);
    await app.until("Ask, or / for commands");
    app.type("the night\r");
    await app.until(QUESTION);
    await app.until("Type an answer");
    await app.until("approve waits for your answer");
    app.type("no\r");
    await app.until("It stays dark.");
  });

  test("a run is stopped from elsewhere for good", async () => {
    await using box = await withWorkers();
    const asked = await box.run(["-p", "--orc", "lamp", "--trust", "the night"]);
    expect(asked.code).toBe(20);
    const [, id = ""] = /run (\w+)/.exec((await box.run(["inbox"])).stdout) ?? [];

    expect((await box.run(["cancel", id])).code).toBe(0);
    expect((await box.run(["inbox"])).stdout).not.toContain(QUESTION);
    expect((await box.run(["runs", "--all"])).stdout).toMatch(/stopped/);
  });

  test("a server that nobody reaches is said in a sentence, and an orchestration that no worker has too", async () => {
    await using away = await withWorkers("http://127.0.0.1:9");
    const unreached = await away.run(["-p", "--orc", "lamp", "--trust", "the night"]);
    expect(unreached).toMatchObject({ code: 5, stderr: expect.stringContaining("http://127.0.0.1:9") });
    await using box = await withWorkers();
    const unknown = await box.run(["-p", "--orc", "research", "What is it?"]);
    expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining("No worker has") });
  });

  test("T01: workers that a folder names are not asked until the user trusts it", async () => {
    const host = { kind: "restate", ingress: server.ingress, admin: server.admin };
    const config = { ...JSON.parse(ASKING["orch.config.json"]!), host };
    await using box = await sandbox(cli.file, { ...ASKING, "orch.config.json": JSON.stringify(config) });
    const before = await runsOnServer();
    const { stderr } = await box.run(["-p", "--orc", "research", "What is it?"]);

    expect(stderr).toContain("is skipped: host.kind, host.ingress, host.admin.");
    expect(await runsOnServer()).toBe(before);
    expect((await box.run(["-p", "--orc", "lamp", "--trust", "the night"])).code).toBe(20);
    expect(await runsOnServer()).toBe(before + 1);
  });
});

async function startWorker(): Promise<ChildProcess> {
  const argv = ["--conditions=@orch/source", join(import.meta.dirname, "support/lamp-worker.ts")];
  const child = spawn(process.execPath, [...argv, lamp, server.admin, String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: childEnvironment({ RESTATE_LOGGING: "ERROR" }),
  });
  await once(child.stdout!, "data");
  return child;
}

/** How many runs the server knows. */
async function runsOnServer(): Promise<number> {
  const query = "select count(*) as runs from state where service_name = 'orch-run' and key = 'card'";
  const answer = await fetch(`${server.admin}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query }),
  });
  const { rows } = (await answer.json()) as { readonly rows: readonly { readonly runs: number }[] };
  return rows[0]?.runs ?? 0;
}
