/** What is shown can be taken out: by copying from the screen, by commands, and by links. */
import { existsSync } from "node:fs";
import { readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import { slowModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const COMMAND =
  'docker run --rm -it -v "$PWD:/work" -e FOO=bar --name example-container host.example.com/team/image:1.2.3 sh -c "echo hello && sleep 1"';
const ADDRESS = `https://example.com/${"a-long-path/".repeat(12)}?x=1#step-2`;
const ANSWER = `Run this:\n\n\`\`\`sh\n${COMMAND}\n\`\`\`\n\nThen read ${ADDRESS} and [the guide](${ADDRESS}&y) there.\n\nThe end.\n`;

const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");
/** Rows that the terminal broke are one, as a copy gives them. */
const copied = (app: TerminalApp): readonly string[] => app.unbroken().split("\n");
/** What the program gave to the clipboard. */
const clips = (app: TerminalApp): readonly string[] =>
  app.raw
    .split("\u001b]52;c;")
    .slice(1)
    .map((piece) => Buffer.from(piece.split("\u0007")[0]!, "base64").toString("utf8"));

describe.concurrent("taking out", () => {
  test.each([90, 60])(
    "T10, T09: in %i columns a copy of code and of an address is the source",
    async (columns) => {
      await using model = await slowModel(ANSWER, 2, 24);
      await using box = await sandbox(cli.file, model.files);
      await using app = box.start(model.args, { columns, rows: 24 });
      await app.until(READY);
      app.type("tell me\r");
      await app.until((it) => it.count("The end.") === 1 && idle(it));
      expect(copied(app)).toContain(COMMAND);
      expect(copied(app)).toContain(ADDRESS);
      expect(copied(app)).toContain(`(${ADDRESS}&y)`);
      // Painted anew as well.
      app.type("\u000c");
      await app.until((it) => it.fullClears() === 1 && idle(it));
      expect(copied(app)).toContain(COMMAND);
      expect(app.count("The end.")).toBe(1);
      expect(app.fired).toEqual([]);
    },
  );

  test("T10: /copy gives the terminal the source of an answer and of code", async () => {
    await using model = await slowModel(ANSWER, 0, 64);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("/copy\r");
    await app.until("nothing to copy there: no answer yet");
    expect(app.fired).toEqual([]);
    app.type("tell me\r");
    await app.until((it) => it.count("The end.") === 1 && idle(it));
    app.type("/copy code\r");
    await app.until("Copied: docker run");
    expect(clips(app)).toEqual([COMMAND]);
    app.type("/copy\r");
    await app.until("Copied: Run this:");
    expect(clips(app)).toEqual([COMMAND, ANSWER.trim()]);
    app.type("/copy 2\r");
    await app.until("nothing to copy there: 1 answer.");
    expect(clips(app)).toHaveLength(2);
  });

  test("T10: /copy says when a terminal has no clipboard, and when a text is too long for one", async () => {
    await using model = await slowModel(`${"long ".repeat(16_000)}\n\nThe end.\n`, 0, 8192);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("tell me\r");
    await app.until((it) => it.count("The end.") === 1 && idle(it));
    app.type("/copy\r");
    await app.until(/too much for a terminal's clipboard \(8\d{4} bytes/);
    app.type("/quit\r");
    await app.ended;
    await using console = box.start(["-c", ...model.args], { env: { TERM: "linux" } });
    await console.until("Going on with: ");
    console.type("/copy\r");
    await console.until("This terminal has no clipboard that a program can reach");
    expect([...app.fired, ...console.fired]).toEqual([]);
  });

  test("T09: /links lists every address in full", async () => {
    await using model = await slowModel(ANSWER, 0, 64);
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args, { columns: 70 });
    await app.until(READY);
    app.type("/links\r");
    await app.until("There are no links in this conversation yet");
    app.type("see https://mine.example/a first\r");
    await app.until((it) => it.count("The end.") === 1 && idle(it));
    app.type("/links\r");
    await app.until(
      (it) => it.unbroken().includes(`the guide: \n${ADDRESS}&y`) || /\n3 the guide:/.test(it.unbroken()),
    );
    expect(app.unbroken()).toMatch(/\n1 https:\/\/mine\.example\/a\n2\n?/);
    expect(copied(app).filter((row) => row.endsWith(ADDRESS))).toHaveLength(2);
    expect(app.fired).toEqual([]);
  });

  test("T10: /export writes what is kept to a new file, and none through a link or over another", async () => {
    await using model = await slowModel(ANSWER, 0, 64);
    await using box = await sandbox(cli.file, model.files);
    await symlink(box.home, join(box.folder, "away"));
    await symlink(join(box.home, "target.md"), join(box.folder, "dangling.md"));
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("tell me\r");
    await app.until((it) => it.count("The end.") === 1 && idle(it));
    // A word that reads like a format is not taken for the name of a file.
    app.type("/export pdf\r");
    await app.until("There is no format pdf: there is md, html, jsonl, json.");
    expect(existsSync(join(box.folder, "pdf"))).toBe(false);
    app.type("/export md talk.md\r");
    await app.until("The conversation is in talk.md");
    expect(await readFile(join(box.folder, "talk.md"), "utf8")).toContain(ANSWER.trim());
    app.type("/export json talk.json\r");
    await app.until("The conversation is in talk.json");
    const kept = JSON.parse(await readFile(join(box.folder, "talk.json"), "utf8"));
    expect(kept.turns[0].messages[1].content[0].text).toBe(ANSWER);
    app.type("/export talk.html\r");
    await app.until("The conversation is in talk.html");
    expect(await readFile(join(box.folder, "talk.html"), "utf8")).toContain(`<pre>docker run --rm`);
    app.type("/export jsonl talk.jsonl\r");
    await app.until("The conversation is in talk.jsonl");
    const before = await readdir(box.home);
    for (const [name, says] of [
      ["talk.md", "talk.md is there already"],
      ["dangling.md", "dangling.md is there already"],
      ["away/talk.md", "away/talk.md is not inside this folder"],
      ["../talk.md", "../talk.md is not inside this folder"],
      ["none/talk.md", "There is no folder for none/talk.md"],
    ] as const) {
      app.type(`/export md ${name}\r`);
      await app.until(says);
    }
    expect(await readdir(box.home)).toEqual(before);
    app.type("/import talk.jsonl\r");
    await app.until("is imported");
    expect(app.count("The end.")).toBe(2);
  });
});
