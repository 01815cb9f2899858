import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ended, type Workplace, workplace } from "./headless-orch.ts";
import { ASKING } from "./support/asking-files.ts";
import { buildCli } from "./support/built-cli.ts";

let place: Workplace;
beforeEach(async () => {
  place = await workplace();
});
afterEach(() => place.remove());

const QUESTION = "How are failed states retried?";
const QUOTE = "A failed state is tried again as often as its retry policy allows.";

describe("orch without a key", () => {
  it("answers a question by research, with quotes from the files, and says once what it is", async () => {
    const { code, stdout, stderr } = await place.run(["-p", QUESTION]);
    expect({ code, stderr: stderr.match(/local\/extractive answers/g)?.length }).toEqual({
      code: 0,
      stderr: 1,
    });
    expect(stdout).toContain(`# ${QUESTION}`);
    expect(stdout).toContain(`${QUOTE} \`docs/retries.md:3\``);
    expect(stdout).not.toContain("◐");
  });

  it("gives one object as JSON", async () => {
    const { stdout } = await place.run(["-p", QUESTION, "--output", "json"]);
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      status: "completed",
      orchestration: "research",
      model: "local/extractive",
      session: expect.stringMatching(/^session_/),
      runId: expect.stringMatching(/^turn_/),
      durationMs: expect.any(Number),
      usage: { input: expect.any(Number), output: expect.any(Number) },
      output: { title: QUESTION, citations: [{ path: "docs/retries.md", line: 3, quote: QUOTE }] },
      text: expect.stringContaining(QUOTE),
      warnings: [expect.stringContaining("local/extractive")],
    });
  });

  it("streams every event as a line of JSON, the result last", async () => {
    const { stdout } = await place.run(["-p", QUESTION, "--output", "stream-json"]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { v: number; type: string });
    expect(lines.every(({ v }) => v === 1)).toBe(true);
    const types = lines.map(({ type }) => type);
    expect(types[0]).toBe("turn.started");
    expect(types.slice(-2)).toEqual(["turn.completed", "result"]);
    expect(types).toEqual(expect.arrayContaining(["state.started", "state.transition", "message.delta"]));
  });

  it("names the class of an error in the published bundle too", async () => {
    await using cli = await buildCli();
    await place.write(
      "fails.mjs",
      `import { orchestration, runnable } from "@orch/core";
const fails = runnable("fails", () => { throw new Error("boom"); });
export default () => orchestration("fails", (o) => o.start(fails).finish(fails));`,
    );
    await place.write("orch.config.json", '{ "orchestrations": { "fails": { "file": "./fails.mjs" } } }');
    const args = ["-p", QUESTION, "--orc", "fails", "--trust", "--output", "stream-json"];
    const child = spawn(process.execPath, [cli.file, ...args], { cwd: place.folder, env: place.env });
    child.stdin.end();

    const { stdout } = await ended(child);
    const failed = stdout.split("\n").find((line) => line.includes('"type":"run.failed"')) ?? "{}";
    expect(JSON.parse(failed)).toMatchObject({ error: { name: "RunnableError" } });
  });

  it("gives the typed value alone, from an input on standard input", async () => {
    const { stdout } = await place.run(
      ["run", "research", "--output", "value"],
      JSON.stringify({ question: QUESTION }),
    );
    expect(Object.keys(JSON.parse(stdout) as object).toSorted()).toEqual([
      "citations",
      "sections",
      "summary",
      "title",
      "warnings",
    ]);
  });

  it("takes the question from standard input, and text beside a question as context", async () => {
    expect((await place.run([], `${QUESTION}\n`)).stdout).toContain(QUOTE);
    const { stdout } = await place.run(
      ["-p", "What is the colour of the sky?", "--orc", "chat"],
      "note.txt:1: The colour of the sky is blue.\n",
    );
    expect(stdout).toContain("blue");
  });

  it("answers in the folder that --cwd names", async () => {
    const { stdout } = await place.run(["-p", "What does an advancer do?", "--cwd", "docs"]);
    expect(stdout).toContain("`advancers.md:3`");
  });

  it("knows the files of its folder in chat too", async () => {
    const { stdout } = await place.run(["-p", QUESTION, "--orc", "chat", "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ output: { text: expect.stringContaining(QUOTE) } });
  });
});

describe("what goes wrong", () => {
  it.each([
    [["--modle", "x"], 2, "Did you mean --model?"],
    [["-p"], 2, "Nothing was asked."],
    [["-p", "x", "--orc", "reserch"], 8, 'Did you mean "research"?'],
    [["-p", "x", "-r", "nope"], 8, 'no session "nope"'],
    [["-p", "x", "--model", "openai/gpt-5.4-mini"], 4, "Set OPENAI_API_KEY"],
    [["-p", "x", "--model", "opnai/gpt-5"], 3, 'Did you mean "openai"?'],
    [["-p", "x", "--config", "none.json"], 3, "there is no such file"],
    [["-p", "x", "--cwd", "none"], 3, "there is no such folder"],
    [["run", "research", "--input", "none.json"], 6, "there is no such file"],
    [["run", "research", "--input", "docs"], 6, "it is a folder"],
    // Standard input is empty here, and it is the name that is wrong.
    [["run", "reserch", "--input", "-"], 8, 'Did you mean "research"?'],
  ])("%j ends with %i and a sentence", async (args, code, sentence) => {
    const result = await place.run(args);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr.trimEnd().split("\n").at(-1)).toContain(sentence);
    expect(result.stderr).not.toContain("    at ");
  });

  it("is an object too where JSON was asked for", async () => {
    const { code, stdout } = await place.run(["-p", "x", "--orc", "reserch", "--output", "json"]);
    expect(code).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      status: "failed",
      error: { code: "ORCH_ORCHESTRATION_UNKNOWN", exit: 8 },
    });
  });

  it("in the input's type is found before anything runs", async () => {
    const { code, stderr } = await place.run(["run", "research"], '{ "question": 3 }');
    expect(code).toBe(6);
    expect(stderr).toContain("expected string");
  });

  it("in a configuration names file and place", async () => {
    await place.write("orch.config.json", '{ "limits": { "maxTurns": "many" } }');
    const { code, stderr } = await place.run(["-p", QUESTION]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/orch\.config\.json, limits\.maxTurns:/);
  });

  it("to ask anybody ends a run that asks, with the question in the sentence", async () => {
    for (const [file, text] of Object.entries(ASKING)) await place.write(file, text);
    const result = await place.run(["-p", "--trust", "--orc", "lamp", "the Hesper"]);
    expect(result).toMatchObject({ code: 20, stdout: "" });
    expect(result.stderr).toContain("nobody can answer it here: Light the lamp for the Hesper?");
    const json = await place.run(["-p", "--output", "json", "--orc", "lamp", "x"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: "failed",
      error: { code: "ORCH_QUESTION_ASKED", exit: 20 },
      // T24: the same fields as a success.
      session: expect.stringContaining("session_"),
      orchestration: "lamp",
      model: "local/extractive",
      durationMs: expect.any(Number),
      runId: expect.any(String),
    });
  });

  it("with the sessions does not cost the answer", async () => {
    await mkdir(join(place.home, ".local/state/orch/sessions.db"), { recursive: true });
    const { code, stdout, stderr } = await place.run(["-p", QUESTION]);
    expect(code).toBe(0);
    expect(stdout).toContain(QUOTE);
    expect(stderr).toContain("This conversation is not kept");
  });
});

describe("a server that never answers", () => {
  let server: Server;
  let asked: Promise<unknown>;
  beforeEach(async () => {
    server = createServer(() => {});
    asked = once(server, "request");
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    place.env["OPENAI_API_KEY"] = "test";
    place.env["OPENAI_BASE_URL"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("is left at %s with %i, and the question is kept", async (signal, code) => {
    const child = place.start("-p", QUESTION, "--output", "json");
    child.stdin.end();
    const result = ended(child);
    await asked;
    child.kill(signal);
    expect(await result).toMatchObject({ code, stdout: expect.stringContaining('"status":"cancelled"') });
    expect((await place.run(["sessions"])).stdout).toContain(QUESTION);
  });
});

describe("a reader that leaves early", () => {
  it("ends the program quietly", async () => {
    const child = place.start("-p", QUESTION, "--output", "stream-json");
    child.stdin.end();
    const result = ended(child);
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, stderr: expect.not.stringContaining("EPIPE") });
  });
});

it.skipIf(!existsSync("/dev/full"))("says so, and fails, when the answer cannot be written", async () => {
  const command = 'exec "$0" "$1" -p "$2" >/dev/full';
  const { cli, folder, env } = place;
  const child = spawn("sh", ["-c", command, process.execPath, cli, QUESTION], { cwd: folder, env });
  child.stdin.end();

  expect(await ended(child)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The answer could not be written: ENOSPC."),
  });
});

describe("the configuration", () => {
  it("comes in layers, and each value can be explained", async () => {
    await mkdir(join(place.home, ".config/orch"), { recursive: true });
    await writeFile(
      join(place.home, ".config/orch/config.json"),
      '{ "model": "local/extractive", "orchestration": "chat" }',
    );
    await place.write("orch.config.json", '{ "orchestration": "research", /* why not */ "limit": {}, }');
    place.env["ORCH_MODEL"] = "ollama/x";
    const { stdout, stderr } = await place.run(["config", "explain", "orchestration"]);
    expect(stdout).toMatch(
      /^orchestration = "research" {3}\(.*orch\.config\.json\)\n {2}over "chat" {3}\(.*config\.json\)\n$/,
    );
    expect(stderr).toContain('did you mean "limits"?');
    expect((await place.run(["config", "explain", "model"])).stdout).toContain(
      'model = "ollama/x"   (environment)',
    );
    expect(await place.run(["config", "explain", "modle"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Did you mean model?"),
    });
  });

  it("of a project does not decide where keys go, and runs no code, until it is trusted", async () => {
    await place.write(
      "marker.ts",
      'import { writeFileSync } from "node:fs"; writeFileSync("ran", ""); export default { invoke: async () => {}, name: "m" };',
    );
    await place.write(
      "orch.config.json",
      '{ "providers": { "openai": { "baseURL": "http://evil.example" }, "lab": { "kind": "openai-compatible" } }, "orchestrations": { "mine": { "file": "./marker.ts" } } }',
    );
    const skipped = await place.run(["config", "explain", "providers"]);
    expect(skipped.stdout).toBe("providers is not set.\n");
    expect(skipped.stderr).toContain("Read it, then start once with --trust.");
    expect(await place.run(["-p", "x", "--orc", "mine"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("is not trusted yet"),
    });
    // What is missed because of it is told with the reason.
    expect(await place.run(["-p", "x", "--model", "lab/m"])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/--trust[\s\S]*There is no provider "lab"/),
    });
    await expect(stat(join(place.folder, "ran"))).rejects.toThrow("ENOENT");
    await place.run(["config", "explain", "providers", "--trust"]);
    expect((await place.run(["config", "explain", "providers"])).stdout).toContain("evil.example");
    expect((await stat(join(place.home, ".local/state/orch/trust.json"))).mode & 0o777).toBe(0o600);
  });
});

describe("orch init", () => {
  it("writes a configuration and an orchestration that runs, and overwrites nothing", async () => {
    expect(await place.run(["init"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        "Wrote orc/hello.ts, orc/hello.test.ts, orch.config.json, package.json and",
      ),
    });
    expect(await place.run(["-p", "--orc", "hello", "Ada"])).toMatchObject({
      code: 0,
      stdout: "Hello, Ada!\n",
    });
    await place.write("orc/hello.ts", "changed");
    expect(await place.run(["init"])).toMatchObject({ code: 2 });
    expect(await readFile(join(place.folder, "orc/hello.ts"), "utf8")).toBe("changed");
    expect(await place.run(["-p", "--orc", "hello", "Ada"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("changed since"),
    });
  });
});

describe("sessions", () => {
  it("go on with -c, belong to their folder, and are not kept with --no-session", async () => {
    const first = JSON.parse((await place.run(["-p", QUESTION, "--output", "json"])).stdout) as {
      session: string;
    };
    const next = JSON.parse((await place.run(["-c", "-p", "And why?", "--output", "json"])).stdout) as {
      session: string;
    };
    expect(next.session).toBe(first.session);
    expect(
      JSON.parse((await place.run(["-p", "x", "--no-session", "--output", "json"])).stdout),
    ).not.toHaveProperty("session");
    expect((await place.run(["sessions"])).stdout).toMatch(
      new RegExp(`^${first.session} .*2 turns.*${QUESTION.replace("?", "\\?")}\n$`),
    );
    expect((await place.run(["sessions", "--cwd", "docs"])).stdout).toBe(
      "This folder has no sessions yet.\n",
    );
  });
});

describe("--version", () => {
  it("loads no more than it needs, so that it is there at once", async () => {
    const loaded = join(place.home, "coverage");
    // The sources, whose files have names.
    const source = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
    const env = { ...place.env, NODE_V8_COVERAGE: loaded };
    const args = ["--conditions=@orch/source", source, "--version"];
    const child = spawn(process.execPath, args, { cwd: place.folder, env });
    expect((await ended(child)).stdout).toMatch(/^\d+\.\d+\.\d+/);
    const [report] = await readdir(loaded);
    const { result } = JSON.parse(await readFile(join(loaded, report!), "utf8")) as {
      readonly result: readonly { readonly url: string }[];
    };
    const files = result.map(({ url }) => url).filter((url) => url.startsWith("file:"));

    expect(files.map((url) => basename(url)).toSorted()).toEqual([
      "cli.ts",
      "compile-cache.ts",
      "early-keys.ts",
      "hangup.ts",
      "node-version.ts",
      "screen-reader.ts",
      "version.ts",
    ]);
  });
});
