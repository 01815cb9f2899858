/** The program is ended from outside while any part of it has the terminal: the terminal is left as it was found. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMS } from "./support/asking-files.ts";
import { type BuiltCli, buildCli } from "./support/built-cli.ts";
import { sandbox } from "./support/sandbox.ts";
import type { TerminalApp } from "./support/terminal-app.ts";

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
});

const READY = "Ask, or / for commands";
/** A shell that tells what the program left behind. */
const SHELL =
  'node "$@"; printf "%s\\n" "code=$?"; stty -a; read -r word; printf "%s\\n" "read=$word"; read -r word';
const shows = (app: TerminalApp, text: string): Promise<void> =>
  app.until((it) => it.screen().includes(text));

/** Settings that are never there. */
const SLOW = {
  "orch.config.ts":
    'process.stdout.write("loading"); setInterval(() => {}, 1e9); await new Promise(() => {});',
};

/** What the user's own editor says of itself. */
const EDITOR = /pid=(\d+)\./;

/** Brings the program to a place; every one ends with something of its own on the screen. */
interface Place {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly go: (app: TerminalApp) => Promise<void>;
}

const form = async (app: TerminalApp): Promise<void> => {
  await app.until(READY);
  app.type("go\r");
  await shows(app, "y yes");
};
const approval = async (app: TerminalApp): Promise<void> => {
  await app.until(READY);
  app.type("a.md b.md\r");
  await shows(app, "y yes, once");
};

const PLACES: Readonly<Record<string, Place>> = {
  trust: { args: [], go: (app) => app.until(/y (to )?trust/) },
  "a hidden key": {
    go: async (app) => {
      await app.until(READY);
      app.type("/connect openai\r");
      await shows(app, "Which model?");
      app.type("\r");
      await shows(app, "What you type is not shown");
      app.type("sk-half");
      await shows(app, "*".repeat("sk-half".length));
    },
  },
  "a half-filled form": {
    args: ["--trust", "--orc", "form"],
    go: async (app) => {
      await form(app);
      app.type("y");
      await shows(app, "› copies");
      app.type("4");
    },
  },
  "what is asked about": {
    args: ["--trust", "--orc", "form"],
    go: async (app) => {
      await form(app);
      app.type("v");
      await shows(app, "v back");
    },
  },
  "the reason for a no": {
    args: ["--trust", "--orc", "tool"],
    go: async (app) => {
      await approval(app);
      app.type("w");
      await shows(app, "Why not?");
    },
  },
  "the run view": {
    args: ["--trust", "--orc", "form"],
    go: async (app) => {
      await form(app);
      app.type("\u0007");
      await shows(app, "q close");
    },
  },
  "a list of sessions": {
    go: async (app) => {
      await app.until(READY);
      app.type("hello\r");
      await app.until("Nothing to look up");
      await app.until((it) => it.screen().endsWith(" / commands"));
      app.type("/new\r/resume\r");
      await shows(app, "Enter takes");
    },
  },
  "an editor": {
    env: { VISUAL: "editor() { printf 'pid=%s.' $$; exec sleep 60; }; editor" },
    go: async (app) => {
      await app.until(READY);
      app.type("\u0018\u0005");
      await app.until(EDITOR);
    },
  },
};

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
}

const last = (app: TerminalApp, on: string, off: string): boolean =>
  app.raw.lastIndexOf(off) >= app.raw.lastIndexOf(on);

describe.concurrent("ended from outside", () => {
  test.each(Object.keys(PLACES).map((place, at) => [place, at % 2 === 0 ? "SIGTERM" : "SIGHUP"] as const))(
    "at %s by %s: the modes of the terminal are as before",
    async (name, signal) => {
      const { args = ["--trust"], env = {}, go } = PLACES[name]!;
      await using box = await sandbox(cli.file, FORMS);
      await using app = box.start(["-c", SHELL, "sh", cli.file, ...args], { program: "bash", env });
      await go(app);
      process.kill(childOf(app.pid), signal);
      await app.until(/code=\d+[\s\S]*-?icanon/);
      const screen = app.scrollback();
      expect(screen).toContain(`code=${signal === "SIGTERM" ? 143 : 129}`);
      expect(screen).toMatch(/^isig icanon/m);
      expect(screen).toMatch(/ echo /);
      expect(last(app, "\u001b[?25l", "\u001b[?25h"), "cursor").toBe(true);
      expect(last(app, "\u001b[?2004h", "\u001b[?2004l"), "bracketed paste").toBe(true);
      expect(last(app, "\u001b[?1049h", "\u001b[?1049l"), "alternate screen").toBe(true);
      expect(last(app, "\u001b[>1u", "\u001b[<u"), "kitty").toBe(true);
      const editor = EDITOR.exec(screen)?.[1];
      if (editor !== undefined)
        expect(existsSync(`/proc/${editor}`), "the editor is still there").toBe(false);
      // Whoever is next gets what is typed.
      app.type("mine\r");
      await app.until("read=mine");
    },
  );

  // A shell that keeps the signal to itself, as `nohup` and some multiplexers do.
  const untold = ["-c", `trap "" HUP; "$0" "$@"; exit $?`, process.execPath];
  test.each([
    ["trust", 129, PLACES["trust"]!],
    ["the start", 129, { files: SLOW, go: (app) => app.until("loading") }],
    ["the first paint", 129, { go: (app) => app.until(READY) }],
    // Where lines are read, it is the end of the input.
    ["trust, line by line", 0, { ...PLACES["trust"]!, env: { TERM: "dumb" } }],
  ] as [string, number, Place][])(
    "at %s by a terminal that is gone without a signal",
    async (...[, end, place]) => {
      const { args = ["--trust"], env = {}, files = FORMS, go } = place;
      await using box = await sandbox(cli.file, files);
      await using app = box.start([...untold, cli.file, ...args], { program: "sh", env });
      await go(app);
      app.hangUp();
      expect((await app.ended).code).toBe(end);
      expect(globSync(`${box.home}/**/crash-*`)).toEqual([]);
    },
  );

  test("by signals that come again and again: they do not cut its end short", async () => {
    await using box = await sandbox(cli.file, FORMS);
    await using app = box.start(["--trust", "--orc", "form"], { asProcess: true });
    await form(app);
    const again = setInterval(() => app.signal("SIGHUP"), 1);
    const { code } = await app.ended.finally(() => clearInterval(again));
    expect(code).toBe(129);
  });
});
