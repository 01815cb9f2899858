/** `orch worker`: a folder's orchestrations are driven for a server, by the real program. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../../../scripts/free-ports.ts";
import { thorough } from "../../../scripts/lanes.ts";
import { RestateServer, restateServerPath } from "../../../scripts/restate-server.ts";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { type Serving, serving } from "./support/serving.ts";

const QUESTION = "Light the lamp for the night?";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli?.[Symbol.asyncDispose]());

/** A folder whose user has a server at these addresses. */
async function withServer(
  file: string,
  { ingress, admin }: { ingress: string; admin: string },
): Promise<Sandbox> {
  const box = await sandbox(file, ASKING);
  const settings = join(box.home, ".config/orch");
  await mkdir(settings, { recursive: true });
  await writeFile(
    join(settings, "config.json"),
    JSON.stringify({ host: { kind: "restate", ingress, admin } }),
  );
  return box;
}

test("orch worker says in a sentence that no server is set, and that the SDK is not there", async () => {
  await using bare = await sandbox(cli.file, ASKING);
  expect(await bare.run(["worker"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("orch worker works for a Restate server, and none is set"),
  });
  // The program is one folder: no package is beside it here.
  const alone = await mkdtemp(join(tmpdir(), "orch-alone-"));
  try {
    await cp(dirname(cli.file), alone, { recursive: true });
    const file = join(alone, "cli.js");
    await using box = await withServer(file, { ingress: "http://127.0.0.1:9", admin: "http://127.0.0.1:9" });
    await expect(serving(file, box, [], {}, "worker")).rejects.toThrow(
      /orch worker ended with 2: .*needs the package @restatedev\/restate-sdk beside it: npm install/s,
    );
  } finally {
    await rm(alone, { recursive: true, force: true });
  }
});

describe.skipIf(restateServerPath === undefined || !thorough)("orch worker on a server", () => {
  let server: RestateServer;
  /** The program with the SDK beside it, as an installation has it. */
  let file = "";
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    server = await RestateServer.start();
    const installed = await mkdtemp(join(tmpdir(), "orch-installed-"));
    await cp(dirname(cli.file), join(installed, "dist"), { recursive: true });
    await mkdir(join(installed, "node_modules/@restatedev"), { recursive: true });
    const sdk = join(import.meta.dirname, "../node_modules/@restatedev/restate-sdk");
    await symlink(sdk, join(installed, "node_modules/@restatedev/restate-sdk"));
    file = join(installed, "dist/cli.js");
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    await server?.stop();
    if (file !== "") await rm(dirname(dirname(file)), { recursive: true, force: true });
  });

  const worker = async (box: Sandbox, args: readonly string[]): Promise<Serving> => {
    const works = await serving(file, box, ["--trust", ...args], {}, "worker");
    closing.push(async () => {
      works.child.kill("SIGKILL");
      await works.ended;
    });
    return works;
  };

  test("drives a run of the chat, is killed and started again at its port, and ends by Ctrl-C", async () => {
    await using box = await withServer(file, server);
    const [port = 0] = await freePorts(1);
    const first = await worker(box, ["--port", String(port)]);
    expect(first.url).toBe(`http://127.0.0.1:${port}`);
    await first.says(`It drives lamp, `);
    expect((await box.run(["-p", "--orc", "lamp", "--trust", "the night"])).code).toBe(20);
    expect((await box.run(["inbox"])).stdout).toContain(QUESTION);

    first.child.kill("SIGKILL");
    await first.ended;
    const second = await worker(box, ["--port", String(port)]);
    expect((await box.run(["answer", "1", "yes"])).code).toBe(0);
    const { stdout } = await box.run(["runs", "--all"]);
    expect(stdout).toMatch(/lamp/);
    // A bundled orchestration is driven too, with the model of the worker.
    const answered = await box.run(["-p", "--orc", "research", "--model", "local/extractive", "What burns?"]);
    expect([answered.code, answered.stderr]).toEqual([0, expect.not.stringContaining("No worker")]);
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(0);
  });

  test("does not drive what a folder has until the user trusts it, and says that a port is taken", async () => {
    await using box = await withServer(file, server);
    const works = await serving(file, box, [], {}, "worker");
    closing.push(() => works.child.kill("SIGKILL"));
    expect(works.told()).not.toContain("It drives lamp");

    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as { readonly port: number };
    await expect(serving(file, box, ["--port", String(port)], {}, "worker")).rejects.toThrow(
      `Port ${port} is taken`,
    );
    holder.close();
  });
});
