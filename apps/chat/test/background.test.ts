/** Runs in the background, and runs that are tried again from a state on, in the real program on a pseudo-terminal. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { LANES } from "./support/lanes-files.ts";
import { type Sandbox, sandbox } from "./support/sandbox.ts";
import { heldModel } from "./support/slow-model.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
const ARGS = ["--trust", "--orc", "lanes"];
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");

/** Whether what is asked takes keys already: before that they are not for it. */
const hears = (app: TerminalApp): boolean => app.screen().includes("Type an answer");

async function ran(box: Sandbox): Promise<string> {
  return (await readFile(join(box.folder, "ran"), "utf8")).trim().split("\n").join(" ");
}

describe.concurrent("a run in the background", () => {
  test("asks in a line, is answered there, and its answer is a block in its place", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    await using app = box.start(ARGS);
    await app.until(READY);
    app.type("/bg\r");
    await app.until("Nothing is being answered that could go on in the background.");
    app.type("a b\r");
    await app.until(hears);
    app.type("/bg\r");
    await app.until("↻ “a b” goes on in the background: /fg 1 brings it back.");
    await app.until("⏸ In the background “a b” asks: Publish AB? /answer 1 <value>, or /fg 1");
    await app.until((it) => idle(it) && it.screen().includes("1 in the background, ⏸ 1"));
    app.type("/fg\r");
    // What it asks stands in the panel, and nowhere else.
    await app.until((it) => it.screen().includes("▌ Publish AB?") && hears(it));
    expect(app.count("⏸ Publish AB?")).toBe(0);
    expect(app.screen().split("Publish AB?").length - 1).toBe(2);
    app.type("/bg\r");
    await app.until((it) => it.count("In the background “a b” asks") === 2 && idle(it));
    app.type("c d\r");
    await app.until((it) => it.screen().includes("Publish CD?") && hears(it));
    app.type("/answer 1 maybe\r");
    await app.until("say yes or no");
    app.type("/answer 1 yes\r");
    await app.until("● In the background “a b” has its answer. It is shown below this answer.");
    expect(app.scrollback()).not.toContain("It is published.");
    app.type("no\r");
    await app.until(/It stays here\.\n[\s\S]*› a b\n[\s\S]*It is published\./);
    await app.until(idle);
    expect(app.screen()).not.toContain("in the background,");
    app.type("/quit\r");
    await app.ended;
    await using again = box.start(["--trust", "-c"]);
    // In the conversation it stands where it was asked.
    await again.until(/› a b\n+It is published\.\n+› c d\n+It stays here\./);
  });

  test("asks several things at once, and each is answered by its number or its id", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "lanes"], { columns: 120 });
    await app.until(READY);
    app.type("/answer\r");
    await app.until("! No question waits for an answer.");
    app.type("hat coat shoe boot\r");
    await app.until((it) => it.screen().includes("colour (lane 1) asks") && it.screen().includes("Tab next"));
    app.type("/bg\r");
    await app.until("asks: Which colour has the hat? /answer 1 <value>, or /fg 1");
    await app.until("asks: Which colour has the shoe? /answer 3 <value>, or /fg 1");
    await app.until("“hat coat shoe boot” asks 1 more: /answer lists them.");
    await app.until(idle);
    app.type("/answer\r");
    await app.until("/answer <number or id> <value> answers one of them.");
    const [, id] = /⏸ 4 {2}(\w{4}) {2}“hat coat shoe boot”, colour \(lane 4\): Which/.exec(app.scrollback())!;
    expect(app.scrollback()).toContain('Takes one of "red", "green", "blue".');
    app.type("/answer red\r");
    await app.until("! Say which question it is for.");
    app.type("/answer 9 red\r");
    await app.until("! No question 9 waits.");
    app.type("/answer 2\r");
    await app.until('! No answer was given: /answer 2 <value> takes one of "red", "green", "blue".');
    app.type("/answer 2 green\r");
    await app.until("● Question 2 is answered: green");
    app.type("/answer 2 red\r");
    await app.until(
      "! Question 2 does not wait here any more: it was answered, closed, or left with its run (orch inbox).",
    );
    app.type(`/answer ${id} blue\r`);
    await app.until("● Question 4 is answered: blue");
    app.type("/answer 3 red\r");
    await app.until("● Question 3 is answered: red");
    // A number never turns into an answer for the one that is left.
    app.type("/answer 3 red\r");
    await app.until((it) => it.count("does not wait here any more") === 2);
    app.type("/answer blue\r");
    await app.until("Painted blue, green, red, blue.");
    // What is left with its run waits on, and not here.
    app.type("hat coat\r");
    await app.until((it) => it.screen().includes("colour (lane 1) asks") && it.screen().includes("Tab next"));
    app.type("/bg\r");
    await app.until("Which colour has the coat? /answer 6 <value>, or /fg 1");
    app.type("/new\r");
    await app.until("“hat coat” is left in the background; its run is kept.");
    app.type("/answer 5 red\r");
    await app.until("! Question 5 does not wait here any more");
    expect((await box.run(["inbox"])).stdout).toContain("Which colour has the hat?");
  });

  test("comes back, is kept when the program ends, and is gone on with", async () => {
    await using box = await sandbox(cli.file, LANES);
    {
      await using app = box.start(ARGS);
      await app.until(READY);
      app.type("a c\r");
      await app.until("What c found so far.");
      app.type("/bg\r");
      await app.until((it) => idle(it) && it.screen().includes("1 in the background"));
      app.type("/fg 7\r");
      await app.until("! In the background there are 1.");
      app.type("/fg\r");
      await app.until((it) => it.screen().includes("Esc Esc stops") && it.count("› a c") === 2);
      app.type("/bg\r");
      await app.until((it) => it.count("goes on in the background") === 2);
      await writeFile(join(box.folder, "go"), "");
      app.type("b\r");
      await app.until((it) => it.screen().includes("Publish B?") && hears(it));
      app.type("yes\r");
      await app.until("It is published.");
      await app.until(idle);
      app.type("/quit\r");
      expect((await app.ended).code).toBe(0);
      expect(app.scrollback()).toContain("⊘ “a c” is left in the background; its run is kept.");
    }
    expect((await box.run(["runs"])).stdout).toMatch(/^\w{4} {2}left in workAll {2}now {2}lanes .*: a c\n$/);
    await using app = box.start(["--trust", "-c"], { asProcess: true });
    await app.until("↻ Left in the background: “a c”. /fg 1 goes on with it.");
    await app.until(idle);
    app.type("/fg\r");
    await app.until("Publish AC?");
    await app.until(hears);
    app.signal("SIGKILL");
    await app.ended;
    await using last = box.start([...ARGS, "-c"]);
    await last.until("↻ Left in the background: “a c”, 1 open. /fg 1 goes on with it.");
    const [name] = (await box.run(["inbox"])).stdout.split(" ");
    expect((await box.run(["answer", name!, "no"])).code).toBe(0);
    last.type("/fg 1\r");
    await last.until("It stays here.");
    expect(await ran(box)).toBe("plan a c plan b c");
  });

  test("ends with the program where nothing is kept, and nothing else is said", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    await using app = box.start([...ARGS, "--no-session"]);
    await app.until(READY);
    app.type("a b\r");
    await app.until(hears);
    app.type("/bg\r");
    await app.until((it) => idle(it) && it.screen().includes("1 in the background, ⏸ 1"));
    app.type("/quit\r");
    expect((await app.ended).code).toBe(0);
    expect(app.scrollback()).toContain("⊘ “a b” stopped: with --no-session a run ends with the program");
    expect(app.scrollback()).not.toContain("Start with -c");
    expect((await box.run(["runs", "--all"])).stdout).toBe("This folder has no runs yet.\n");
  });

  test("does not write into another answer", async () => {
    await using model = await heldModel("The first half. And the second half.", "first half.");
    await using box = await sandbox(cli.file, model.files);
    await using app = box.start(model.args);
    await app.until(READY);
    app.type("one\r");
    await app.until("The first half.");
    app.type("/bg\r");
    await app.until("goes on in the background");
    app.type("two\r");
    await app.until(/› two\n+The first half\./);
    model.release();
    await app.until((it) => it.count("And the second half.") === 2 && idle(it));
    expect(app.scrollback()).toMatch(/› two\n(?:(?!› one)[\s\S])*› one\n/);
  });

  test("/retry STATE runs the last turn again from that state on, and names the states there are", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    await using app = box.start(ARGS);
    await app.until(READY);
    app.type("/retry approve\r");
    await app.until("No run is kept here yet.");
    app.type("a b\r");
    await app.until(hears);
    app.type("no\r");
    await app.until("It stays here.");
    await app.until(idle);
    app.type("/retry aprove\r");
    await app.until("The last run has no state aprove. Did you mean approve?");
    await app.until(idle);
    app.type("/retry approve\r");
    await app.until("forked: approve#1 runs again");
    await app.until(hears);
    app.type("yes\r");
    await app.until("It is published.");
    await app.until(idle);
    expect(await ran(box)).toBe("plan a b");
  });
});
