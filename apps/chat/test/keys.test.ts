/** Keys, as a terminal sends them to the real program. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { DOCUMENTS, type Sandbox, sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

/** Nothing runs, and the last frame says so. */
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");
const READY = "Ask, or / for commands";

describe.concurrent("the keys of the chat on a terminal", () => {
  test("T12: Enter sends what stands there while the popup offers something else", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("/model openai/gpt-5");
    await app.until("openai/gpt-5.4-mini");
    app.type("\r");
    await app.until("needs an API key");
    expect(app.scrollback()).toMatch(/^› \/model openai\/gpt-5$/m);
  });

  test("T12: Shift+Tab goes back in the popup of arguments and of files, in both ways a terminal sends it", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("/orc ");
    await app.until((it) => it.screen().includes("hands you over"));
    const [old, kitty] = ["\u001b[Z", "\u001b[9;2u"];
    app.type(`${old}\t`);
    await app.until(/^› \/orc review$/m);
    app.type("\u0015/orc ");
    await app.until((it) => it.screen().includes("hands you over"));
    // Twice back, and Enter puts it there: nothing is sent.
    app.type(`${kitty}${old}\r`);
    await app.until(/^› \/orc triage$/m);
    app.type("\u0015read @docs/");
    await app.until((it) => it.screen().includes("docs/lamp.md"));
    app.type(`${kitty}\t`);
    await app.until(/^› read @docs\/journal\.md/m);
    // Where nothing is offered it is no letter.
    app.type(`\u0015${old}${kitty}ab${old}c`);
    await app.until(/^› abc$/m);
    expect(app.scrollback()).not.toContain("answers from now on");
  });

  test("T12: Shift+Tab goes back among the questions that wait", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "lanes"]);
    await app.until(READY);
    app.type("hat coat shoe\r");
    await app.until((it) => it.screen().includes("1 of 3") && it.screen().includes("Tab next"));
    app.type("\u001b[Z");
    await app.until(
      (it) => it.screen().includes("colour (lane 3) asks  3 of 3") && it.screen().includes("Tab next"),
    );
    app.type("\u001b[Z");
    await app.until(
      (it) => it.screen().includes("colour (lane 2) asks  2 of 3") && it.screen().includes("Tab next"),
    );
    app.type("3");
    await app.until("coat");
    await app.until((it) => it.screen().includes("of 2") && it.screen().includes("Tab next"));
    expect(app.scrollback()).toMatch(/Which colour has the coat\?\s+› blue/);
  });

  test("T13: control keys that arrive in one chunk are keys", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("hello world foo");
    await app.until("› hello world foo");
    app.type("\u0017\u0017");
    await app.until(/^› hello$/m);
    app.type("\u0015a\u0001b");
    await app.until(/^› ba$/m);
    // Each Enter is one, in whatever chunk it comes.
    app.type("\u0015/help\r/orc\r");
    await app.until("/orc <name> chooses.");
  });

  test("T14: Up puts the cursor behind the recalled text", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("/orc\r");
    await app.until("/orc <name> chooses.");
    app.type("\u001b[AX");
    await app.until(/^› \/orcX$/m);
  });

  test("T15: killed text is yanked, and a draft that Ctrl-C cleared comes back with Ctrl-_", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("hello brave new world\u001bb\u001bb\u000b");
    await app.until(/^› hello brave$/m);
    app.type("\u0019");
    await app.until(/^› hello brave new world$/m);
    app.type("\u0015");
    await app.until(READY);
    app.type("\u0019!");
    await app.until(/^› hello brave new world!$/m);
    app.type("\u0003");
    await app.until(READY);
    app.type("\u001f");
    await app.until(/^› hello brave new world!$/m);
  });

  /** A shell with job control, with the program started in it. */
  async function inShell(box: Sandbox): Promise<{ readonly app: TerminalApp; readonly pid: number }> {
    const app = box.start(["--norc", "--noprofile", "-i"], { program: "bash", env: { PS1: "shell> " } });
    await app.until("shell>");
    // The program's process takes the place of a shell's, which tells its number first.
    app.type(`sh -c 'echo "pid $$."; exec "$0" "$@"' '${process.execPath}' '${cli.file}'\r`);
    await app.until(READY);
    return { app, pid: Number(/pid (\d+)\./.exec(app.scrollback())?.[1]) };
  }

  test.each(thorough ? ["Ctrl-Z", "SIGTSTP", "SIGSTOP"] : ["Ctrl-Z"])("T16: %s and fg", async (how) => {
    await using box = await sandbox(cli.file);
    const { app, pid } = await inShell(box);
    await using _ = app;
    let draft = "";
    for (const more of ["draft text", " and more"]) {
      app.type(more);
      draft += more;
      await app.until((it) => it.screen().includes(`› ${draft}\n`));
      const before = app.raw.length;
      if (how === "Ctrl-Z") app.type("\u001a");
      else process.kill(pid, how);
      await app.until(() => /Stopped.*shell> [^ ]*$/s.test(app.raw.slice(before)));
      if (how !== "SIGSTOP") expect(app.raw.slice(before)).toMatch(/\?2004l.*Stopped/s);
      // The terminal is the shell's: it edits its own line, and Enter is heard.
      app.type("echo $((40 + 2))\r");
      await app.until("42");
      app.type("fg\r");
      await app.until((it) => it.screen().endsWith(" / commands") && it.screen().includes(`› ${draft}\n`));
      expect(app.raw.slice(before)).toMatch(/Stopped.*\?2004h.*draft/s);
    }
    app.type("\u0015/orc\r");
    await app.until("/orc <name> chooses.");
    app.type("\u0004");
    await app.until((it) => it.screen().endsWith("shell>"));
    app.type("exit\r");
    await app.ended;
  });

  test("T17: what is typed before the first paint is sent, whenever it comes", async () => {
    await using box = await sandbox(cli.file);
    await Promise.all(
      (thorough ? [0, 50, 150, 300] : [0, 150]).map(async (delay) => {
        await using app = box.start(["--no-session"]);
        // How long after the start is what this is about.
        await new Promise((resolve) => setTimeout(resolve, delay));
        app.type("/orc\rearly bird");
        await app.until("/orc <name> chooses.");
        await app.until(/^› early bird$/m);
        app.type("\u0015");
        await app.until(READY);
        app.type("\u0004");
        expect((await app.ended).code).toBe(0);
        expect(app.raw.lastIndexOf("\u001b[?2004l")).toBeGreaterThan(app.raw.lastIndexOf("\u001b[?2004h"));
      }),
    );
  });

  test("T17: Ctrl-C ends a start that hangs, and a start that fails gives the terminal back", async () => {
    await using box = await sandbox(cli.file, {
      "orch.config.ts": "await new Promise((resolve) => setTimeout(resolve, 1e9));\n",
    });
    {
      await using app = box.start(["--trust"], { asProcess: true });
      await app.until(() => app.raw.includes("\u001b[?2004h"));
      app.type("hel\u0003");
      expect((await app.ended).signal).toBe(2);
      expect(app.raw).toContain("\u001b[?2004l");
    }
    await using app = box.start(["--bogus"]);
    await app.until("--bogus");
    expect((await app.ended).code).toBe(2);
    expect(app.raw.indexOf("\u001b[?2004l")).toBeLessThan(app.raw.indexOf("--bogus"));
  });

  test("T19: Ctrl-R searches what was sent before", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start();
    await app.until(READY);
    app.type("/orc\r");
    await app.until("/orc <name> chooses.");
    app.type("/graph\r");
    await app.until("searchAll");
    app.type("\u0012");
    await app.until(/› \/graph *\n {2}\/orc *\n searching what was sent/);
    app.type("or");
    await app.until(/› or\n› \/orc *\n searching/);
    app.type("\r");
    await app.until(idle);
    expect(app.screen()).toMatch(/^› \/orc$/m);
    app.type("\r");
    await app.until((it) => it.count("/orc <name> chooses.") === 2);
  });

  test("T19: Ctrl-X Ctrl-E opens the user's editor with the draft, and takes what it saves", async () => {
    await using box = await sandbox(cli.file, {
      "editor.sh":
        'printf "the editor has: "; cat "$2"; read -r line; printf "%s\\n" "$line" >> "$2"; exit $1\n',
    });
    await using app = box.start([], {
      env: { VISUAL: `sh ${join(box.folder, "editor.sh")} 0` },
      asProcess: true,
    });
    await app.until(READY);
    app.type("a draft\u0018");
    await app.until("Ctrl-E opens your editor");
    for (const round of [1, 2]) {
      app.type(round === 1 ? "\u0005" : "\u0018\u0005");
      await app.until((it) => it.count("the editor has: a draft") === round);
      // Each key reaches the editor, and Ctrl-C does not reach the chat.
      for (const key of `line ${round}, written outside`) app.type(key);
      await app.until(`line ${round}, written outside`);
      app.type("\r");
      await app.until((it) => it.screen().includes(`  line ${round}, written outside\n`) && idle(it));
    }
    expect(app.screen()).toContain("› a draft\n  line 1, written outside\n  line 2, written outside\n");
    app.type(" and more");
    await app.until("outside and more");
    app.type("\u001f".repeat(4));
    await app.until((it) => idle(it) && !it.screen().includes("  line 2"));
  });

  test("T19: what is said while the editor is open is shown once, afterwards", async () => {
    await using model = await heldModel(
      "# The heading\n\nSome more of it.\n\nThe end of it.\n",
      "# The heading\n\n",
    );
    await using box = await sandbox(cli.file, {
      ...model.files,
      "editor.sh": "echo the editor is open; read -r line\n",
    });
    await using app = box.start(model.args, {
      env: { VISUAL: `sh ${join(box.folder, "editor.sh")}` },
      asProcess: true,
    });
    await app.until(READY);
    app.type("first\r");
    await app.until("The heading");
    app.type("\u0018\u0005");
    await app.until("the editor is open");
    const before = app.bytes;
    // Heard by the chat only after the editor, and by then the model has said all.
    model.release();
    await model.served;
    expect(app.bytes).toBe(before);
    app.type("\r");
    await app.until("The end of it.");
    await app.until(idle);
    for (const line of ["The heading", "Some more of it.", "The end of it."]) expect(app.count(line)).toBe(1);
  });

  test.runIf(thorough)("T19: an editor that fails leaves the draft as it was", async () => {
    await using box = await sandbox(cli.file);
    await using app = box.start([], {
      env: { VISUAL: "", EDITOR: "no-such-editor --wait" },
      asProcess: true,
    });
    await app.until(READY);
    app.type("a draft\u0018\u0005");
    await app.until('The editor "no-such-editor --wait" ended with code 127');
    await app.until(/^› a draft$/m);
    app.type("!");
    await app.until(/^› a draft!$/m);
  });

  test("T19: @ completes the names of files that git knows and does not ignore", async () => {
    await using box = await sandbox(cli.file, {
      ...DOCUMENTS,
      ".gitignore": "lamp-build/\n",
      "lamp-build/lamp.md": "# Built\n",
      "trap.sh": "touch trapped\n",
    });
    execFileSync("git", ["init", "-q"], { cwd: box.folder });
    execFileSync("git", ["config", "core.fsmonitor", `sh ${join(box.folder, "trap.sh")}`], {
      cwd: box.folder,
    });
    await using app = box.start();
    await app.until(READY);
    app.type("look at @");
    await app.until("docs/journal.md");
    app.type("lam");
    await app.until((it) => !it.screen().includes("docs/journal.md"));
    expect(app.screen()).toContain("docs/lamp.md");
    expect(app.screen()).not.toContain("lamp-build");
    app.type("\t");
    await app.until(/^› look at @docs\/lamp\.md$/m);
    app.type("and");
    await app.until(/^› look at @docs\/lamp\.md and$/m);
    expect(existsSync(join(box.folder, "trapped"))).toBe(false);
  });

  test("T18: what is queued stays items when a run is stopped, and commands stay commands", async () => {
    await using model = await heldModel("The answer is long.\n\nSome more of it.", "The answer is long.\n\n");
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("first\r");
    await app.until("The answer is long.");
    const items = ["hello A", "hello B", "/model local/extractive", "/orc research", "/new"];
    for (const item of items) app.type(`${item}\r`);
    await app.until("⧗ 2 more");
    expect(app.screen()).toMatch(/⧗ hello A\n⧗ hello B\n⧗ \/model local\/extractive\n⧗ 2 more\n/);
    // What waits is listed, changed and taken out by its number.
    app.type("wrong\r/queue\r");
    await app.until(/^2\. hello B\n3\. \/model/m);
    app.type("/queue drop 6\r/queue edit 1\r");
    await app.until((it) => it.screen().includes("Dropped: wrong") && it.screen().includes("› hello A"));
    app.type("\u0015");
    await app.until((it) => !it.screen().includes("› hello A"));
    app.type("/queue edit 1\r");
    await app.until("› hello B");
    app.type("\u0015/queue drop all\r");
    await app.until("Nothing waits any more.");
    for (const item of items) app.type(`${item}\r`);
    await app.until("⧗ 2 more");
    app.type("\u001b");
    await app.until("Esc again to stop");
    app.type("\u001b");
    await app.until("Enter sends what is queued");
    expect(app.screen()).toMatch(/⧗ hello A\n⧗ hello B\n/);
    model.release();
    app.type("\r");
    await app.until("A new conversation.");
    const told = items.map((item) => app.scrollback().lastIndexOf(`› ${item}\n`));
    expect(told).not.toContain(-1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });
});
