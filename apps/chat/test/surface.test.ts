/** What the user chooses of the surface, on a pseudo-terminal: colours, keys, a provider, and lines that are read out. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { DOCUMENTS, sandbox } from "./support/sandbox.ts";
import { heldModel, slowModel } from "./support/slow-model.ts";
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
const KEY = "secret-key-0123456789";

/** Everything that stands in the files of a folder. */
function everything(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "latin1"))
    .join("\n");
}

async function say(app: TerminalApp, text: string, shown: string | RegExp): Promise<void> {
  app.type(`${text}\r`);
  await app.until(shown);
}

describe.concurrent("the surface", () => {
  test("T19: sets up a provider whose key is seen nowhere, and keeps the theme and the vim keys", async () => {
    await using model = await slowModel("Well.", 0);
    const { providers } = JSON.parse(model.files["orch.config.json"]!);
    await using box = await sandbox(cli.file, { "README.md": "# Notes\n" });
    {
      await using app = box.start();
      await app.until(READY);
      await say(app, "/connect", "Which provider?");
      const [, own] = /(\d+) another server/.exec(app.screen())!;
      app.type(`${own}\r`);
      await app.until("What is the server called here?");
      app.type("house\r");
      await app.until("At which address");
      app.type(`${providers.slow.baseURL}\r`);
      await app.until("Which model?");
      app.type("m\r");
      await app.until("What you type is not shown");
      app.paste(`${KEY}\n`);
      await app.until("*".repeat(KEY.length));
      app.type("\r");
      await app.until("house/m answers.");
      await app.until("answer from now on?");
      app.type("\r");
      await app.until("chat with house/m answers from now on");
      await say(app, "/config explain providers.house", '"(hidden)"');
      await say(app, "/theme mono", "The theme is mono from now on.");
      await say(app, "/vim", "The input has vim keys from now on");
      app.type("abc def");
      await app.until("INSERT │ chat");
      app.type("\u001b");
      await app.until("NORMAL │ chat");
      app.type("0dw");
      await app.until((one) => one.screen().includes("› def\n"));
      app.type("iX\u001b");
      await app.until((one) => one.screen().includes("› Xdef\n") && one.screen().includes("NORMAL"));
      expect(app.raw).not.toContain(KEY);
      expect(app.fullClears()).toBe(0);
      app.type("dd\u0004");
      await app.ended;
    }
    const saved = join(box.home, ".config/orch/saved.json");
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(saved, "utf8"))).toMatchObject({
      model: "house/m",
      ui: { theme: "mono", vim: true },
    });
    expect(everything(join(box.home, ".local"))).not.toContain(KEY);
    expect(everything(box.folder)).not.toContain(KEY);
    // The next start has them all, and /cost says what it cannot know.
    await using app = box.start(["--orc", "chat"]);
    await app.until("INSERT │ chat │ house/m");
    await say(app, "hello", "Well.");
    await say(app, "/cost", "The cost is not known of: house/m.");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with it.
    expect(app.raw).not.toMatch(/\u001b\[(?:\d+;)*(?:3[0-7]|9[0-7])m/);
  });

  test("T19: a screen reader hears lines that are never redrawn, prompts as lists, and no key", async () => {
    await using model = await toldModel();
    await using box = await sandbox(cli.file, { ...DOCUMENTS, ...model.files });
    await using app = box.start(["--trust"], { env: { INK_SCREEN_READER: "true", NO_COLOR: "1" } });
    await app.until("ready");
    await say(app, "How does the journal survive a storm?", /ready, after/);
    expect(app.scrollback()).toMatch(/plan started\n(?:.*\n)*plan done [\d.]+s, \d quer/);
    expect(app.scrollback()).toContain("searchAll started");
    await say(app, "/connect", "Which provider?");
    await app.until(/^ +\d+ ollama$/m);
    app.type("openrouter\r");
    await app.until("Which model?");
    app.type("m\r");
    await app.until("The key of openrouter, which is sent to https://openrouter.ai alone.");
    app.type(`${KEY}\u0003`);
    await app.until("Nothing was kept.");
    await say(app, "/orc chat", "chat with local/extractive");
    await say(app, "/model slow/mock", "chat with slow/mock");
    await say(app, 'call read_file {"path":"README.md"}', "I have looked. END");
    await app.until((one) => one.count("ready, after") === 2);
    app.signal("SIGINT");
    await app.until("Ctrl-C again to quit");
    app.signal("SIGINT");
    expect((await app.ended).code).toBe(0);
    expect(app.raw).not.toContain(KEY);
    expect(app.raw).not.toContain("\u001b");
    // A sign would be read out by its name.
    expect(app.raw).not.toMatch(/[●◐○✕⏸↻⊘›│]/);
  });

  test("T19: the terminal's own cursor stands where wide characters are typed, at 40 columns and over two rows", async () => {
    await using model = await heldModel("The answer begins here, and goes on.", "begins");
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args, { columns: 40, rows: 20 });
    await app.until("› Ask");
    const cursorOn = (text: string, x: number) => (one: TerminalApp) => {
      const { x: column, y } = one.cursor();
      return column === x && (one.screen().split("\n")[y] ?? "").includes(text);
    };
    app.type("漢字");
    await app.until(cursorOn("› 漢字", 6));
    app.type("e\u0301");
    await app.until(cursorOn("› 漢字e\u0301", 7));
    app.type("👩‍👩‍👧");
    await app.until(cursorOn("漢字e\u0301👩‍👩‍👧", 9));
    app.type("\u001b[D\u001b[D");
    await app.until(cursorOn("漢字e\u0301", 6));
    app.type("\u0005");
    app.type("字".repeat(16));
    // 37 cells to a row: seven are taken, and fifteen wide ones fit behind them.
    await app.until(cursorOn("  字", 4));
    app.type("\r");
    await app.until("The answer begins");
    app.type("漢");
    await app.until("› 漢");
    model.release();
    await app.until(/goes on\./);
    await app.until(cursorOn("› 漢", 4));
  });
});
