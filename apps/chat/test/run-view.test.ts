/** The view of a run, on a terminal: while it goes, afterwards, and after a restart. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ASKING } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { DOCUMENTS, sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const CTRL_G = "\u0007";
const HOME = "\u001b[H";
const DOWN = "\u001b[B";
const ESC = "\u001b";

describe.concurrent("the view of a run", () => {
  test("opens while an answer comes, follows it, and loses no line of the conversation", async () => {
    const text = Array.from({ length: 30 }, (_, at) => `Line ${at + 1}.`).join("\n\n");
    await using model = await heldModel(text, "Line 10.");
    await using box = await sandbox(cli.file, { ...DOCUMENTS, ...model.files });
    await using app = box.start(model.args, { columns: 100, rows: 30 });
    await app.until(READY);
    app.type("tell me\r");
    await app.until("Line 8.");
    app.type(CTRL_G);
    await app.until((it) => it.screen().includes("? keys · q close"));
    expect(app.screen()).toMatch(/^ chat ◐ running/);
    app.type(`${HOME}\r`);
    await app.until((it) => it.screen().includes("What it said"));
    expect(app.screen()).toContain("Line 10.");
    model.release();
    await app.until((it) => it.screen().startsWith(" chat ● done"));
    // A narrow and a low window, the keys, and the graph.
    await app.resize(40, 12);
    await app.until((it) =>
      it
        .screen()
        .split("\n")
        .every((row) => row.length <= 40),
    );
    app.type(`${ESC}[Z?`);
    await app.until((it) => it.screen().includes("one row up or down"));
    app.type("qg");
    await app.until((it) => it.screen().includes("● chat ◎"));
    await app.resize(100, 30);
    app.type("\u0003");
    await app.until((it) => it.screen().includes(READY) && it.count("Line 30.") > 0);
    for (let at = 1; at <= 30; at++) expect(app.count(`Line ${at}.\n`), `line ${at}`).toBe(1);
    expect(app.terminal.buffer.active.type).toBe("normal");
  });

  test("says of a fork whose value is refused that nothing was started, and keeps the value to correct it", async () => {
    await using box = await sandbox(cli.file, ASKING);
    await using app = box.start(["--trust", "--orc", "lamp"], { columns: 100, rows: 30 });
    await app.until(READY);
    app.type("the fog\r");
    await app.until("Light the lamp for the fog?");
    app.type(CTRL_G);
    await app.until((it) => it.screen().startsWith(" lamp ⏸ waiting"));
    app.type("f");
    await app.until((it) => it.screen().includes("This run has not ended. It can be forked"));
    app.type("q");
    await app.until((it) => it.screen().includes("Type an answer"));
    app.type("yes\r");
    await app.until("It burns.");
    app.type(CTRL_G);
    await app.until((it) => it.screen().startsWith(" lamp ● done"));
    app.type(`${HOME}o`);
    await app.until((it) => it.screen().includes("output › true"));
    app.type(`${"\u007f".repeat(4)}"maybe"\r`);
    await app.until((it) => it.screen().includes("say yes or no"));
    expect(app.screen().replaceAll(/\s+/g, " ")).toContain(
      "Fork again with a value that fits; nothing was started.",
    );
    expect(app.screen()).not.toContain("still open");
    app.type(`${"\u007f".repeat(7)}false\r`);
    await app.until("It stays dark.");
    expect(app.count("forked: approve#1 gives another output")).toBe(1);
  });

  test("reads a run after a restart, steps through it, writes it down, and forks it with another value", async () => {
    await using box = await sandbox(cli.file);
    {
      await using app = box.start();
      await app.until(READY);
      app.type("how does the journal survive a storm?\r");
      await app.until("present      answered");
      app.type("\u0004");
      await app.ended;
    }
    const editor = `sed -i 's/"queries": \\[/"queries": ["the lamp burns oil",/'`;
    await using app = box.start(["-c"], { env: { EDITOR: editor }, asProcess: true });
    await app.until(READY);
    app.type("/run\r");
    await app.until((it) => /^ research ● done/.test(it.screen()) && it.screen().includes("└●"));
    app.type(`${HOME}${DOWN}`);
    await app.until((it) => it.screen().includes("● ▸ searchAll  has queries  taken"));
    expect(app.screen()).toContain("○ ▸ present  nothing to search  not asked: an");
    app.type(`${ESC}[D${ESC}[D`);
    await app.until((it) => it.screen().includes("replay "));
    app.type(`${ESC}[C${ESC}[C`);
    await app.until((it) => it.screen().startsWith(" research ● done"));
    app.type("x2");
    await app.until((it) => it.screen().includes(".json"));
    app.type("x2");
    await app.until((it) => it.screen().includes("-2.json"));
    const files = (await readdir(box.folder)).filter((name) => name.endsWith(".json"));
    expect(files).toHaveLength(2);
    const exported = JSON.parse(await readFile(join(box.folder, files[0]!), "utf8")) as {
      run: { status: string };
    };
    expect(exported.run.status).toBe("done");
    app.type(`${HOME}o`);
    await app.until("forked: plan#1 gives another output");
    await app.until((it) => it.screen().endsWith(" / commands"));
    // Both turns are runs of their own.
    app.type("/run 1\r");
    await app.until(
      (it) => it.screen().includes("searchAll.2") && it.screen().startsWith(" research ● done"),
    );
    app.type(`q/run 2\r`);
    await app.until((it) => it.screen().startsWith(" research ● done"));
    process.kill(app.pid, "SIGTERM");
    expect((await app.ended).code).toBe(143);
    expect(app.terminal.buffer.active.type).toBe("normal");
    expect(app.scrollback()).toContain("forked: plan#1 gives another output");
    expect(app.raw).toMatch(/\?1049l[\s\S]*$/);
  });
});
