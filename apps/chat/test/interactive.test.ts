/** The real program on a pseudo-terminal. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { DOCUMENTS, sandbox } from "./support/sandbox.ts";
import { heldModel, slowConfig, slowModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const QUESTION = "How does the journal survive a storm?";
const SENTENCES = Array.from(
  { length: 30 },
  (_, at) => `Sentence number ${at} tells a little more, in some detail.`,
);
const LONG = `# The answer heading\n\n${SENTENCES.join("\n\n")}\n\n## The last heading\n`;
/** Nobody waits for its end. */
const ENDLESS = `# The answer heading\n\n${SENTENCES.join("\n\n").repeat(30)}`;

/** Nothing runs, and the last frame says so. */
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");

describe.concurrent("the chat on a terminal", () => {
  test("says in five rows what answers, and that it is no language model", async () => {
    await using box = await sandbox(cli.file);
    // The first paint waits for no HTTP client of Node's, which takes a tenth of the start to load.
    const noFetch = "data:text/javascript,globalThis.fetch=()=>process.exit(7)";
    await using app = box.start([], { env: { NODE_OPTIONS: `--import=${noFetch}` } });
    await app.until(READY);
    const rows = app.screen().split("\n");
    expect(rows.findIndex((row) => row.includes(READY))).toBeLessThanOrEqual(6);
    expect(app.screen()).toContain("local/extractive: quotes your files; not a language model");
    // T11: what the model is stands there once, with the way to another one.
    expect(app.count("language model")).toBe(1);
    expect(app.screen()).toMatch(/! No model is configured\. Set OPENAI_API_KEY/);
    expect(app.screen()).toMatch(/orch \d+\.\d+\.\d+.* · research · .*project/);
    expect(app.fullClears()).toBe(0);
  });

  test("answers a question once, with a citation, and keeps the scrollback", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    // The text and its Enter arrive in one chunk.
    app.type(`${QUESTION}\r`);
    await app.until("docs/journal.md:");
    await app.until("● present");
    expect(
      app
        .scrollback()
        .split("\n")
        .filter((row) => row === QUESTION),
    ).toHaveLength(1);
    expect(app.scrollback()).toContain("each entry is written before the lamp is lit");
    expect(app.scrollback()).toMatch(/● plan +\d quer/);
    expect(app.fullClears()).toBe(0);
  });

  test("streams a long answer without repeating a line", async () => {
    await using model = await slowModel(LONG, 8, 24);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args, { rows: 16 });
    await app.until(READY);
    app.type("tell me\r");
    await app.until("Sentence number 3 ");
    await app.until("Esc Esc stops");
    await app.until("The last heading");
    await app.until(idle);
    expect(app.count("The answer heading")).toBe(1);
    for (const sentence of SENTENCES) expect(app.count(sentence)).toBe(1);
    // T11: a flow of one state has no line about that state under its answer.
    expect(app.count("● chat")).toBe(0);
    expect(app.fullClears()).toBe(0);
  });

  test("T22: shows what a conversation cost, and marks what is not known of it", async () => {
    // A server that tells no tokens.
    await using model = await heldModel("Well.", "W");
    model.release();
    const { providers } = JSON.parse(model.files["orch.config.json"]!);
    const models = { "slow/mock": { price: { input: 10_000, output: 10_000 }, contextWindow: 1000 } };
    const files = { "orch.config.json": JSON.stringify({ providers, models }) };
    await using box = await sandbox(cli.file, files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("tell me\r");
    // T11: the share of the window stands there when it is known.
    await app.until(/ │ ~[\d.]+k? tok │ context [<\d]+% │ ~\$\d+\.\d\d/);
    app.type("/model slow/other\r");
    await app.until("slow/other answers from now on");
    app.type("and again\r");
    await app.until((it) => it.count("Well.") === 2 && idle(it));
    expect(app.screen()).toMatch(/ tok │ >= \$\d+\.\d\d │/);
    expect(app.screen()).not.toContain("context");
    app.type("\u0004");
    await app.ended;
    // A restart does not make the estimate a count, nor is there no model then.
    await using again = box.start(["-c"]);
    await again.until(/ │ ~[\d.]+k? tok │ >= \$\d+\.\d\d │/);
    again.type("/cost\r");
    await again.until("Some of these tokens are estimated, because a server told none.");
    expect(again.scrollback()).not.toContain("No model is configured");
    again.type("/run\r");
    await again.until((it) => /^ chat ● done [^\n]* ~[\d.]+k? tok/.test(it.screen()));
  });

  test("stops an answer with Esc Esc, keeps what there is, and goes on", async () => {
    await using model = await slowModel(ENDLESS, 8);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("tell me\r");
    await app.until("Sentence number 0 ");
    app.type("\u001b");
    await app.until("Esc again to stop");
    app.type("\u001b");
    await app.until("stopped; what there is of the answer is kept");
    // All that was said stands above, and then who was stopped.
    expect(app.scrollback()).toMatch(/Sentence number 0 .*⊘ stopped; what there is of the answer/s);
    expect(app.count("The answer heading")).toBe(1);
    app.type("and again\r");
    await app.until((it) => it.count("The answer heading") === 2);
    // A quick pair comes in one chunk.
    app.type("\u001b\u001b");
    await app.until((it) => it.count("stopped; what there is of the answer is kept") === 2);
  });

  test.each(["Ctrl-C", "SIGINT"])("stops an answer at once with %s, and quits on the second", async (how) => {
    await using model = await slowModel(ENDLESS, 8);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    const press = () => (how === "SIGINT" ? app.signal("SIGINT") : app.type("\u0003"));
    await app.until(READY);
    app.type("tell me\r");
    await app.until("Sentence number 0 ");
    press();
    await app.until("stopped; what there is of the answer is kept");
    app.type("x");
    await app.until("› x");
    press();
    await app.until((it) => !it.screen().includes("› x"));
    press();
    await app.until("Ctrl-C again to quit");
    press();
    expect((await app.ended).code).toBe(0);
  });

  test("queues what is typed while it answers, and sends it after", async () => {
    // Held in the middle: a model that goes on by its own clock may have answered before all of this is typed.
    await using model = await heldModel(LONG, "Sentence number 9 ");
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("first\r");
    await app.until("Sentence number 0 ");
    app.type("secnd\r");
    await app.until("⧗ secnd");
    app.type("\u001b[A");
    // The terminal may show the new line before the old one is gone: a frame may come in two pieces.
    await app.until((it) => it.screen().includes("› secnd") && !it.screen().includes("⧗ secnd"));
    app.type("\u007f\u007fond\r");
    await app.until("⧗ second");
    expect(app.count("The answer heading")).toBe(1);
    model.release();
    await app.until((it) => it.count("The answer heading") === 2);
    expect(app.scrollback()).toMatch(/The last heading.*› second/s);
  });

  test("T08: stays whole through resizes during an answer", async () => {
    // One paragraph of numbered words: most of it is live, wrapped to the full width, at every resize.
    const words = Array.from({ length: 400 }, (_, at) => `word${at}.`);
    const paragraphs = [0, 100, 200, 300].map((from) => words.slice(from, from + 100).join(" "));
    await using model = await slowModel(`# The answer heading\n\n${paragraphs.join("\n\n")}\n`, 10, 24);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("tell me\r");
    for (const [at, columns] of [60, 40, 100, 50].entries()) {
      await app.until(`word${at * 70 + 60}.`);
      await app.resize(columns, 30);
    }
    await app.until((it) => idle(it) && it.unbroken().includes("word399."));
    expect(app.count("The answer heading")).toBe(1);
    const text = ` ${app.unbroken().replaceAll(/\s+/g, " ")} `;
    const found = words.filter((word) => text.split(` ${word} `).length !== 2);
    expect(found, app.scrollback()).toEqual([]);
    // The welcome has it once.
    expect(text.split("Esc Esc stops"), app.scrollback()).toHaveLength(2);
    expect(app.fullClears()).toBe(0);
  });

  test("leaves the terminal as it found it", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type(`${QUESTION}\r`);
    await app.until("● present");
    app.type("\u0004");
    expect((await app.ended).code).toBe(0);
    expect(app.screen()).toMatch(/Start with -c to go on with this conversation$/);
    expect(app.raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?25l"));
    expect(app.raw.lastIndexOf("\u001b[?2004l")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?2004h"));
    expect(app.screen()).not.toContain(READY);
  });

  test("goes on after a kill in the middle of a turn, and says what is unfinished", async () => {
    await using model = await slowModel(ENDLESS, 8);
    await using box = await sandbox(cli.file, { ...model.files, ...DOCUMENTS });
    {
      await using app = box.start(model.args, { asProcess: true });
      await app.until(READY);
      app.type("what was asked\r");
      await app.until("Sentence number 0 ");
      app.signal("SIGKILL");
      await app.ended;
    }
    await using app = box.start(["-c", "--model", "local/extractive"]);
    await app.until(/unfinished: the program ended|cut here: the program ended/);
    await app.until(/↻ stopped in chat. Enter goes on/);
    expect(app.scrollback()).toContain("› what was asked");
    app.type(`${QUESTION}\r`);
    await app.until("docs/journal.md");
  });

  test("keeps conversations: lists them, goes on with one, begins a new one", async () => {
    await using box = await sandbox(cli.file);
    {
      await using app = box.start();
      await app.until(READY);
      app.type("Who fills the lamp?\r");
      await app.until("● present");
      app.type("/quit\r");
      expect((await app.ended).code).toBe(0);
    }
    await using app = box.start();
    await app.until(READY);
    app.type("/sessions\r");
    await app.until(/1 {2}now {2}Who fills the lamp\? {2}1 turn · research/);
    app.type("/resume 1\r");
    await app.until("Going on with: Who fills the lamp?");
    await app.until("docs/lamp.md:");
    app.type("/new\r");
    await app.until("A new conversation.");
  });

  test("shows a conversation that nothing answers yet, and goes on when a model is chosen", async () => {
    await using box = await sandbox(cli.file);
    {
      await using app = box.start(["Who fills the lamp?"]);
      await app.until("● present");
      app.type("\u0004");
      await app.ended;
    }
    await using app = box.start(["-c", "--model", "openai/gpt-5"]);
    await app.until("Going on with: Who fills the lamp?");
    app.type("hello?\r");
    await app.until((it) => it.count("Set OPENAI_API_KEY") === 2);
    app.type("/model local/extractive\r");
    await app.until("answers from now on");
    app.type(`${QUESTION}\r`);
    await app.until((it) => it.count("docs/journal.md:") > 0 && idle(it));
    app.type("/sessions\r");
    await app.until("2 turns");
  });

  test("shows what a run asks, takes the next message for the answer, and says when it does not fit", async () => {
    await using box = await sandbox(cli.file, ASKING);
    await using app = box.start(["--trust", "--orc", "lamp"]);
    await app.until(READY);
    app.type("the Hesper\r");
    await app.until("Light the lamp for the Hesper?");
    await app.until("Type an answer");
    await app.until("approve waits for your answer");
    app.type("perhaps\r");
    await app.until("say yes or no");
    app.type("yes\r");
    await app.until("It burns.");
    await app.until(idle);
    expect(app.count("Light the lamp for")).toBe(1);
    expect(app.scrollback()).toMatch(/● Light the lamp for the Hesper\?\n› yes/);
    app.type("the Grace\r");
    await app.until("Light the lamp for the Grace?");
    app.type("\u0003");
    await app.until("⊘ approve");
    await app.until(READY);
    expect(app.count("It stays dark.")).toBe(0);
  });

  test("hears the keys of a terminal that tells them apart", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    // Shift+Enter, Backspace, Escape and Ctrl+C in the kitty protocol.
    app.type("one");
    app.type("\u001b[13;2u");
    app.type("two");
    await app.until(/› one\n {2}two/);
    app.type("\u001b[127u");
    await app.until(/› one\n {2}tw\n/);
    app.type("\u001b[27u");
    await app.until("Esc again to clear");
    app.type("\u001b[99;5u");
    await app.until(READY);
    app.type("\u001b[99;5u");
    await app.until("Ctrl-C again to quit");
  });

  test("paints the screen anew with Ctrl-L", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start(["Who fills the lamp?"]);
    await app.until("● present");
    await app.until(idle);
    // What another program left on the screen.
    await new Promise<void>((done) => app.terminal.write("\u001b[5;1Hgarbage garbage", done));
    app.type("\u000c");
    await app.until((it) => !it.screen().includes("garbage") && it.screen().includes(READY));
    expect(app.screen()).toContain("● present");
    expect(app.screen().split(READY)).toHaveLength(2);
  });

  test("completes commands, and sends none of them to a model", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("/");
    await app.until("commands and keys");
    app.type("gr");
    await app.until((it) => !it.screen().includes("commands and keys"));
    app.type("\t");
    await app.until("› /graph");
    app.type("\r");
    await app.until("searchAll");
    app.type("/modle x\r");
    await app.until("! There is no command /modle. Did you mean /model?");
    // T11: this sign is only for what waits for the user.
    expect(app.count("⏸")).toBe(0);
    app.type("/orc ");
    await app.until("one agent that can list, search and read your files");
    app.type("cha\t");
    await app.until("› /orc chat");
    app.type("\r");
    await app.until("chat with local/extractive");
    app.type("/model openai/gpt-5\r");
    await app.until("needs an API key");
    expect(app.scrollback()).toContain("Set OPENAI_API_KEY");
    expect(app.scrollback()).not.toContain("● plan");
  });

  test("keeps a large paste whole, as one line on the screen", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    const lines = Array.from({ length: 500 }, (_, at) => `pasted line ${at}`);
    app.paste(lines.join("\r\n"));
    await app.until("[Pasted text #1, 500 lines]");
    app.type("\r");
    await app.until("● present");
    expect(app.scrollback()).toContain("488 more lines");
    app.type("\u0004");
    await app.ended;
    const history = await readFile(join(box.home, ".local/state/orch/history.jsonl"), "utf8");
    expect(JSON.parse(history.trim()).text).toBe(lines.join("\n"));
  });

  test("remembers what was typed, across starts", async () => {
    await using box = await sandbox(cli.file);
    {
      await using app = box.start();
      await app.until(READY);
      app.type("/orc\r");
      await app.until("/orc <name> chooses.");
      app.type("\u0004");
      await app.ended;
    }
    await using app = box.start();
    await app.until(READY);
    app.type("\u001b[A");
    await app.until("› /orc");
  });

  test("writes no colour with NO_COLOR", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start([], { env: { NO_COLOR: "1" } });
    await app.until(READY);
    app.type(`${QUESTION}\r`);
    await app.until("● present");
    const sgr = /^\[[\d;]*m/;
    expect(app.raw.split("\u001b").filter((piece) => sgr.test(piece))).toEqual([]);
  });

  test("fires nothing that stands in a file, its name or a message", async () => {
    const osc = "\u001b]52;c;aGFja2Vk\u0007\u001b]0;owned\u0007\u001b[2J\u009d52;c;aGFja2Vk\u009c";
    await using box = await sandbox(cli.file, {
      "docs/journal.md": `# The ${osc}journal\n\nThe journal survives a ${osc}storm because [each](https://evil.example/${osc}) entry is written first.\n`,
      "docs/odd\u001b]0;owned\u0007name.md":
        "# Odd\n\nThe journal survives a storm in an odd file as well.\n",
    });
    await using app = box.start();
    await app.until(READY);
    app.paste(`How does the journal ${osc} survive a storm?`);
    app.type("\r");
    await app.until("● present");
    app.type("/sessions\r");
    await app.until("1 turn");
    app.type("/\u009d52;c;aGFja2Vk\u009cnope\r");
    await app.until("There is no command");
    expect(app.fired).toEqual([]);
    expect(app.fullClears()).toBe(0);
  });

  // Smaller than any window of the other files; those of 40 columns are theirs too.
  test.each(
    thorough
      ? [
          [40, 24],
          [30, 9],
          [20, 6],
        ]
      : [[20, 6]],
  )("can be used in a window of %i columns and %i rows", async (columns, rows) => {
    await using box = await sandbox(cli.file);
    await using app = box.start([], { columns, rows });
    await app.until("› Ask");
    app.type(`${QUESTION}\r`);
    await app.until(/● present/);
    expect(app.fullClears()).toBe(0);
    expect(app.scrollback().replaceAll(/\s+/g, " ").split("entry is written before").length - 1).toBe(1);
  });

  test("is a chat of plain lines on a terminal that can only append", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start([], { env: { TERM: "dumb" } });
    await app.until("local/extractive");
    app.type(`${QUESTION}\r`);
    await app.until("docs/journal.md:");
    // Nothing is said of keys that there are not.
    app.type("/keys\r");
    await app.until("stop the answer; twice: quit");
    app.type("/quit\r");
    expect((await app.ended).code).toBe(0);
    expect(app.raw).toContain("Start with -c");
    for (const none of ["\u001b", "Esc", "Tab"]) expect(app.raw).not.toContain(none);
  });

  test("shows a failure as a sentence with a way out, and goes on", async () => {
    await using box = await sandbox(cli.file, slowConfig("http://127.0.0.1:1/v1"));
    await using app = box.start(["--trust", "--orc", "chat", "--model", "slow/mock"]);
    await app.until(READY);
    app.type("hello\r");
    await app.until("✕ ");
    await app.until("▸ ");
    app.type("/model local/extractive\r");
    await app.until("answers from now on");
  });
});
