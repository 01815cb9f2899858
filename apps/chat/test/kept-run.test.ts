/** Runs that outlive the program, on a pseudo-terminal: killed, ended by a signal, left, and gone on with. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
const idle = (app: TerminalApp): boolean => app.screen().endsWith(" / commands");

const ARGS = ["--trust", "--orc", "lanes"];
const CLOSED = "a closed terminal";
const UNTOLD = "a closed terminal that no signal tells of";

async function ran(box: Sandbox): Promise<string> {
  return (await readFile(join(box.folder, "ran"), "utf8")).trim().split("\n").toSorted().join(" ");
}

/** Starts a run and waits until two of its lanes are done and the third hangs. */
async function untilHanging(box: Sandbox, how = ""): Promise<TerminalApp> {
  // A shell that keeps the signal of a closed terminal to itself.
  const shell = ["-c", `trap "" HUP; "$0" "$@"; exit $?`, process.execPath, cli.file, ...ARGS];
  const app =
    how === UNTOLD ? box.start(shell, { program: "sh" }) : box.start(ARGS, { asProcess: how !== "" });
  await app.until(READY);
  app.type("a b c\r");
  await app.until("What c found so far.");
  await app.until(/workAll.*2/);
  return app;
}

describe.concurrent("a run in the chat", () => {
  test.each([
    ["SIGKILL", undefined],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    [CLOSED, 129],
    [UNTOLD, 129],
    ["/quit", 0],
  ] as const)("T07: outlives %s, shows where it stopped, and goes on at Enter", async (how, code) => {
    await using box = await sandbox(cli.file, LANES);
    {
      await using app = await untilHanging(box, how);
      if (how === "/quit") app.type("/quit\r");
      else if (how === CLOSED || how === UNTOLD) app.hangUp();
      else app.signal(how);
      const ended = await app.ended;
      if (code !== undefined) {
        expect(ended.code).toBe(code);
        expect(app.scrollback()).toContain("What c found so far.");
      }
    }
    expect(await ran(box)).toBe("a b c plan");
    await using app = box.start(["--trust", "-c"]);
    await app.until("↻ stopped in workAll, 2 of 3 done. Enter goes on, /undo drops the message.");
    await app.until(idle);
    // Nothing is done before Enter.
    expect(await ran(box)).toBe("a b c plan");
    if (code !== undefined) {
      expect(app.count("What c found so far.")).toBe(1);
      expect(app.scrollback()).toMatch(/What c found so far\.\n+⊘ cut here/);
    }
    expect(app.count("› a b c")).toBe(1);
    await writeFile(join(box.folder, "go"), "");
    app.type("\r");
    await app.until("Publish ABC?");
    await app.until("Type an answer");
    app.type("yes\r");
    await app.until("It is published.");
    await app.until(idle);
    expect(await ran(box)).toBe("a b c c plan");
    expect(app.count("› a b c")).toBe(1);
  });

  test("T07: keeps a question that was open when it was killed", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    {
      await using app = box.start(ARGS, { asProcess: true });
      await app.until(READY);
      app.type("a b\r");
      await app.until("Publish AB?");
      app.signal("SIGKILL");
      await app.ended;
    }
    await using app = box.start(["--trust", "-c"]);
    await app.until("↻ stopped in approve, 1 question open. Enter goes on");
    app.type("\r");
    await app.until("Publish AB?");
    await app.until("Type an answer");
    app.type("no\r");
    await app.until("It stays here.");
    expect(await ran(box)).toBe("a b plan");
  });

  test("T07: puts a question on the terminal that nobody could answer without one", async () => {
    await using box = await sandbox(cli.file, { ...LANES, go: "" });
    {
      await using app = box.start([...ARGS, "-p", "a b"]);
      expect((await app.ended).code).toBe(20);
    }
    await using app = box.start(["--trust", "-c"]);
    await app.until("↻ stopped in approve, 1 question open. Enter goes on");
    app.type("\r");
    await app.until("Publish AB?");
    await app.until("Type an answer");
    app.type("yes\r");
    await app.until("It is published.");
    expect(await ran(box)).toBe("a b plan");
  });

  test("T07: ends a run for good that was dropped", async () => {
    await using box = await sandbox(cli.file, LANES);
    {
      await using app = await untilHanging(box);
      app.type("/quit\r");
      await app.ended;
    }
    await using app = box.start(["--trust", "-c"]);
    await app.until("Enter goes on");
    await app.until(idle);
    app.type("/undo\r");
    await app.until("Dropped: the conversation goes on without it.");
    app.type("\r");
    app.type("/quit\r");
    await app.ended;
    const { sqliteHost } = await import("@orch/sqlite");
    const host = sqliteHost(join(box.home, ".local/state/orch/sessions.db"));
    expect(await host.list()).toMatchObject([{ orchestration: "lanes", status: "cancelled" }]);
    await host.close();
    expect(await ran(box)).toBe("a b c plan");
  });

  test("T07: shows after kill -9 what an agent had said a second before, marked as cut", async () => {
    await using model = await heldModel("The first half. And the second half.", "first half.");
    await using box = await sandbox(cli.file, model.files);
    {
      await using app = box.start(model.args, { asProcess: true });
      await app.until(READY);
      app.type("tell me\r");
      await app.until("The first half.");
      await keptDraft(box);
      app.signal("SIGKILL");
      await app.ended;
    }
    await using app = box.start([...model.args, "-c"]);
    await app.until(/The first half\.\n+⊘ cut here: the program ended in the middle of the answer/);
    await app.until("↻ stopped in chat. Enter goes on");
    model.release();
    app.type("\r");
    await app.until("And the second half.");
    await app.until(idle);
    expect(app.count("› tell me")).toBe(1);
  });
});

/** Resolves when the session has a draft of the answer. */
async function keptDraft(box: Sandbox): Promise<void> {
  const { sqliteSessions } = await import("@orch/sqlite/sessions");
  const file = join(box.home, ".local/state/orch/sessions.db");
  for (;;) {
    const store = sqliteSessions({ file });
    const [summary] = await store.list();
    const session = await store.load(summary!.id);
    await store.close();
    if (session!.turns[0]!.messages.length > 1) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
