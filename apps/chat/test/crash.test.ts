/** What happens to a failure that nobody waits for, and to what an orchestration prints past the chat. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";

const READY = "Ask, or / for commands";

/** An orchestration that does what its message says. */
const FILES = {
  "orch.config.json": '{ "orchestrations": { "own": { "file": "./own.js" } } }',
  "own.js": `import { orchestration, runnable } from "@orch/core";
const act = runnable("act", async (text) => {
  const evil = "\\u001b]52;c;cm0gLXJmIH4=\\u0007\\u001b]0;OWNED\\u0007";
  if (text.includes("throw")) setTimeout(() => { throw new Error("Nobody caught this" + evil); });
  if (text.includes("reject")) void Promise.reject(new Error("Nobody caught this" + evil));
  if (text.includes("print")) {
    console.log("printed " + evil + "by the orchestration");
    process.stdout.write("\\u001b]52;c;cm0gLXJmIH4=\\u0007");
    process.stderr.write("and by its library\\n");
    process.emitWarning("it warns" + evil);
    return "It has printed.";
  }
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
export default orchestration("own", (o) => o.start(act).finish(act));
`,
};
const ARGS = ["--trust", "--orc", "own"];

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli[Symbol.asyncDispose]());

async function reports(box: Sandbox): Promise<string[]> {
  const folder = join(box.home, ".local", "state", "orch");
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.startsWith("crash-"));
  return Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
}

describe.concurrent("a failure that nobody waits for", () => {
  test.each(["throw", "reject"])(
    "is one clean sentence in the chat, and a report with the details (%s)",
    async (how) => {
      await using box = await sandbox(cli.file, FILES);
      await using app = box.start(ARGS, { asProcess: true });
      await app.until(READY);
      app.type(`${how}\r`);
      await app.until("orch: Nobody caught this");
      expect((await app.ended).code).toBe(70);
      const told = app.unbroken();
      expect(told).toMatch(/orch: Nobody caught this.* details are in .*crash-\d+\.log\./);
      expect(told).not.toContain("own.js:");
      expect(told).not.toContain(READY);
      expect(app.fired).toEqual([]);
      expect(app.raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?25l"));
      expect(app.raw.lastIndexOf("\u001b[?7h")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?7l"));
      expect(app.raw.lastIndexOf("\u001b[?2004l")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?2004h"));
      const [report, ...more] = await reports(box);
      expect(more).toEqual([]);
      expect(report).not.toContain("\u001b");
      expect(report).toMatch(/Error: Nobody caught this[\s\S]*own\.js\S*:\d+/);
    },
  );

  test("is a result of -p, and no file with --no-session", async () => {
    await using box = await sandbox(cli.file, FILES);
    const { stdout, stderr } = await box.run(
      [...ARGS, "--no-session", "--output", "json", "-p", "throw"],
      true,
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: "failed", error: { exit: 70 } });
    expect(stderr).toMatch(/^orch: Nobody caught this[^\n]*\n$/m);
    expect(stderr).not.toContain("\u001b");
    expect(await reports(box)).toEqual([]);
  });
});

test("what an orchestration prints stands above the input, once, and fires nothing", async () => {
  await using box = await sandbox(cli.file, FILES);
  await using app = box.start(ARGS, { asProcess: true });
  await app.until(READY);
  app.type("print\r");
  await app.until("It has printed.");
  await app.until(/Warning: it warns/);
  await app.until((it) => it.screen().endsWith("/ commands"));
  for (const text of ["printed by the orchestration", "and by its library", "Warning: it warns", READY])
    expect(app.count(text), app.scrollback()).toBe(1);
  expect(app.fired).toEqual([]);
});
