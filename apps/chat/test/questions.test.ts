/** Questions and approvals on a pseudo-terminal: forms, single keys, several at once, restarts, and a terminal without keys. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const ran = (box: Sandbox): Promise<string> => readFile(join(box.folder, "ran"), "utf8").catch(() => "");
/** Waits for a text on the visible screen: what scrolled away may hold an older one. */
const shows = (app: TerminalApp, text: string): Promise<void> =>
  app.until((it) => it.screen().includes(text));

describe.concurrent("a question in the chat", () => {
  test.each([
    [100, 30],
    [40, 12],
  ])("T21: is a form that names its fields, at %d columns and %d rows", async (columns, rows) => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "form"], { columns, rows });
    await app.until(READY);
    app.type("go\r");
    await shows(app, "Publish these 3 results?");
    expect(app.raw).toContain("\u0007");
    await shows(app, "y yes");
    const screen = app.screen();
    expect(screen).toContain("approve  1 yes  2 no");
    expect(screen).toContain("Whether they may be");
    expect(screen).toContain("notes    (optional)");
    // What is asked about, in full.
    app.type("v");
    await shows(app, "v back");
    app.type("G");
    await shows(app, "second line of 3");
    app.type("v");
    await shows(app, "y yes");
    app.type("yes");
    await shows(app, "› copies");
    app.type("many\r");
    await shows(app, "copies: a whole number from 1 to 9");
    app.type("3\r");
    await shows(app, "› notes");
    app.type("\r");
    await app.until('Given: {"approve":true,"copies":3}');
    const unbroken = app.unbroken();
    expect(unbroken).toMatch(/● Publish these 3 results\?\n› approve: yes, copies: 3/);
    // No ids, and no word of a library's.
    expect(unbroken).not.toMatch(/form\/approve#1|Invalid input/);
    expect(app.fullClears()).toBe(0);
  });

  test("about a tool is answered by a key, for once or for good, and what was allowed is taken back", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await writeFile(join(box.home, "editor.sh"), '#!/bin/sh\nsed -i s/b.md/mine.md/ "$1"\n', { mode: 0o755 });
    const env = { VISUAL: join(box.home, "editor.sh") };
    await using app = box.start(["--trust", "--orc", "tool"], { env, asProcess: true });
    await app.until(READY);
    app.type("a.md b.md c.md d.md\r");
    await shows(app, "May editor run the tool edit_file?");
    // What was pasted is no key, neither before the question could be read nor after.
    app.paste("y");
    await shows(app, "y yes, once");
    app.paste("y");
    expect(app.screen()).toMatch(/path {2}a\.md.*- two.*\+ 2/s);
    app.type("w");
    await shows(app, "Why not?");
    app.type("not this one\r");
    await shows(app, "path  b.md");
    await shows(app, "y yes, once");
    app.type("e");
    await shows(app, "path  mine.md");
    expect(await ran(box)).toBe("");
    app.type("y");
    await shows(app, "path  c.md");
    await shows(app, "y yes, once");
    app.type("always\r");
    await app.until("Told The call was denied: not this one / [A person changed the arguments to");
    await app.until(READY);
    expect(await ran(box)).toBe("mine.md\nc.md\nd.md\n");
    // It holds for the next run, and after a restart.
    app.type("e.md\r");
    await app.until("Told edited e.md.");
    app.type("/approve\r");
    await app.until("1 edit_file of tool, with any arguments");
    app.type("/approve revoke 1\r");
    await app.until("Taken back: edit_file of tool");
    app.type("f.md\r");
    await shows(app, "path  f.md");
    await shows(app, "y yes, once");
    app.type("\u0003");
    await app.until("⊘ stopped");
    expect(await ran(box)).not.toContain("f.md");
  });

  test("is one of several, each in its lane, and survives kill -9; answered ones do not come back", async () => {
    await using box = await sandbox(cli.file, FORMS);
    {
      await using app = box.start(["--trust", "--orc", "lanes"], { columns: 80, rows: 24, asProcess: true });
      await app.until(READY);
      app.type("sky sea sun\r");
      await shows(app, "colour (lane 1) asks  1 of 3");
      await shows(app, "1-9 choose");
      app.type("\t");
      await shows(app, "colour (lane 2) asks  2 of 3");
      await shows(app, "1-9 choose");
      app.type("3");
      await app.until("● Which colour has the sea?");
      app.signal("SIGKILL");
      await app.ended;
    }
    await using app = box.start(["--trust", "-c"], { columns: 80, rows: 24 });
    await app.until("2 questions open");
    app.type("\r");
    await shows(app, "colour (lane 1) asks  1 of 2");
    await shows(app, "1-9 choose");
    // Esc answers nothing; Enter comes back.
    app.type("\u001b");
    await shows(app, "2 questions wait; Enter");
    app.type("\r");
    await shows(app, "1-9 choose");
    app.type("g");
    await shows(app, "colour (lane 3) asks");
    await shows(app, "1-9 choose");
    app.type("\u001b[B");
    await shows(app, "› 1 red");
    app.type("\r");
    await app.until("Painted green, blue, red.");
  });

  test("whose form is half filled is asked anew after kill -9, and closes when another process answers it", async () => {
    await using box = await sandbox(cli.file, FORMS);
    {
      await using app = box.start(["--trust", "--orc", "form"], { asProcess: true });
      await app.until(READY);
      app.type("go\r");
      await shows(app, "y yes");
      app.type("yes");
      await shows(app, "› copies");
      app.type("7");
      await shows(app, "copies   7");
      app.signal("SIGKILL");
      await app.ended;
    }
    await using app = box.start(["--trust", "-c"]);
    await app.until("1 question open");
    app.type("\r");
    await shows(app, "› approve  1 yes  2 no");
    await shows(app, "y yes");
    expect(app.screen()).not.toContain("copies   7");
    app.type("yes");
    await shows(app, "› copies");
    app.type("5");
    await shows(app, "copies   5");
    const [name] = /^\w+/.exec((await box.run(["inbox"])).stdout)!;
    const given = await box.run(["answer", name, '{"approve":false,"copies":2}']);
    expect(given.stdout).toContain("goes on with it");
    await app.until('› {"approve":false,"copies":2}');
    await app.until("Given:");
    // What was typed into the form is no message now.
    await shows(app, `› ${READY}`);
    expect(app.screen()).not.toContain("approve asks");
  });

  test("whose time is over while an answer is written closes, and the run goes on", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "timed"]);
    await app.until(READY);
    app.type("go\r");
    await shows(app, "Enter answer");
    app.type("The Half");
    await shows(app, "› The Half");
    await app.until("Nobody said.");
    await shows(app, `› ${READY}`);
    expect(app.scrollback()).toContain("approve");
    expect(app.screen()).not.toContain("approve asks");
    // What was written of it is not lost.
    await app.until("What you typed as an answer comes back with Up.");
    app.type("\u001b[A");
    await shows(app, "› The Half");
  });

  test("of several that wait, any is answered by /answer on a terminal that can only append", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "lanes"], { env: { TERM: "dumb" } });
    await app.until("orch 0.");
    app.type("hat coat shoe\n");
    await app.until(/colour asks \(1 of 3; \/answer lists them\)[\s\S]*Type a number:/);
    app.type("/answer\n");
    await app.until(
      /2 {2}\w{4} {2}here, colour \(lane 2\): Which colour has the coat\?[\s\S]*Type a number:/,
    );
    app.type("/answer 2 blue\n");
    // What is left is put once, behind all that was said of the answer, and counted as it is.
    await app.until(/> blue\n[^?]*colours\.2[^?]*\? colour asks \(1 of 2; [\s\S]*Type a number:\s*$/);
    app.type("1\n");
    await app.until(/\? colour asks\n\s+Which colour has the shoe[\s\S]*Type a number:\s*$/);
    app.type("3\n");
    await app.until("Painted red, blue, blue.");
  });

  test("is a numbered list on a terminal that can only append", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "tool"], { env: { TERM: "dumb" } });
    await app.until("orch 0.");
    app.type("a.md b.md c.md\n");
    await app.until(
      /May editor run the tool edit_file\?[\s\S]*path {2}a\.md[\s\S]*1 yes, once[\s\S]*Type a number/,
    );
    app.type("9\n");
    await app.until("A number from 1 to 6, yes or no.");
    app.type("1\n");
    await app.until(/path {2}b\.md[\s\S]*Type a number/);
    // What a command says comes at once, and the question is again the last that was said.
    const puts = app.count("run the tool edit_file?");
    app.type("/keys\n");
    await app.until((it) => it.count("run the tool edit_file?") > puts);
    await app.until(/Type a number for edit_file[^\n]*$/);
    app.type("no, it is mine\n");
    await app.until(/path {2}c\.md[\s\S]*Type a number/);
    app.type('{"path":"d.md","old_string":"","new_string":""}\n');
    await app.until(/path {2}d\.md[\s\S]*Type a number/);
    app.type("yes\n");
    await app.until(/Told edited a\.md \/ The call was denied: it is mine \/ \[A person changed/);
    expect(await ran(box)).toBe("a.md\nd.md\n");
  });
});
