/** Esc, Ctrl-C, a closed terminal and kill -9 at each place of the program where something else than the input has the keys. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thorough } from "../../../scripts/lanes.ts";
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
const shows = (app: TerminalApp, text: string | RegExp): Promise<void> =>
  app.until((it) => (typeof text === "string" ? it.screen().includes(text) : text.test(it.screen())));
/** The message of each place that needs no run; it is answered once. */
const HELLO = "Nothing to look up";

/** Where the keys go elsewhere: how one comes there, and what is there after each way out. */
interface Place {
  readonly orc?: string;
  /** There is a conversation before. */
  readonly hello?: true;
  readonly go: (app: TerminalApp) => Promise<void>;
  readonly esc: string | RegExp;
  readonly interrupt: string | RegExp;
  /** After Esc the same thing is still open under it. */
  readonly back?: (app: TerminalApp) => Promise<void>;
  /** What `orch -c` says. */
  readonly after: string | RegExp;
  /** What is there then, after Enter where something goes on. */
  readonly next?: { readonly type: string; readonly shows: string | RegExp };
}

const STOPPED = "stays apart from the conversation";
const GOES_ON = { type: "\r", shows: "y yes" };
const ASKED = "↻ stopped in approve, 1 question open. Enter goes on";

async function form(app: TerminalApp): Promise<void> {
  app.type("go\r");
  await shows(app, "y yes");
}
const IDLE = /› Ask, or \/ for commands\n.*\/ commands$/;

const PLACES: Readonly<Record<string, Place>> = {
  "a half-filled form": {
    orc: "form",
    go: async (app) => {
      await form(app);
      app.type("y");
      await shows(app, "› copies");
      app.type("4");
    },
    ...{ esc: "1 question waits; Enter", interrupt: STOPPED, after: ASKED, next: GOES_ON },
    back: async (app) => {
      app.type("\r");
      await shows(app, "› copies");
    },
  },
  "a tool that asks": {
    orc: "tool",
    go: async (app) => {
      app.type("a.md b.md\r");
      await shows(app, "y yes, once");
    },
    ...{
      esc: /\d questions? waits?; Enter/,
      interrupt: STOPPED,
      after: /questions? open\. Enter goes on/,
      next: GOES_ON,
    },
    back: async (app) => {
      app.type("\r");
      await shows(app, "y yes, once");
    },
  },
  "the view of a run": {
    orc: "form",
    go: async (app) => {
      if (!app.screen().includes("y yes")) await form(app);
      // It is opened again as soon as it is closed.
      for (let times = 0; times < 3; times++) {
        app.type("\u0007");
        await shows(app, "q close");
        if (times === 2) break;
        app.type("q");
        await shows(app, "y yes");
      }
    },
    ...{ esc: "y yes", interrupt: "y yes", after: ASKED, next: GOES_ON },
  },
  "a run in the background": {
    orc: "form",
    go: async (app) => {
      const before = app.count("goes on in the background");
      await form(app);
      app.type("/bg\r");
      await app.until((it) => it.count("goes on in the background") > before);
      await shows(app, IDLE);
    },
    ...{ esc: /in the background, ⏸ \d │/, interrupt: "Ctrl-C again to quit" },
    after: /Left in the background: “go”, 1 open/,
    next: { type: "/fg 1\r", shows: "y yes" },
  },
  "the list of conversations": {
    hello: true,
    go: async (app) => {
      app.type("/new\r");
      await shows(app, IDLE);
      app.type("/resume\r");
      await shows(app, "Enter takes");
    },
    ...{ esc: IDLE, interrupt: IDLE, after: HELLO },
  },
  "the popup of commands": {
    hello: true,
    go: async (app) => {
      app.type("/mo");
      await shows(app, /\/model .*\n/);
    },
    ...{ esc: /› \/mo\n research/, interrupt: IDLE, after: HELLO },
    back: async (app) => {
      app.type("\u0015");
      await shows(app, IDLE);
      app.type("/mo");
      await shows(app, /\/model .*\n/);
    },
  },
  "the key of /connect": {
    hello: true,
    go: async (app) => {
      app.type("/connect openai\r");
      await shows(app, "› Enter answers, Esc leaves");
      app.type("\r");
      await shows(app, "› What you type is not shown");
      app.type("sk-half");
      await shows(app, "*******");
    },
    ...{ esc: /Nothing was kept\.\n+› Ask/, interrupt: /Nothing was kept\.\n+› Ask/, after: HELLO },
  },
  "vim keys": {
    hello: true,
    go: async (app) => {
      if (!app.screen().includes("INSERT")) app.type("/vim on\r");
      await shows(app, /› Ask.*\n INSERT/);
      app.type("half a draft");
      await shows(app, "› half a draft");
    },
    ...{ esc: /› half a draft\n NORMAL/, interrupt: /› Ask.*\n INSERT/, after: HELLO },
    back: async (app) => {
      app.type("\u0003");
      await shows(app, /› Ask.*\n NORMAL/);
      app.type("ihalf a draft");
      await shows(app, /› half a draft\n INSERT/);
    },
    next: { type: "x", shows: "INSERT" },
  },
  "the search of what was sent": {
    hello: true,
    go: async (app) => {
      app.type("\u0012");
      await shows(app, "searching what was sent");
      app.type("hel");
      await shows(app, "› hel");
    },
    ...{ esc: /› hel\n research/, interrupt: /› hel\n research/, after: HELLO },
    back: async (app) => {
      app.type("\u0015");
      await shows(app, IDLE);
      app.type("\u0012hel");
      await shows(app, "searching what was sent");
    },
  },
};

const ENDS = ["a closed terminal", "kill -9"] as const;
const ROWS = Object.keys(PLACES).flatMap((place) => ENDS.map((end) => [place, end] as const));
/** What lane `test` shows too. */
const FEW: readonly (readonly string[])[] = [
  ["the view of a run", "a closed terminal"],
  ["a tool that asks", "kill -9"],
];
const isRun = ([place, end]: readonly [string, string]): boolean =>
  thorough || FEW.some((row) => row[0] === place && row[1] === end);

async function through(place: Place, box: Sandbox, end: (typeof ENDS)[number]): Promise<void> {
  const orc = place.orc === undefined ? [] : ["--orc", place.orc];
  await using app = box.start(["--trust", ...orc], { columns: 120, rows: 30, asProcess: true });
  await app.until(READY);
  if (place.hello) {
    app.type("hello\r");
    await app.until(HELLO);
    await shows(app, IDLE);
  }
  await place.go(app);
  app.type("\u001b");
  await shows(app, place.esc);
  await (place.back ?? place.go)(app);
  // One more Ctrl-C would end the program: the first says so, or leaves what has the keys.
  app.type("\u0003");
  await shows(app, place.interrupt);
  await place.go(app);
  if (end === "kill -9") app.signal("SIGKILL");
  else app.hangUp();
  const { code } = await app.ended;
  if (end !== "kill -9") expect(code).toBe(129);
  expect(app.fullClears()).toBe(0);
}

describe.concurrent("Esc and Ctrl-C leave it and nothing else, and orch -c goes on after an end", () => {
  test.each(ROWS.filter(isRun))("T07: at %s, ended by %s", async (name, end) => {
    const place = PLACES[name]!;
    await using box = await sandbox(cli.file, FORMS);
    await through(place, box, end);
    expect(existsSync(join(box.folder, "ran"))).toBe(false);
    const texts = globSync(`${box.home}/**/*`, { withFileTypes: true }).flatMap((file) =>
      file.isFile() ? [readFileSync(join(file.parentPath, file.name), "latin1")] : [],
    );
    expect(texts.filter((text) => text.includes("sk-half"))).toEqual([]);
    await using app = box.start(["--trust", "-c"], { columns: 120, rows: 30, asProcess: true });
    await app.until(READY);
    await app.until(place.after);
    await shows(app, IDLE);
    if (place.hello) expect(app.count("› hello")).toBe(1);
    if (place.next !== undefined) {
      app.type(place.next.type);
      await shows(app, place.next.shows);
    }
  });

  test.runIf(thorough).each(ENDS)(
    "T01: at the question of trust, ended by %s: it is asked again, and nothing ran",
    async (end) => {
      await using box = await sandbox(cli.file, FORMS);
      {
        await using app = box.start([], { columns: 120 });
        await app.until("y trust");
        if (end === "kill -9") app.signal("SIGKILL");
        else app.hangUp();
        const { code } = await app.ended;
        if (end !== "kill -9") expect(code).toBe(129);
      }
      await using app = box.start([], { columns: 120 });
      await app.until("y trust");
      app.type("\u001b");
      await app.until("Not now");
      await app.until(READY);
      app.type("\u0003\u0003");
      expect((await app.ended).code).toBe(0);
      expect(existsSync(join(box.folder, "ran"))).toBe(false);
      expect(existsSync(join(box.home, ".local/state/orch/trust.json"))).toBe(false);
    },
  );
});
