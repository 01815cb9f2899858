/** What the transcript says of a turn, on a pseudo-terminal: each text once, and a row for each tool call. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import type { TerminalApp } from "./support/terminal-app.ts";
import { toldModel } from "./support/told-model.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const FILES = { "notes.txt": "first line\nsecond line\nthird line\n" };
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");
/** The rows from a message on, without the empty ones. */
function rowsFrom(app: TerminalApp, message: string): string[] {
  const rows = app.scrollback().split("\n");
  const from = rows.indexOf(`› ${message}`);
  const to = rows.findIndex((row, at) => at > from && row.startsWith("› "));
  return rows.slice(from + 1, to).filter((row) => row !== "");
}

/** A tool that waits until there is a file `go`. */
const WAITING_TOOL = `import { agent, tool } from "@orch/agents";
import { agentRuntime } from "@orch/chat-runtime";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { z } from "zod";

export default ({ model, root }) => {
  const wait = tool({
    name: "wait_for",
    description: "Waits.",
    input: z.object({ what: z.string() }),
    invoke: async () => {
      while (!existsSync(join(root, "go"))) await sleep(10);
      return "it came";
    },
  });
  return agentRuntime(agent({ name: "waiter", model, tools: [wait] }));
};
`;

/** A state that fails. */
const FAILING = {
  "orch.config.json": '{ "orchestrations": { "digest": { "file": "./digest.js" } } }',
  "digest.js": `import { orchestration, runnable } from "@orch/core";
const read = runnable("read", (text) => Number(text));
const digest = runnable("digest", (size) => {
  throw new Error("cannot digest " + size);
});
export default orchestration("digest", (o) => o.start(read).advance(read, digest).finish(digest));
`,
};

describe.concurrent("the transcript", () => {
  test("T04: an answer is shown once when a tool was used", async () => {
    await using model = await toldModel();
    await using box = await sandbox(cli.file, { ...model.files, ...FILES });
    await using app = box.start(model.args);
    await app.until(READY);
    for (const time of [1, 2]) {
      app.type("call list_files {}\r");
      await app.until((it) => it.count("I have looked. END") >= time && idle(it));
      expect(app.count("I have looked. END"), app.scrollback()).toBe(time);
      expect(app.count("Let me look."), app.scrollback()).toBe(time);
    }
    expect(rowsFrom(app, "call list_files {}")).toEqual([
      "Let me look.",
      expect.stringMatching(/^ {2}● list_files\(\) {2}\S.* \d\.\ds$/),
      "I have looked. END",
    ]);
  });

  test("T05: every tool call is a row, a failed, a refused and an unknown one too", async () => {
    await using model = await toldModel();
    await using box = await sandbox(cli.file, { ...model.files, ...FILES });
    await using app = box.start(model.args);
    await app.until(READY);
    const calls: readonly (readonly [string, RegExp])[] = [
      [
        'call read_file {"path":"notes.txt"}',
        /^ {2}● read_file\(“notes.txt”\) {2}.*first line.* · \d+ lines +\d\.\ds$/,
      ],
      ['call read_file {"path":"no/such"}', /^ {2}✕ read_file\(“no\/such”\) .*\d\.\ds$/],
      ['call read_file {"path":7}', /^ {2}✕ read_file\(7\)/],
      ['call burn_down {"what":"all","how":"now"}', /^ {2}✕ burn_down\(what: “all”, how: “now”\)/],
    ];
    for (const [at, [message, row]] of calls.entries()) {
      app.type(`${message}\r`);
      await app.until((it) => it.count("I have looked. END") > at && idle(it));
      expect(rowsFrom(app, message)).toContainEqual(expect.stringMatching(row));
    }
    expect(app.scrollback()).toContain('The path "no/such" does not exist. Fix: ');
    expect(app.scrollback()).not.toContain("https://");
    expect(app.scrollback()).toContain('Unknown tool "burn_down"');
    // The same rows, from what was kept.
    app.type("\u0004");
    await app.ended;
    await using again = box.start(["-c"]);
    await again.until(READY);
    await again.until((it) => it.count("I have looked. END") === calls.length);
    expect(again.count("● read_file(“notes.txt”)")).toBe(1);
    expect(again.count("✕ burn_down(")).toBe(1);
  });

  test("T05: a tool call is shown while it runs, and says when it was stopped", async () => {
    await using model = await toldModel();
    const { providers } = JSON.parse(model.files["orch.config.json"]!);
    const config = { providers, model: "slow/mock", orchestrations: { waiter: { file: "./waiter.js" } } };
    const files = { "orch.config.json": JSON.stringify(config), "waiter.js": WAITING_TOOL };
    await using box = await sandbox(cli.file, files);
    await using app = box.start(["--trust", "--orc", "waiter"]);
    await app.until(READY);
    const message = 'call wait_for {"what":"x"}';
    app.type(`${message}\r`);
    await app.until(/◐ wait_for\(“x”\) \d\.\ds/);
    app.type("\u0003");
    await app.until("⊘ stopped; what there is of the answer is kept");
    await app.until(idle);
    expect(app.scrollback()).toMatch(/⊘ wait_for\(“x”\) {2}.*\d\.\ds\n/);
    expect(app.count("◐ wait_for")).toBe(0);
    app.type(`${message}\r`);
    await app.until(/◐ wait_for\(“x”\) \d\.\ds/);
    await writeFile(join(box.folder, "go"), "");
    await app.until("I have looked. END");
    await app.until(idle);
    expect(app.count("● wait_for(“x”)  it came")).toBe(1);
    expect(app.count("◐ wait_for")).toBe(0);
    expect(app.fullClears()).toBe(0);
  });

  test("T20: a failure of the provider is the same sentence on the screen and without one, and again with -c", async () => {
    await using model = await toldModel();
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args, { columns: 160 });
    await app.until(READY);
    app.type("fail401\r");
    await app.until("✕ ");
    await app.until(idle);
    const [says, fix] = rowsFrom(app, "fail401");
    expect(says).toBe("✕ slow answered 401: bad key.");
    expect(fix).toMatch(/^ {2}▸ Check the key in the environment, give another one by \/connect\b/);
    const { stderr } = await box.run([...model.args, "-p", "fail401"]);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(`${says!.slice(2)} ${fix!.slice(4)}`);
    app.type("\u0004");
    await app.ended;
    await using again = box.start(["-c"]);
    await again.until(/✕ slow answered 401: bad key/);
  });

  test("T24: the state that failed is named on the screen and without one", async () => {
    await using box = await sandbox(cli.file, FAILING);
    const args = ["--trust", "--orc", "digest"];
    await using app = box.start(args);
    await app.until(READY);
    app.type("6\r");
    await app.until('✕ The state "digest" failed: cannot digest 6.');
    const { stderr } = await box.run([...args, "-p", "6"]);
    expect(stderr).toContain('orch: The state "digest" failed: cannot digest 6.');
  });

  test("T24: a failure has the fields of a success, and a stream tells each text in pieces and once as a message", async () => {
    await using model = await toldModel();
    await using box = await sandbox(cli.file, { ...model.files, ...FILES });
    const failed = await box.run([...model.args, "-p", "fail401", "--output", "json"]);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      v: 1,
      status: "failed",
      session: expect.stringContaining("session_"),
      orchestration: "chat",
      model: "slow/mock",
      durationMs: expect.any(Number),
      runId: expect.any(String),
      warnings: [],
      error: { exit: 4 },
    });
    const stream = await box.run([...model.args, "-p", "call list_files {}", "--output", "stream-json"]);
    const events = stream.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const outputs = events.filter(({ type }) => type === "state.output");
    const telling = outputs.filter((event) => JSON.stringify(event).includes("Let me look."));
    expect(telling.map(({ data }) => data.type)).toEqual(["agent.message"]);
    const deltas = events.filter(({ type }) => type === "message.delta");
    expect(deltas.map(({ text }) => text).join("")).toBe("Let me look.I have looked. END");
  });
});
